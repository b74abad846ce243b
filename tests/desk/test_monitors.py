"""The pages of monitors: adding one, how each goes, and who may what."""

import pytest

from apps.campaigns.roles import Role
from apps.intake.models import Hit, Monitor
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT
from tests.pages import at, client_of, text_of

pytestmark = pytest.mark.django_db
TYPED = {
    "name": "In the papers",
    "words": '"online safety" -gambling',
    "addresses": "example.org/feed\nwebcal://example.org/cal.ics\nexample.org/feed",
    "most_a_day": "5",
}


def test_one_is_added_and_changed(desk: Desk) -> None:
    done = desk.post("add_monitor", TYPED)
    monitor = Monitor.objects.get()
    assert done["Location"].endswith(f"/monitors/{monitor.pk}/")
    urls = ["https://example.org/feed", "https://example.org/cal.ics"]
    assert (monitor.state, list(monitor.feeds.values_list("url", flat=True))) == ("on", urls)
    monitor.feeds.update(etag="x")
    desk.post("edit_monitor", TYPED | {"words": "other", "addresses": urls[1]}, pk=monitor.pk)
    monitor.refresh_from_db()
    assert (monitor.words, [feed.etag for feed in monitor.feeds.all()]) == ("other", [""])


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"addresses": "http://10.0.0.1/feed"}, "is not on the public internet"),
        ({"addresses": " \n "}, "This field is required."),
        ({"addresses": "\n".join(f"a.org/{number}" for number in range(11))}, "There are 11 addresses"),
        ({"words": "-gambling"}, "Type also a word that should be there"),
        ({"most_a_day": "51"}, "less than or equal to 50"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_what_was_typed(desk: Desk, typed: dict[str, str], said: str) -> None:
    page = desk.post("add_monitor", TYPED | typed)
    assert said in text_of(page)
    assert not Monitor.objects.exists()


def test_its_page_says_what_failed_and_what_was_found(desk: Desk) -> None:
    monitor = make.monitor(desk.campaign)
    monitor.feeds.update(said="The server has a fault of its own (500).", failing_since=AT, failures=3)
    make.hit(monitor, state=Hit.State.FAILED, said="Behind a wall.")
    article = make.article(desk.campaign, way="feed")
    make.hit(monitor, "Brought", state=Hit.State.BROUGHT, brought_at=AT, article=article)
    page = desk.get("monitor", pk=monitor.pk)
    words = text_of(page)
    assert "Looks for online safety, at most 10 a day; 9 left today." in words
    assert "The server has a fault of its own (500). since 10 March 2026, 10:00, tried 3 times" in words
    assert "could not be read Behind a wall." in words
    assert at("article", desk.campaign, pk=article.pk) in page.content.decode()
    assert "1 of 1 feed failing" in text_of(desk.get("monitors"))


def test_a_volunteer_proposes_one_and_sees_that_alone(desk: Desk) -> None:
    others = make.monitor(desk.campaign, name="Of the staff")
    volunteer = client_of(make.member(desk.campaign, Role.VOLUNTEER))
    done = volunteer.post(at("add_monitor", desk.campaign), TYPED)
    own = Monitor.objects.get(name="In the papers")
    assert own.state == Monitor.State.WAITING
    assert "Nothing is read before somebody approves it." in text_of(volunteer.get(done["Location"]))
    assert "Of the staff" not in text_of(volunteer.get(at("monitors", desk.campaign)))
    assert volunteer.get(at("monitor", desk.campaign, pk=others.pk)).status_code == 404
    desk.post("approve_monitor", {}, pk=own.pk)
    own.refresh_from_db()
    assert own.state == Monitor.State.ON


def test_removed_what_it_brought_stays(desk: Desk) -> None:
    monitor = make.monitor(desk.campaign)
    article = make.article(desk.campaign, way="feed")
    make.hit(monitor, state=Hit.State.BROUGHT, brought_at=AT, article=article)
    desk.post("remove_monitor", {}, pk=monitor.pk)
    article.refresh_from_db()
    assert article.proposals.exists()
    assert not Monitor.objects.exists()
