"""Two who review at once: each sees the other, and what the other decided, without loading the page again."""

from typing import Any

from django.core.cache import cache

from apps.intake.actions import claim, reject
from apps.intake.models import Proposal
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT
from tests.pages import text_of


def now(desk: Desk, who: str, pk: int, **query: Any) -> Any:
    return desk.get("article_now", who=who, query=query, pk=pk).json()


def test_whoever_has_the_page_open_is_seen_until_it_stops_asking(desk: Desk) -> None:
    article = make.article(desk.campaign)
    press = desk.cast["press"].name
    assert now(desk, "press", article.pk)["others"] == ""
    assert now(desk, "owner", article.pk)["others"] == f"{press} is reviewing this text, too."
    assert now(desk, "advocacy", article.pk)["others"].endswith(" are reviewing this text, too.")
    assert press in text_of(desk.get("article", pk=article.pk))
    other = make.article(desk.campaign, "“We shall ask again,” said Jo Smith of the Harbour Trust.")
    assert now(desk, "owner", other.pk)["others"] == ""
    cache.clear()
    assert now(desk, "owner", article.pk)["others"] == ""


def test_what_another_decided_comes_as_decided(desk: Desk) -> None:
    article = make.article(desk.campaign)
    page = desk.get("article", pk=article.pk, who="press")
    seen = {card.row.pk: card.stands for card in page.context["cards"]}
    assert now(desk, "press", article.pk)["stand"] == {str(pk): stands for pk, stands in seen.items()}
    row, held = article.proposals.order_by("pk")[:2]
    reject(proposal=row, because="Already here", version=1, by=desk.cast["owner"], at=AT)
    claim(proposal=held, by=desk.cast["owner"], at=AT)
    said = now(desk, "press", article.pk, cards=f"{row.pk},{held.pk},x,99999999999999999999")
    changed = {pk for pk, stands in said["stand"].items() if seen[int(pk)] != stands}
    assert changed == {str(row.pk), str(held.pk)} == set(said["cards"])
    assert said["progress"] == f"1 of {len(seen)} decided"
    card = said["cards"][str(row.pk)]
    assert f'data-stands="{said["stand"][str(row.pk)]}"' in card["html"]
    assert "Already here" in card["html"]
    name = desk.cast["owner"].name
    assert card["said"].startswith(f"{name} did not accept this one meanwhile.")
    assert said["cards"][str(held.pk)]["said"] == f"{name} is looking at this one."
    assert said["others"] == f"{name} is reviewing this text, too."


def test_the_queue_asks_of_what_it_shows(desk: Desk) -> None:
    shown, _ = make.proposal(desk.campaign), make.proposal(desk.campaign)
    desk.get("queue", who="press")
    said = desk.get("queue_now", query={"of": str(shown.pk)}).json()
    assert said["stand"] == {str(shown.pk): "1-waiting-0"}
    assert said["others"] == f"{desk.cast['press'].name} is reviewing what waits, too."


def test_a_volunteer_who_looks_at_their_own_text_is_not_taken_for_a_reviewer(desk: Desk) -> None:
    article = make.article(desk.campaign, by=desk.cast["volunteer"], sent=False)
    assert now(desk, "volunteer", article.pk)["others"] == ""
    assert now(desk, "owner", article.pk)["others"] == ""
    assert set(now(desk, "volunteer", article.pk)["stand"]) == {
        str(pk) for pk in Proposal.objects.values_list("pk", flat=True)
    }


def test_asking_costs_as_little_for_many_as_for_few(desk: Desk, django_assert_max_num_queries: Any) -> None:
    article = make.article(desk.campaign)
    client = desk.client("press")
    address = f"/c/{desk.campaign.slug}/texts/{article.pk}/now/"
    with django_assert_max_num_queries(9):
        assert client.get(address).status_code == 200
