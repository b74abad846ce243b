"""The path of an entry on the timeline: promise, target, slip, met, in the picture and in the list."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.dates import parse
from apps.desk import picture
from apps.legislation.actions import revise_target, settle
from apps.legislation.models import Milestone, Outcome
from apps.timeline.models import Entry, Kind, Relation
from tests import make
from tests.access.test_leaks import MARK, OTHERS, SORTS, Site
from tests.desk.conftest import Desk
from tests.desk.reading import link_called
from tests.desk.test_picture import drawing, ids, of_class
from tests.desk.test_timeline import headlines
from tests.make import AT, DAY, SECOND
from tests.pages import Clock, at, text_of, unsafe_parts

PROMISE, TARGET, SETBACK, AFAR = "It will be law by May", "The Act is in force", "Committee put off", "A fair"


@pytest.fixture
def story(desk: Desk) -> dict[str, Entry]:
    """A promise, the target it made, what put that off, and something else."""
    by = make.owner_of(desk.campaign)
    quote = make.quote(desk.campaign, headline=PROMISE, date="2026-01-10").entry
    milestone = make.milestone(desk.campaign, headline=TARGET, target="2026-02-20")
    for number, (day, why) in enumerate(
        [("2026-03-01", "Committee delayed"), ("2026-03-05", "Report put off")], start=1
    ):
        revise_target(milestone=milestone, to=parse(day), reason=why, by=by, at=AT + number * SECOND)
    milestone = Milestone.everything.get(pk=milestone.pk)
    settle(milestone=milestone, outcome=Outcome.MET, on=parse("2026-03-07").earliest, by=by, at=AT + DAY)  # type: ignore[arg-type]
    setback = make.update(desk.campaign, headline=SETBACK, date="2026-02-11")
    make.link(quote, milestone.entry, Relation.PROMISES)
    make.link(setback, milestone.entry, Relation.UPDATES)
    afar = make.update(desk.campaign, headline=AFAR, date="2024-05-05")
    return {"quote": quote, "milestone": milestone.entry, "setback": setback, "afar": afar}


def path(entry: Entry, **more: Any) -> dict[str, Any]:
    return {"path": entry.pk} | more


@pytest.mark.parametrize("start", ["quote", "milestone", "setback"])
def test_picture_and_list_show_the_path_alone_and_in_order(
    desk: Desk, story: dict[str, Entry], start: str
) -> None:
    page = desk.get("timeline", query=path(story[start]))
    assert headlines(page) == [PROMISE, SETBACK, TARGET]
    svg = drawing(desk.get("picture", query=path(story[start])))
    assert ids(svg) == sorted(story[name].pk for name in ("quote", "milestone", "setback"))
    assert len(of_class(svg, "tie")) == 2
    assert unsafe_parts(page) == []


def test_it_is_the_whole_path_that_is_in_sight(desk: Desk, story: dict[str, Entry]) -> None:
    svg = drawing(desk.get("picture", query=path(story["quote"])))
    first, days = int(svg.get("data-first", "")), int(svg.get("data-days", ""))
    assert 50 < days < 80
    assert first < parse("2026-01-10").earliest.toordinal() <= first + 10  # type: ignore[union-attr]


def test_relations_and_slips_are_told_in_words(desk: Desk, story: dict[str, Entry]) -> None:
    said = text_of(desk.get("timeline", query=path(story["quote"])))
    assert re.search(f"The path of {PROMISE} ?: what it is linked to, step by step.", said)
    target = said[said.index("promised in") :]
    for words in (
        PROMISE,
        "updated by",
        SETBACK,
        TARGET,
        "First target: 20 February 2026.",
        "Moved to 1 March 2026: Committee delayed",
        "Moved to 5 March 2026: Report put off",
        "Met 15 days late.",
    ):
        assert words in target
        target = target[target.index(words) :]


def test_an_entry_leads_to_its_path_and_the_path_back(desk: Desk, story: dict[str, Entry]) -> None:
    page = desk.get("entry", pk=story["quote"].pk)
    there = link_called(page, "Follow its path on the timeline")
    assert there == f"{at('timeline', desk.campaign)}?path={story['quote'].pk}"
    shown = desk.client().get(there + "&kind=quote&from=2026-01-01&to=2026-02-01")
    assert link_called(shown, "Leave the path") == f"{at('timeline', desk.campaign)}?kind=quote"
    alone = desk.get("entry", pk=story["afar"].pk)
    assert link_called(alone, "Follow its path on the timeline") is None


def test_without_links_a_milestone_that_moved_has_a_path_of_its_own(desk: Desk) -> None:
    milestone = make.milestone(desk.campaign, target="2026-04-20")
    assert link_called(desk.get("entry", pk=milestone.pk), "Follow its path on the timeline") is None
    by = make.owner_of(desk.campaign)
    revise_target(milestone=milestone, to=parse("2026-05-20"), reason="Delayed", by=by, at=AT + SECOND)
    assert link_called(desk.get("entry", pk=milestone.pk), "Follow its path on the timeline")
    page = desk.get("timeline", query={"path": milestone.pk})
    assert "Moved to 20 May 2026: Delayed" in text_of(page)


def test_other_filters_narrow_it_further_and_forms_keep_it(desk: Desk, story: dict[str, Entry]) -> None:
    query = path(story["quote"], kind="milestone")
    page = desk.get("timeline", query=query)
    assert headlines(page) == [TARGET]
    assert f'name="path" value="{story["quote"].pk}"' in page.content.decode()
    assert of_class(drawing(desk.get("picture", query=query)), "tie") == []


def test_files_and_feeds_follow_it(desk: Desk, story: dict[str, Entry]) -> None:
    svg = desk.get("timeline_svg", query=path(story["quote"])).content.decode()
    assert (svg.count('class="tie"'), AFAR in svg) == (2, False)
    feed = desk.get("timeline_json", query=path(story["quote"])).content.decode()
    assert (PROMISE in feed, AFAR in feed) == (True, False)


@pytest.mark.parametrize(
    "typed", ["nonsense", "0", "-1", "999999999", "9" * 19, "9" * 39, "²", "1.5", "1 OR 1=1"]
)
def test_a_bad_id_is_answered_like_an_unknown_name(desk: Desk, story: dict[str, Entry], typed: str) -> None:
    said = f"Nothing here is entry “{typed}”, so it has no path to follow."
    page = desk.get("timeline", query={"path": typed})
    assert page.status_code == 200
    assert said in text_of(page)
    assert headlines(page) == []
    fragment = desk.get("picture", query={"path": typed})
    assert (fragment.status_code, fragment.json()["error"]) == (400, said)
    assert desk.get("timeline_json", query={"path": typed}).status_code == 400


@pytest.mark.parametrize("typed", ["\x00", "9" * 500])
def test_what_no_field_takes_is_refused_with_a_sentence(desk: Desk, typed: str) -> None:
    make.update(desk.campaign)
    assert "This filter finds nothing as it is" in text_of(desk.get("timeline", query={"path": typed}))
    assert desk.get("picture", query={"path": typed}).status_code == 400


def test_another_campaigns_entry_has_no_path_here(desk: Desk) -> None:
    make.update(desk.campaign)
    theirs = make.update(make.campaign(owner=make.user("oscar"), name="Clean rivers"))
    assert desk.get("picture", query=path(theirs)).status_code == 400


@pytest.mark.parametrize("who", OTHERS)
def test_a_path_leads_to_nothing_hidden(who: str, clock: Clock, db: None) -> None:
    """Each hidden entry is linked to the plain one; neither one's path shows it."""
    site = Site(*SORTS)
    for entry in [site.plain, *site.hidden]:
        for name in ("timeline", "picture", "timeline_svg", "timeline_json", "embed"):
            answer = site.client(who).get(at(name, site.campaign), {"path": entry.pk})
            assert MARK not in answer.content.decode()
    svg = drawing(site.client(who).get(at("picture", site.campaign), {"path": site.plain.pk}))
    assert (ids(svg), of_class(svg, "tie")) == ([site.plain.pk], [])


def test_as_of_a_day_it_follows_the_links_there_were(
    desk: Desk, story: dict[str, Entry], clock: Clock
) -> None:
    clock.at = AT + 3 * DAY
    day_before = (AT - DAY).date().isoformat()
    page = desk.get("timeline", query=path(story["quote"], asof=day_before))
    assert text_of(page).count("Nothing here is entry") == 1
    today = (AT + DAY).date().isoformat()
    page = desk.get("timeline", query=path(story["quote"], asof=today))
    assert headlines(page) == [PROMISE, SETBACK, TARGET]


def test_it_costs_the_same_however_much_is_linked(desk: Desk, story: dict[str, Entry]) -> None:
    def cost() -> int:
        desk.get("timeline", query=path(story["milestone"]))
        with CaptureQueriesContext(connection) as asked:
            desk.get("timeline", query=path(story["milestone"]))
        return len(asked)

    few = cost()
    before = story["setback"]
    for number in range(30):
        entry = make.milestone(desk.campaign, headline=f"Step {number}", target="2026-04-20").entry
        make.link(entry, before if number % 3 else story["milestone"])
        before = entry
    assert few <= cost() <= few + 10 <= 64


def test_arcs_stand_where_their_marks_do(desk: Desk, story: dict[str, Entry]) -> None:
    svg = drawing(desk.get("picture", query=path(story["quote"])))
    days = {int(item.get("data-pk", "")): item.get("data-day") for item in of_class(svg, "item")}
    ends = sorted(tie.get("data-tie", "").split(" ")[::2] for tie in of_class(svg, "tie"))
    target = days[story["milestone"].pk]
    assert ends == sorted([days[story[name].pk], target] for name in ("quote", "setback"))


def test_in_a_folded_lane_and_in_columns_no_arc_ends(
    desk: Desk, story: dict[str, Entry], monkeypatch: pytest.MonkeyPatch
) -> None:
    svg = drawing(desk.get("picture", query=path(story["quote"], fold="quote")))
    assert len(of_class(svg, "tie")) == 1
    monkeypatch.setitem(picture.MOST, Kind.MILESTONE, 0)
    svg = drawing(desk.get("picture", query=path(story["quote"])))
    assert of_class(svg, "tie") == []


def test_the_same_path_twice_is_the_same_to_the_byte(desk: Desk, story: dict[str, Entry]) -> None:
    first, second = (desk.get("picture", query=path(story["quote"])) for _ in range(2))
    assert first.content == second.content
    again = desk.client().get(
        at("picture", desk.campaign), path(story["quote"]), headers={"If-None-Match": first["ETag"]}
    )
    assert again.status_code == 304
    assert re.search(r'd="M[\d.-]+ [\d.-]+C', first.content.decode())
