"""The picture of a timeline: what it draws and counts, for whom, and what it costs."""

import gzip
import re
from collections import Counter
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.desk import picture
from apps.desk.views.timeline import USUAL_WIDTH, WIDTHS
from apps.legislation.actions import record_break, revise_target, settle
from apps.legislation.models import Break, Chamber, Milestone, Outcome
from apps.timeline.actions import edit_entry
from apps.timeline.density import rebuild
from apps.timeline.models import Entry, Kind, Visibility
from tests import make
from tests.access.test_leaks import EMBARGO, MARK, OTHERS, SORTS, STAFF, Site
from tests.desk.conftest import Desk
from tests.desk.reading import link_called, query_count
from tests.make import AT, DAY, SECOND
from tests.pages import Clock, at, text_of, undone, unsafe_parts

Drawing = ElementTree.Element
SVG = "{http://www.w3.org/2000/svg}"
SPRING = {"from": "2026-02-01", "to": "2026-07-31"}
EVERYTHING = {"from": "2019", "to": "2031"}
TODAY = AT.date()


def drawing(response: HttpResponse) -> Drawing:
    """The picture in a page: well-formed, whatever stands in it."""
    assert response.status_code == 200, response.content
    html = response.content.decode()
    return ElementTree.fromstring(html[html.index('<svg class="picture"') : html.rindex("</svg>") + 6])


def drawn(desk: Desk, *, who: str = "owner", **query: Any) -> Drawing:
    return drawing(desk.get("picture", who=who, query=SPRING | query))


def of_class(parent: Drawing, name: str) -> list[Drawing]:
    return [part for part in parent.iter() if name in part.get("class", "").split()]


def item(svg: Drawing, entry: Entry) -> Drawing:
    (found,) = [part for part in svg.iter() if part.get("id") == f"m{entry.pk}"]
    return found


def ids(svg: Drawing) -> list[int]:
    return sorted(int(part.get("data-pk", "")) for part in of_class(svg, "item"))


def texts(parent: Drawing, name: str) -> list[str]:
    return ["".join(part.itertext()) for part in of_class(parent, name)]


def lane(svg: Drawing, kind: str) -> Drawing:
    (found,) = [part for part in of_class(svg, "lane") if kind in part.get("class", "").split()]
    return found


def counts(svg: Drawing) -> Counter[str]:
    """What the columns say of each lane, added up."""
    found: Counter[str] = Counter()
    for kind in Kind.values:
        for each in of_class(svg, "lane"):
            if kind in each.get("class", "").split():
                said = [column.get("aria-label", "") for column in of_class(each, "column")]
                found[kind] += sum(int(words.split(" ")[0].replace(",", "")) for words in said)
    return +found


def visible(campaign: Campaign, user: Any) -> list[Entry]:
    return list(Entry.objects.visible_to(user, at=AT, campaign=campaign))


def moved(milestone: Milestone, *to: str) -> Entry:
    by = make.owner_of(milestone.entry.campaign)
    for number, day in enumerate(to, start=1):
        when = AT + number * SECOND
        revise_target(milestone=milestone, to=parse(day), reason="Delayed", by=by, at=when)
    return Entry.everything.get(pk=milestone.pk)


# --- Where it stands --------------------------------------------------------------------------------------


@pytest.fixture
def one_of_each(desk: Desk) -> dict[str, Entry]:
    return {
        "milestone": make.milestone(desk.campaign, target="2026-06-20", headline="The statute book").entry,
        "statistic": make.statistic(desk.campaign, date="2026-03-05").entry,
        "quote": make.quote(desk.campaign, date="2026-03-04").entry,
        "update": make.update(desk.campaign, date="2026-03-03"),
    }


def test_the_picture_stands_on_the_page_and_alone(desk: Desk, one_of_each: dict[str, Entry]) -> None:
    page, alone = (desk.get(name, query=SPRING) for name in ("timeline", "picture"))
    every = sorted(entry.pk for entry in one_of_each.values())
    assert ids(drawing(alone)) == every
    drawn_on_page = re.findall(r'<a class="item [^>]*data-pk="(\d+)"', page.content.decode())
    assert sorted(map(int, drawn_on_page)) == every
    assert "<html" not in alone.content.decode()
    assert (unsafe_parts(page), unsafe_parts(alone)) == ([], [])


def test_each_kind_has_its_lane_and_each_mark_leads_to_its_entry(
    desk: Desk, one_of_each: dict[str, Entry]
) -> None:
    svg = drawn(desk)
    assert texts(svg, "title") == ["Milestones", "Statistics", "Quotes", "Updates"]
    for kind, entry in one_of_each.items():
        assert ids(lane(svg, kind)) == [entry.pk]
        mark = item(svg, entry)
        assert mark.get("href") == at("entry", desk.campaign, pk=entry.pk)
        assert entry.headline in mark.get("aria-label", "")


@pytest.mark.parametrize("kind", Kind.values)
def test_the_filter_narrows_the_picture(desk: Desk, one_of_each: dict[str, Entry], kind: str) -> None:
    svg = drawn(desk, kind=kind)
    assert (texts(svg, "title"), ids(svg)) == ([f"{Kind(kind).label}s"], [one_of_each[kind].pk])
    words = drawn(desk, words=one_of_each[kind].headline)
    assert ids(words) == [one_of_each[kind].pk]


def test_only_what_the_window_and_its_surroundings_hold_is_drawn(desk: Desk) -> None:
    days = ["2025-12-01", "2026-02-28", "2026-03-10", "2026-03-25", "2026-06-01"]
    entries = [make.update(desk.campaign, date=day) for day in days]
    svg = drawing(desk.get("picture", query={"from": "2026-03-01", "to": "2026-03-31"}))
    assert ids(svg) == [entry.pk for entry in entries[1:4]]


def test_marks_stand_at_their_days(desk: Desk) -> None:
    days = [date(2026, 2, 1), date(2026, 4, 12), date(2026, 7, 31)]
    entries = [make.update(desk.campaign, date=day.isoformat()) for day in days]
    svg = drawn(desk)
    width = float(of_class(svg, "field")[0].get("width", ""))
    per_day = width / float(svg.get("data-days", ""))
    for entry, day in zip(entries, days, strict=True):
        mark = item(svg, entry)
        assert float(mark.get("data-day", "")) == day.toordinal() + 0.5
        x = float(re.findall(r"[\d.]+", mark.get("transform", ""))[0])
        assert x == pytest.approx(((day - days[0]).days + 0.5) * per_day, abs=0.01)


def test_a_lane_folds_and_unfolds(desk: Desk, one_of_each: dict[str, Entry]) -> None:
    svg = drawn(desk, fold=["quote", "nonsense"])
    assert one_of_each["quote"].pk not in ids(svg)
    assert len(ids(svg)) == 3
    assert "folded" in "".join(lane(svg, "quote").itertext())
    folds = {each.get("data-fold"): each.get("href") for each in of_class(svg, "fold")}
    assert "fold=quote" not in (folds["quote"] or "")
    assert "fold=quote&fold=update" in (folds["update"] or "")
    again = desk.client().get(at("picture", desk.campaign) + (folds["quote"] or ""))
    assert len(ids(drawing(again))) == 4


@pytest.mark.parametrize(
    ("width", "drawn_at"),
    [("700", 700), ("1", WIDTHS[0]), ("99999", WIDTHS[1]), ("-5", USUAL_WIDTH), ("²", USUAL_WIDTH)],
)
def test_the_picture_is_as_wide_as_asked_within_reason(desk: Desk, width: str, drawn_at: int) -> None:
    make.update(desk.campaign)
    assert drawn(desk, width=width).get("width") == str(drawn_at)


# --- What a date means ------------------------------------------------------------------------------------


def bars(mark: Drawing) -> list[tuple[str, float]]:
    return [
        (part.get("class", ""), float(part.get("data-days", "")))
        for part in mark.iter(f"{SVG}rect")
        if part.get("data-days")
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-03", []),
        ("2026-21", [("meant", 92.0)]),
        ("2026-04", [("meant", 30.0)]),
        ("2026", [("meant", 365.0)]),
        ("2026-03-01/2026-03-09", [("meant", 9.0)]),
        ("../2026-06-30", [("fading", 113.0)]),
    ],
)
def test_a_date_is_drawn_over_the_days_it_may_mean(
    desk: Desk, text: str, expected: list[tuple[str, float]]
) -> None:
    entry = make.update(desk.campaign, date=text)
    assert bars(item(drawn(desk), entry)) == expected


@pytest.mark.parametrize("text", ["2026-03~", "2026-03-03~", "2026~", "2026-03?"])
def test_an_approximate_date_says_so(desk: Desk, text: str) -> None:
    about, plain = make.update(desk.campaign, date=text), make.update(desk.campaign)
    svg = drawn(desk)
    assert [texts(item(svg, entry), "about") for entry in (about, plain)] == [["~"], []]


spans = st.tuples(st.dates(date(2026, 1, 1), date(2026, 9, 30)), st.integers(1, 200).map(timedelta)).map(
    lambda span: f"{span[0]}/{span[0] + span[1]}"
)
imprecise = st.one_of(
    spans,
    st.sampled_from([f"2026-{part:02d}" for part in (*range(1, 9), 21, 22, 23)]),
    st.sampled_from(["2026", "202X", "2026-XX", "2026-05-XX", "2026-03-01~", "2026-06~", "../2026-05-31"]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(imprecise, st.sampled_from(["update", "milestone"]))
def test_an_imprecise_date_is_never_a_point_on_a_day(desk: Desk, text: str, kind: str) -> None:
    with undone():
        if kind == "milestone":
            entry = make.milestone(desk.campaign, target=text).entry
        else:
            entry = make.update(desk.campaign, date=text)
        mark = item(drawing(desk.get("picture", query=EVERYTHING)), entry)
        days = [length for _, length in bars(mark)]
        assert texts(mark, "about") == ["~"] or (len(days) == 1 and days[0] > 1)


def test_a_figure_covers_its_period(desk: Desk) -> None:
    entry = make.statistic(
        desk.campaign, date="2026-03-05", figure=make.figure(period=parse("2026-01/2026-02"))
    ).entry
    assert bars(item(drawn(desk), entry)) == [("covers", 59.0), ("since", 4.5)]


def test_what_reaches_into_the_window_from_outside_is_drawn(desk: Desk) -> None:
    year = make.update(desk.campaign, date="2025")
    slipped = moved(make.milestone(desk.campaign, target="2026-03-20"), "2026-12-20")
    window = {"from": "2026-02-25", "to": "2026-03-25"}
    assert ids(drawing(desk.get("picture", query=window))) == [slipped.pk]
    window = {"from": "2025-12-20", "to": "2026-01-10"}
    assert ids(drawing(desk.get("picture", query=window))) == [year.pk]


# --- Milestones -------------------------------------------------------------------------------------------


def stops(mark: Drawing, day: float) -> list[tuple[str, date]]:
    """The earlier targets of a milestone that stands at that day."""
    return [
        (part.get("class", ""), date.fromordinal(int(day + float(part.get("data-at", "")))))
        for part in mark.iter(f"{SVG}path")
        if part.get("data-at")
    ]


def test_a_slipped_milestone_shows_its_first_promise_and_every_stop(desk: Desk) -> None:
    entry = moved(make.milestone(desk.campaign, target="2026-04-20"), "2026-05-11", "2026-07-01")
    mark = item(drawn(desk), entry)
    assert float(mark.get("data-day", "")) == date(2026, 7, 1).toordinal() + 0.5
    assert stops(mark, float(mark.get("data-day", ""))) == [
        ("first", date(2026, 4, 20)),
        ("moved", date(2026, 5, 11)),
    ]
    (line,) = of_class(mark, "slip")
    assert (line.get("data-from"), line.get("data-days")) == ("-72.0", "72.0")
    assert texts(mark, "said") == ["1 July 2026, moved twice"]


def test_a_correction_is_no_stop(desk: Desk) -> None:
    milestone = make.milestone(desk.campaign, target="2026-04-20")
    revise_target(
        milestone=milestone,
        to=parse("2026-04-21"),
        reason="Typo",
        correction=True,
        by=make.owner_of(desk.campaign),
        at=AT + SECOND,
    )
    mark = item(drawn(desk), milestone.entry)
    assert (stops(mark, 0), of_class(mark, "slip")) == ([], [])


def test_an_overdue_milestone_says_by_how_many_days(desk: Desk) -> None:
    entry = moved(make.milestone(desk.campaign, target="2026-02-10"), "2026-02-20")
    mark = item(drawn(desk), entry)
    assert texts(mark, "said") == ["18 days overdue, moved once"]
    assert "behind" in mark.get("class", "").split()
    assert "18 days overdue" in mark.get("aria-label", "")


@pytest.mark.parametrize(
    ("on", "said", "behind"),
    [
        (date(2026, 3, 2), "met 10 days late", True),
        (date(2026, 2, 20), "met on time", False),
        (date(2026, 2, 19), "met 1 day early", False),
    ],
)
def test_a_milestone_that_was_met_says_how_late(desk: Desk, on: date, said: str, behind: bool) -> None:
    milestone = make.milestone(desk.campaign, target="2026-02-20")
    settle(milestone=milestone, outcome=Outcome.MET, on=on, by=make.owner_of(desk.campaign), at=AT)
    mark = item(drawn(desk), milestone.entry)
    assert (texts(mark, "said"), "behind" in mark.get("class", "").split()) == ([said], behind)
    assert float(mark.get("data-day", "")) == on.toordinal() + 0.5


# --- Columns ----------------------------------------------------------------------------------------------


def test_a_lane_with_too_many_becomes_columns_that_count_them_all(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(picture.MOST, Kind.UPDATE, 10)
    for number in range(11):
        make.update(desk.campaign, date=f"2026-03-{number * 2 + 1:02d}")
        if number == 9:
            few = drawn(desk)
    quote = make.quote(desk.campaign, date="2026-03-04").entry
    svg = drawn(desk)
    assert (len(ids(few)), counts(few)) == (10, Counter())
    assert (ids(svg), counts(svg)) == ([quote.pk], Counter({"update": 11}))
    assert texts(lane(svg, "update"), "count") == ["11"]


def test_a_column_leads_to_its_own_days(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(picture.MOST, Kind.UPDATE, 2)
    for day in ("2026-03-03", "2026-03-04", "2026-06-20"):
        make.update(desk.campaign, date=day)
    columns = of_class(drawn(desk), "column")
    for column, following in pairwise(columns):
        assert int(column.get("data-until", "")) <= int(following.get("data-day", ""))
    for column in columns:
        response = desk.client().get(at("picture", desk.campaign) + column.get("href", ""))
        closer = drawing(response)
        assert closer.get("data-first") == column.get("data-day")
        words = column.get("aria-label", "")
        assert int(words.split()[0]) >= 1
        assert words.endswith(": show closer")


def test_open_milestones_due_next_stand_under_columns(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(picture.MOST, Kind.MILESTONE, 3)
    past = [make.milestone(desk.campaign, target=f"2026-02-{day:02d}").entry for day in range(1, 7)]
    due = make.milestone(desk.campaign, target="2026-06-20").entry
    svg = drawn(desk)
    assert (ids(svg), counts(svg)) == ([due.pk], Counter({"milestone": len(past) + 1}))


@pytest.mark.parametrize("day", ["0001-01-01", "9998-12-31"])
@pytest.mark.parametrize("wide", [True, False])
def test_columns_at_the_ends_of_the_calendar(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, day: str, wide: bool
) -> None:
    monkeypatch.setitem(picture.MOST, Kind.UPDATE, 0)
    make.update(desk.campaign, date=day)
    query = {"from": day, "to": "0900" if day < "1" else "9100"} if wide else {"from": day, "to": day}
    assert counts(drawing(desk.get("picture", query=query))) == Counter({"update": 1})


# --- Who sees what ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", OTHERS)
@pytest.mark.parametrize("as_columns", [False, True], ids=["marks", "columns"])
def test_nothing_outside_the_gate_is_drawn_or_counted(
    who: str, as_columns: bool, clock: Clock, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    site = Site(*SORTS)
    if as_columns:
        for kind in Kind:
            monkeypatch.setitem(picture.MOST, kind, 0)
    for name in ("picture", "timeline"):
        response = site.client(who).get(at(name, site.campaign), EVERYTHING)
        assert MARK not in response.content.decode()
    svg = drawing(site.client(who).get(at("picture", site.campaign), EVERYTHING))
    shown = visible(site.campaign, site.cast[who] or AnonymousUser())
    assert counts(svg) == (Counter(entry.kind for entry in shown) if as_columns else Counter())
    drawn, deadlines = set(ids(svg)), {entry.pk for entry in shown if entry.due}
    assert drawn <= deadlines if as_columns else drawn == {entry.pk for entry in shown}
    assert item_or_none(svg, site.hidden) == []


def item_or_none(svg: Drawing, entries: list[Entry]) -> list[int]:
    """Which of these stand anywhere in the picture, as marks or as the ends of links."""
    written = ElementTree.tostring(svg, encoding="unicode")
    return [entry.pk for entry in entries if re.search(rf'"m{entry.pk}"|links="[^"]*\b{entry.pk}\b', written)]


@pytest.mark.parametrize("who", STAFF)
@pytest.mark.parametrize("as_columns", [False, True], ids=["marks", "columns"])
def test_staff_see_all_of_their_own(
    who: str, as_columns: bool, clock: Clock, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    site = Site(*SORTS)
    if as_columns:
        for kind in Kind:
            monkeypatch.setitem(picture.MOST, kind, 0)
    svg = drawing(site.client(who).get(at("picture", site.campaign), EVERYTHING))
    mine = visible(site.campaign, site.cast[who])
    assert len(mine) == Entry.everything.filter(campaign=site.campaign).count()
    if as_columns:
        assert counts(svg) == Counter(entry.kind for entry in mine)
    else:
        assert ids(svg) == sorted(entry.pk for entry in mine)
        restricted = [int(each.get("data-pk", "")) for each in of_class(svg, "restricted")]
        hidden = {entry.pk for entry in site.hidden if entry.campaign_id == site.campaign.pk}
        hidden |= {entry.pk for entry in mine if entry.visibility == Visibility.STAFF}
        assert sorted(restricted) == sorted(hidden)


@pytest.mark.parametrize("who", OTHERS)
def test_what_an_embargo_hid_is_drawn_once_it_lifts(who: str, clock: Clock, db: None) -> None:
    site = Site("embargoed")
    shown = []
    for moment in (EMBARGO - SECOND, EMBARGO):
        clock.at = moment
        svg = drawing(site.client(who).get(at("picture", site.campaign), EVERYTHING))
        shown.append(item_or_none(svg, site.hidden))
    assert shown == [[], [entry.pk for entry in site.hidden]]


def test_the_picture_of_a_private_campaign_is_for_its_team(desk: Desk) -> None:
    make.update(desk.campaign, visibility="public")
    answers = {who: desk.get("picture", who=who).status_code for who in (*desk.cast, "nobody")}
    assert answers == dict.fromkeys(desk.cast, 200) | {"outsider": 404, "nobody": 302}


def test_a_volunteer_sees_their_own_draft_and_nobody_elses(desk: Desk) -> None:
    mine = make.update(desk.campaign, by=desk.cast["volunteer"], approved=False)
    make.update(desk.campaign, approved=False)
    assert ids(drawn(desk, who="volunteer")) == [mine.pk]
    assert ids(drawn(desk, who="viewer")) == []


# --- Words of others --------------------------------------------------------------------------------------

NASTY = "<script>alert(\"1\")</script> & 'two' </svg><b onload=x>"


def test_what_people_wrote_is_escaped(desk: Desk) -> None:
    person = make.person(desk.campaign, "<i>\"Ann\"</i> & 'Bob'")
    entry = make.quote(desk.campaign, headline=NASTY, date="2026-03-04", person=person).entry
    figure = make.figure(unit='"><b>', measure=NASTY, area="&amp;")
    made = make.statistic(desk.campaign, headline=NASTY, date="2026-03-05", figure=figure).entry
    for name in ("picture", "timeline"):
        response = desk.get(name, query=SPRING)
        assert not re.search(r"<(b|i|script>)[ >\"]|<script>alert|</svg><b", response.content.decode())
        assert unsafe_parts(response) == []
    svg = drawn(desk)
    label = item(svg, entry).get("aria-label", "")
    assert label.startswith(f"Quote, <i>\"Ann\"</i> & 'Bob': {NASTY}, 4 March 2026")
    assert texts(item(svg, made), "said") == ['389 "><b>']


@pytest.mark.parametrize(
    "headline",
    [
        "W" * 290,
        "هيئة الاتصالات " * 15,
        "👩‍👩‍👧‍👦" * 40,
        "e\u0301\u0302\u0303" * 70,
        "国" * 290,
        "\u202eevil",
    ],
)
def test_odd_headlines_are_drawn(desk: Desk, headline: str) -> None:
    entry = make.update(desk.campaign, headline=headline, date="2026-03-04")
    (label,) = texts(item(drawn(desk), entry), "label")
    assert headline.strip().startswith(label.rstrip("…"))


# --- Asked twice ------------------------------------------------------------------------------------------


def ask(client: Client, campaign: Campaign, etag: str = "") -> HttpResponse:
    headers = {"If-None-Match": etag} if etag else {}
    return client.get(at("picture", campaign), SPRING, headers=headers)


def test_the_same_question_has_the_same_answer_to_the_byte(desk: Desk, one_of_each: dict[str, Entry]) -> None:
    first, second = (ask(desk.client(), desk.campaign) for _ in range(2))
    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    again = ask(desk.client(), desk.campaign, first["ETag"])
    assert (again.status_code, again.content) == (304, b"")


def test_it_is_sent_gzipped_and_known_again_by_the_name_it_then_has(
    desk: Desk, one_of_each: dict[str, Entry]
) -> None:
    plain = ask(desk.client(), desk.campaign)
    packed = desk.client().get(at("picture", desk.campaign), SPRING, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 2
    assert packed["ETag"] == f"W/{plain['ETag']}"
    assert ask(desk.client(), desk.campaign, packed["ETag"]).status_code == 304


def test_another_days_another_readers_and_a_changed_picture_are_sent_anew(
    desk: Desk, clock: Clock, one_of_each: dict[str, Entry]
) -> None:
    etag = ask(desk.client(), desk.campaign)["ETag"]
    make.update(desk.campaign, visibility="staff")
    edit_entry(
        entry=one_of_each["update"],
        facts=make.facts(headline="Ofcom closes its consultation", date="2026-03-03"),
        version=1,
        by=make.owner_of(desk.campaign),
    )
    changed = ask(desk.client(), desk.campaign, etag)
    assert (changed.status_code, changed["ETag"] != etag) == (200, True)
    assert "Ofcom closes its consultation" in changed.content.decode()
    assert ask(desk.client("viewer"), desk.campaign, changed["ETag"]).status_code == 200
    clock.at = AT + DAY
    assert ask(desk.client(), desk.campaign, changed["ETag"]).status_code == 200


def test_a_picture_is_kept_by_its_reader_alone(desk: Desk) -> None:
    make.update(desk.campaign)
    assert "private" in ask(desk.client(), desk.campaign)["Cache-Control"]


# --- Windows that are none --------------------------------------------------------------------------------

BAD = [
    "nonsense",
    "0000",
    "9999",
    "10000",
    "-1",
    "\x00",
    "2026\x00",
    "x" * 500,
    "2026-02-30",
    "tomorrow",
    "['']",
]


@pytest.mark.parametrize("end", ["from", "to"])
@pytest.mark.parametrize("typed", BAD)
def test_a_bad_window_is_answered_with_a_sentence(desk: Desk, end: str, typed: str) -> None:
    entry = make.update(desk.campaign)
    fragment = desk.get("picture", query={end: typed})
    assert fragment.status_code == 400
    said = fragment.json()["error"]
    assert said[0].isupper() or said[0] == "“"
    assert len(said) > 20
    page = desk.get("timeline", query={end: typed})
    assert page.status_code == 200
    assert f"{' '.join(said.split())} This shows everything instead." in text_of(page)
    assert f'id="m{entry.pk}"' in page.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        {"from": "", "to": ""},
        {"from": "2026-07-31", "to": "2026-02-01"},
        {"from": "0001", "to": "0001"},
        {"from": "9998", "to": "9998"},
        {"from": "0001", "to": "9998"},
        {"from": "2026-03-10", "to": "2026-03-10"},
        {"from": ["2026-01-01", "2026-02-01"]},
        {"fold": ["", "x" * 500, "\x00"]},
        {"width": "9" * 400},
    ],
)
def test_any_other_window_is_drawn(desk: Desk, query: dict[str, Any]) -> None:
    make.update(desk.campaign)
    for name in ("picture", "timeline"):
        response = desk.get(name, query=query)
        assert response.status_code == 200
        for direction in ("earlier", "later", "closer", "wider", "all", "today"):
            (href,) = re.findall(rf'<a href="([^"]*)" data-go="{direction}"', response.content.decode())
            followed = desk.client().get(at("picture", desk.campaign) + href.replace("&amp;", "&"))
            assert followed.status_code == 200, direction


def test_upside_down_is_the_same_picture_the_right_way_up(desk: Desk) -> None:
    make.update(desk.campaign)
    turned = drawing(desk.get("picture", query={"from": SPRING["to"], "to": SPRING["from"]}))
    assert [turned.get(name) for name in ("data-first", "data-days")] == [
        drawn(desk).get(name) for name in ("data-first", "data-days")
    ]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(st.text(max_size=45), st.text(max_size=45), st.text(max_size=8), st.text(max_size=12))
def test_no_address_is_too_odd(desk: Desk, first: str, last: str, width: str, fold: str) -> None:
    if not Entry.everything.exists():
        make.update(desk.campaign)
    query = {"from": first, "to": last, "width": width, "fold": fold}
    response = desk.client().get(
        at("picture", desk.campaign), {k: v.encode("utf-8", "replace") for k, v in query.items()}
    )
    assert response.status_code in (200, 400)


def test_next_deadline_leads_to_the_next_after_the_middle(desk: Desk) -> None:
    for day in ("2026-03-20", "2026-05-20", "2026-12-20"):
        make.milestone(desk.campaign, target=day)
    response = desk.get("picture", query={"from": "2026-04-01", "to": "2026-04-30"})
    (href,) = re.findall(r'<a href="([^"]*)" data-go="next"', response.content.decode())
    there = drawing(desk.client().get(at("picture", desk.campaign) + href.replace("&amp;", "&")))
    first, days = (int(there.get(name, "")) for name in ("data-first", "data-days"))
    assert (first + days // 2, days) == (date(2026, 5, 20).toordinal(), 30)


# --- What it costs ----------------------------------------------------------------------------------------


def fill(campaign: Campaign, each: int, *, first: int) -> None:
    """So many of every kind: milestones that moved, and each entry linked to the one before it."""
    for number in range(first, first + each):
        day = f"2026-{number % 6 + 2:02d}-{number % 28 + 1:02d}"
        name = f"Person {number}"
        milestone = make.milestone(campaign, target=day)
        statistic = make.statistic(campaign, date=day)
        quote = make.quote(campaign, date=day, person=make.person(campaign, name))
        if number % 3 == 0:
            moved(milestone, "2026-07-30")
        make.link(statistic.entry, milestone.entry)
        make.link(make.update(campaign, date=day), quote.entry)


@pytest.mark.parametrize("who", ["owner", "viewer"])
def test_the_picture_costs_as_many_queries_for_three_hundred_entries_as_for_ten(desk: Desk, who: str) -> None:
    address = at("picture", desk.campaign) + "?from=2026-02-01&to=2026-07-31"
    fill(desk.campaign, 3, first=0)
    few = query_count(desk.client(who), address)
    fill(desk.campaign, 72, first=3)
    rebuild(desk.campaign)
    assert Entry.everything.count() == 300
    assert len(ids(drawing(desk.client("owner").get(address)))) == 300
    assert query_count(desk.client(who), address) == few <= 32


# --- When Parliament does not sit -------------------------------------------------------------------------


def rest(first: str, last: str, *, sort: Break = Break.RECESS, chamber: Chamber = Chamber.COMMONS) -> None:
    record_break(
        chamber=chamber,
        sort=sort,
        name=sort.label.capitalize(),
        first=date.fromisoformat(first),
        last=date.fromisoformat(last),
        source="https://www.parliament.uk/recess",
        by=None,
    )


def shades(svg: Drawing) -> list[tuple[str, int, int]]:
    return [
        (part.get("class", ""), int(part.get("data-day", "")), int(part.get("data-until", "")))
        for part in of_class(svg, "break")
    ]


def test_days_without_a_sitting_are_shaded_and_said_in_words(desk: Desk) -> None:
    make.update(desk.campaign)
    rest("2026-04-03", "2026-04-12")
    rest("2026-05-01", "2026-05-11", sort=Break.PROROGATION, chamber=Chamber.BOTH)
    rest("2020-05-01", "2020-05-11")
    first, second = date(2026, 4, 3).toordinal(), date(2026, 5, 1).toordinal()
    expected = [("break recess", first, first + 10), ("break prorogation", second, second + 11)]
    svg = drawn(desk)
    assert shades(svg) == expected
    words = "Recess, House of Commons, 3 to 12 April 2026"
    assert "".join(of_class(svg, "break")[0].itertext()) == words
    for name in ("picture", "timeline"):
        said = text_of(desk.get(name, query=SPRING))
        assert "Shaded: Parliament does not sit, twice here" in said
        assert said.count(words) >= 1
    file = desk.get("timeline_svg", query=SPRING).content.decode()
    assert (file.count('class="break '), f"<title>{words}</title>" in file) == (2, True)


def test_of_breaks_that_overlap_each_day_is_shaded_once(desk: Desk) -> None:
    make.update(desk.campaign)
    rest("2026-04-03", "2026-04-12")
    rest("2026-04-08", "2026-04-20", chamber=Chamber.LORDS)
    rest("2026-04-04", "2026-04-05", chamber=Chamber.LORDS)
    found = shades(drawn(desk))
    assert [(date.fromordinal(a), date.fromordinal(b)) for _, a, b in found] == [
        (date(2026, 4, 3), date(2026, 4, 13)),
        (date(2026, 4, 13), date(2026, 4, 21)),
    ]


def test_the_shading_can_be_left_out_and_had_back(desk: Desk) -> None:
    make.update(desk.campaign)
    rest("2026-04-03", "2026-04-12")
    without = desk.get("picture", query=SPRING | {"fold": "breaks"})
    assert shades(drawing(without)) == []
    back = link_called(without, "Shade the days on which Parliament does not sit")
    assert back is not None
    assert len(shades(drawing(desk.client().get(at("picture", desk.campaign) + back)))) == 1
    assert link_called(desk.get("picture", query=SPRING), "Leave the shading out")


def test_shading_costs_one_query_and_nothing_is_said_where_nothing_is_known(desk: Desk) -> None:
    make.update(desk.campaign)
    address = at("picture", desk.campaign) + "?from=2026-02-01&to=2026-07-31"
    with_shades = query_count(desk.client(), address)
    assert query_count(desk.client(), address + "&fold=breaks") == with_shades - 1
    assert "Parliament does not sit" not in text_of(desk.get("picture", query=SPRING))
    for day in range(1, 20):
        rest(f"2026-03-{day:02d}", f"2026-03-{day:02d}")
    assert query_count(desk.client(), address) == with_shades


# --- Another day ------------------------------------------------------------------------------------------


def test_an_outcome_is_known_from_when_it_was_recorded(desk: Desk, clock: Clock) -> None:
    milestone = make.milestone(desk.campaign, target="2026-03-20")
    clock.at = AT + 10 * DAY
    owner = desk.cast["owner"]
    settle(milestone=milestone, outcome=Outcome.MET, on=TODAY, by=owner, at=AT + 5 * DAY)
    for day, said in (("2026-03-12", "in 8 days"), ("2026-03-16", "met 10 days early")):
        svg = drawn(desk, asof=day)
        assert said in item(svg, milestone.entry).get("aria-label", ""), day
        assert said in text_of(desk.get("timeline", query={"asof": day}))


@pytest.mark.parametrize("zone", ["Europe/Paris", "America/New_York"])
@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "1900-01-01", "9999-12-31"])
def test_a_day_that_is_too_far_is_refused_in_any_zone(day: str, zone: str, desk: Desk) -> None:
    desk.campaign.time_zone = zone
    desk.campaign.save()
    make.milestone(desk.campaign)
    status = 200 if day == "1900-01-01" else 400
    assert desk.get("picture", query={"asof": day}).status_code == status
    assert desk.get("timeline_svg", query={"asof": day}).status_code == status
    assert desk.get("timeline", query={"asof": day}).status_code == 200


def test_a_filter_that_is_narrowed_stays_on_its_day(desk: Desk, clock: Clock) -> None:
    make.update(desk.campaign)
    clock.at = AT + 10 * DAY
    page = desk.get("timeline", query={"asof": "2026-03-12", "words": "Ofcom"})
    form = page.content.decode().partition('<form method="get" class="filters"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="asof" value="2026-03-12">' in form
    assert "?asof=2026-03-12" in link_called(page, "Show everything")
    assert 'name="asof"' not in desk.get("timeline").content.decode().partition("</form>")[0]


# --- So many on one day -----------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [90, 91, 150])
def test_very_many_on_one_day_are_all_counted_at_any_zoom(desk: Desk, count: int) -> None:
    """In rows while they are few enough, then in one column, down to a window of that day alone. Where a day
    has not room for all of them, the lane says of how many it shows some."""
    for number in range(count):
        make.update(desk.campaign, headline=f"Entry {number}", date="2026-03-04")
    for query in (SPRING, EVERYTHING, {"from": "2026-03-04", "to": "2026-03-04"}, {"width": "280"}):
        svg = drawing(desk.get("picture", query=query))
        shown = len(ids(svg)) + counts(svg).total()
        assert shown == count or texts(svg, "count") == [f"{shown} of {count}"]
        assert len(of_class(svg, "column")) <= 1
        assert float(svg.get("height", "")) < 900


def test_a_headline_longer_than_may_be_is_refused_with_a_sentence(desk: Desk) -> None:
    answer = desk.post("add_entry", {"headline": "x" * 2_000, "date": "4 March 2026"}, kind="update")
    assert answer.status_code == 200
    said = text_of(answer)
    assert "300 characters" in said and "2000" in said.replace(",", "")
    assert "x" * 2_000 in answer.content.decode()  # what was typed is kept
    assert not Entry.everything.exists()


@pytest.mark.parametrize("as_of", ["", "2026-03-09"])
def test_with_no_entries_there_is_a_page_and_a_picture(desk: Desk, as_of: str) -> None:
    query = SPRING | {"asof": as_of}
    page = desk.get("timeline", query=query)
    assert page.status_code == 200
    assert '<svg class="picture"' not in page.content.decode()
    svg = drawn(desk, asof=as_of)
    assert (ids(svg), counts(svg)) == ([], Counter())
    assert texts(svg, "title") == ["Milestones", "Statistics", "Quotes", "Updates"]
