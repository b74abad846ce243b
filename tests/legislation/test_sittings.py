"""When Parliament does not sit: written once, put right with a history, found by the days it touches."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts.models import User
from apps.desk.demo.sittings import BREAKS, take_breaks_away, write_breaks
from apps.legislation import sittings
from apps.legislation.actions import record_break
from apps.legislation.models import Break, Chamber, SittingBreak
from apps.legislation.sittings import breaks_between, said_of
from tests import make

pytestmark = pytest.mark.django_db
SUMMER: dict[str, Any] = {
    "chamber": Chamber.COMMONS,
    "sort": Break.RECESS,
    "name": "Summer recess",
    "first": date(2026, 7, 17),
    "last": date(2026, 8, 31),
    "source": "https://www.parliament.uk/recess",
}


def record(by: User | None = None, **fields: Any) -> SittingBreak:
    return record_break(**SUMMER | fields, by=by)


def test_what_is_known_already_is_not_written_again() -> None:
    first, again = record(), record()
    assert (again.pk, SittingBreak.objects.count(), first.history.count()) == (first.pk, 1, 1)


def test_it_is_put_right_and_its_history_says_by_whom() -> None:
    olive = make.user("olive")
    row = record()
    record(by=olive, last=date(2026, 8, 24))
    row.refresh_from_db()
    assert row.last == date(2026, 8, 24)
    assert list(row.history.values_list("last", "history_user")) == [
        (date(2026, 8, 24), olive.pk),
        (date(2026, 8, 31), None),
    ]


@pytest.mark.parametrize("other", [{"chamber": Chamber.LORDS}, {"sort": Break.PROROGATION}])
def test_the_chambers_and_the_sorts_are_apart(other: dict[str, Any]) -> None:
    assert record().pk != record(**other).pk


@pytest.mark.parametrize(
    "wrong",
    [
        {"last": date(2026, 7, 16)},
        {"name": ""},
        {"name": "x" * 101},
        {"source": "parliament"},
        {"source": ""},
    ],
)
def test_what_is_no_break_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        record(**wrong)
    assert not SittingBreak.objects.exists()


@pytest.mark.parametrize(
    ("first", "last", "found"),
    [
        (date(2026, 7, 1), date(2026, 7, 16), 0),
        (date(2026, 7, 1), date(2026, 7, 17), 1),
        (date(2026, 8, 1), date(2026, 8, 2), 1),
        (date(2026, 8, 31), date(2026, 9, 30), 1),
        (date(2026, 9, 1), date(2026, 9, 30), 0),
        (date(1, 1, 1), date(9998, 12, 31), 1),
    ],
)
@pytest.mark.database
def test_a_break_is_found_by_the_days_it_touches(first: date, last: date, found: int) -> None:
    record()
    with CaptureQueriesContext(connection) as asked:
        assert len(breaks_between(first, last)) == found
    assert len(asked) == 1


def test_of_too_many_nothing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sittings, "MOST", 1)
    record()
    assert len(breaks_between(date(2026, 1, 1), date(2026, 12, 31))) == 1
    record(chamber=Chamber.LORDS)
    assert breaks_between(date(2026, 1, 1), date(2026, 12, 31)) == []


def test_it_is_said_with_whose_it_is_and_its_days() -> None:
    assert said_of(record()) == "Summer recess, House of Commons, 17 July to 31 August 2026"
    one_day = record(name="Bank holiday", chamber=Chamber.BOTH, last=SUMMER["first"])
    assert said_of(one_day) == "Bank holiday, Parliament, 17 July 2026"


def test_the_demos_breaks_are_apart_within_a_chamber_and_each_names_a_page_of_parliament() -> None:
    for chamber, *_ in BREAKS:
        spans = sorted((first, last) for of, _, _, first, last, _ in BREAKS if of in (chamber, Chamber.BOTH))
        assert all(first <= last for first, last in spans)
        assert all(end < start for (_, end), (start, _) in zip(spans, spans[1:], strict=False))
    hosts = {source.split("/")[2] for *_, source in BREAKS}
    assert hosts == {"www.parliament.uk", "hansard.parliament.uk"}


def test_the_demo_takes_its_own_away_and_leaves_what_others_wrote_or_changed() -> None:
    amira, olive = make.user("amira"), make.user("olive")
    User.objects.filter(pk=amira.pk).update(demo=True)
    kept = record_break(
        chamber=BREAKS[0][0], sort=BREAKS[0][1], name="Ours", first=date.fromisoformat(BREAKS[0][3]),
        last=date.fromisoformat(BREAKS[0][4]), source=BREAKS[0][5], by=None,
    )  # fmt: skip
    write_breaks(by=amira)
    write_breaks(by=amira)
    assert SittingBreak.objects.count() == len(BREAKS)
    kept.refresh_from_db()
    assert kept.name == "Ours"
    changed = SittingBreak.objects.exclude(pk=kept.pk).latest("first")
    record_break(
        chamber=Chamber(changed.chamber), sort=Break(changed.sort), name="Put right", first=changed.first,
        last=changed.last, source=changed.source, by=olive,
    )  # fmt: skip
    take_breaks_away()
    assert set(SittingBreak.objects.values_list("name", flat=True)) == {"Ours", "Put right"}
    assert set(SittingBreak.history.values_list("name", flat=True)) >= {"Ours", "Put right"}
    assert SittingBreak.history.exclude(id__in=[kept.pk, changed.pk]).count() == 0
