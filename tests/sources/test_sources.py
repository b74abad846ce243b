"""Sources, and their text as it stood."""

import hashlib
from datetime import date

import pytest

from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.sources.actions import save_source
from apps.sources.models import Snapshot, SnapshotIsImmutable, Source
from tests import make
from tests.make import AT, DAY

URL = "https://www.example.org/report"


def test_adding_adds_whatever_is_there_so_that_nothing_hidden_is_met(campaign: Campaign) -> None:
    first, second = make.source(campaign, url=URL), make.source(campaign, title="Another title", url=URL)
    assert first.pk != second.pk
    assert Source.objects.get(pk=first.pk).title == "Police figures, 2020"


@pytest.mark.parametrize(
    ("published", "day"), [("2020-09", date(2020, 9, 1)), ("../2020", date(2020, 12, 31)), ("", None)]
)
def test_the_day_it_is_filed_under_is_derived(campaign: Campaign, published: str, day: date | None) -> None:
    source = make.source(campaign, published=published)
    assert (source.published, source.published_day) == (published, day)


def test_a_change_is_in_history_with_its_author(campaign: Campaign) -> None:
    source, editor = make.source(campaign), make.member(campaign, "press")
    source.title = "Police figures"
    save_source(source=source, published=parse("2021"), by=editor)
    rows = source.history.order_by("history_id")
    assert [(row.title, row.published, row.history_user) for row in rows] == [
        ("Police figures, 2020", "2020-09-03", make.owner_of(campaign)),
        ("Police figures", "2021", editor),
    ]


def test_a_snapshot_keeps_the_text_its_hash_and_who_took_it(campaign: Campaign) -> None:
    text = "“Must act now,” they said.\n"
    snapshot = Snapshot.objects.get(pk=make.snapshot(make.source(campaign), text).pk)
    assert (snapshot.text, snapshot.taken_at, snapshot.taken_by) == (text, AT, make.owner_of(campaign))
    assert snapshot.sha256 == hashlib.sha256(text.encode()).hexdigest()


def test_the_same_text_again_is_the_same_snapshot(campaign: Campaign) -> None:
    source, other = make.source(campaign), make.source(campaign)
    first = make.snapshot(source, "text")
    assert make.snapshot(source, "text", at=AT + DAY) == first
    assert make.snapshot(other, "text") != first
    assert first.taken_at == AT


def test_the_newest_snapshot_comes_first(campaign: Campaign) -> None:
    source = make.source(campaign)
    texts = [make.snapshot(source, text, at=AT + days * DAY) for text, days in (("b", 1), ("c", 2), ("a", 0))]
    assert [snapshot.text for snapshot in source.snapshots.all()] == ["c", "b", "a"]
    assert len(texts) == 3


def test_a_snapshot_is_never_changed(campaign: Campaign) -> None:
    snapshot = make.snapshot(make.source(campaign), "text")
    snapshot.text = "another"
    with pytest.raises(SnapshotIsImmutable):
        snapshot.save()
    with pytest.raises(SnapshotIsImmutable):
        Snapshot.objects.update(text="another")
    assert Snapshot.objects.get().text == "text"
