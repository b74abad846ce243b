"""Paths through links: bounded, each entry once, and never through what one may not see."""

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.campaigns.models import Campaign
from apps.timeline import paths
from apps.timeline.models import Entry, Link, Relation
from apps.timeline.paths import MOST, STEPS, Path, path_from
from tests import make
from tests.make import AT
from tests.pages import undone


def chain(campaign: Campaign, length: int) -> list[Entry]:
    entries = [make.update(campaign, headline=f"Step {number}") for number in range(length)]
    for one, other in pairwise(entries):
        make.link(one, other, Relation.UPDATES)
    return entries


def walk(start: Entry, who: Any = None) -> Path:
    reader = who or make.owner_of(start.campaign)
    seen = Entry.objects.visible_to(reader, at=AT, campaign=start.campaign)
    found = path_from(start.pk, seen, Link.objects.all())
    assert found is not None
    return found


def test_it_goes_both_ways_nearest_first(campaign: Campaign) -> None:
    entries = chain(campaign, 5)
    path = walk(entries[2])
    assert path.entries[0] == entries[2].pk
    assert set(path.entries[1:3]) == {entries[1].pk, entries[3].pk}
    assert set(path.entries) == {entry.pk for entry in entries}
    assert [(link.from_entry_id, link.to_entry_id) for link in path.links] == [
        (one.pk, other.pk) for one, other in pairwise(entries)
    ]
    assert not path.goes_on


def test_it_ends_after_so_many_steps_and_says_that_it_goes_on(campaign: Campaign) -> None:
    entries = chain(campaign, STEPS + 3)
    path = walk(entries[0])
    assert path.entries == tuple(entry.pk for entry in entries[: STEPS + 1])
    assert path.goes_on
    assert not walk(entries[2]).goes_on


def test_a_circle_is_walked_once(campaign: Campaign) -> None:
    entries = chain(campaign, 3)
    make.link(entries[2], entries[0], Relation.RESPONDS_TO)
    path = walk(entries[0])
    assert sorted(path.entries) == sorted(entry.pk for entry in entries)
    assert (len(path.links), path.goes_on) == (3, False)


def test_of_what_everything_is_linked_to_the_first_are_taken(campaign: Campaign) -> None:
    hub = make.update(campaign)
    ends = [make.update(campaign) for _ in range(MOST + 5)]
    for end in ends:
        make.link(end, hub)
    path = walk(hub)
    assert path.entries == (hub.pk, *(end.pk for end in ends[: MOST - 1]))
    assert path.goes_on


def test_it_does_not_lead_through_what_one_may_not_see(campaign: Campaign, cast: dict[str, Any]) -> None:
    start = make.update(campaign)
    hidden = make.update(campaign, visibility="staff")
    beyond = make.update(campaign)
    make.link(start, hidden)
    make.link(hidden, beyond)
    path = walk(start, cast["viewer"])
    assert (path.entries, path.links, path.goes_on) == ((start.pk,), (), False)
    assert set(walk(start).entries) == {start.pk, hidden.pk, beyond.pk}
    seen = Entry.objects.visible_to(cast["viewer"], at=AT, campaign=campaign)
    assert path_from(hidden.pk, seen, Link.objects.all()) is None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=25), st.integers(2, 8))
def test_any_tangle_gives_a_path_of_what_is_near(
    campaign: Campaign, pairs: list[tuple[int, int]], most: int
) -> None:
    """No entry twice, each reached from those before it, no more than may be, and links among them only."""
    with undone(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(paths, "MOST", most)
        entries = [make.update(campaign) for _ in range(10)]
        for one, other in dict.fromkeys(pairs):
            if one != other:
                make.link(entries[one], entries[other])
        path = walk(entries[0])
        assert len(set(path.entries)) == len(path.entries) <= most
        joined = {frozenset((link.from_entry_id, link.to_entry_id)) for link in path.links}
        for number, pk in enumerate(path.entries[1:], start=1):
            assert any(frozenset((pk, before)) in joined for before in path.entries[:number])
        assert all(ends <= set(path.entries) for ends in joined)
        assert walk(entries[0]) == path
