"""The page and the chart of a series, and what is said of a figure wherever it stands."""

from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.campaigns.models import Campaign
from apps.dates import parse
from apps.evidence.models import Series, Statistic
from apps.timeline.actions import record_use
from apps.timeline.models import Entry, Way
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import query_count, table_in
from tests.make import AT
from tests.pages import text_of

STATISTIC = {
    "measure": "Offences",
    "figure": "389",
    "unit": "offences",
    "date": "3 September 2020",
    "visibility": "team",
}


def figure(
    campaign: Campaign, period: str, value: int = 389, *, as_of: str = "2020-09-03", **more: Any
) -> Statistic:
    facts = {name: more.pop(name) for name in ("visibility", "headline") if name in more}
    said = make.figure(period=parse(period), figure=Decimal(value), **more)
    return make.statistic(campaign, figure=said, date=as_of, **facts)


@pytest.fixture
def years(desk: Desk) -> list[Statistic]:
    """191, then 389, then 402 by a new method; 191 was given as 190 before."""
    campaign = desk.campaign
    first = figure(campaign, "2018-04/2019-03", 190, as_of="2019-09-03", baseline=None, stated_change=None)
    revised = figure(campaign, "2018-04/2019-03", 191, baseline=None, stated_change=None)
    second = figure(campaign, "2019-04/2020-03")
    third = figure(
        campaign, "2020-04/2021-03", 402, as_of="2021-09-03", break_because="Recording rules changed"
    )
    return [first, revised, second, third]


def test_what_was_typed_comes_apart_into_figure_hedge_and_unit(desk: Desk) -> None:
    typed = STATISTIC | {
        "figure": "about £3.4bn",
        "unit": "",
        "stated_change": "almost doubled",
        "baseline": "1.8bn",
    }
    desk.post("add_entry", typed, kind="statistic")
    row = Statistic.everything.get()
    assert (row.figure, row.figure_step, row.unit, row.hedge) == (3_400_000_000, 10**8, "£", "about")
    assert (row.stated_change, row.change_sort, row.change_hedge) == (2, "times", "nearly")
    assert row.entry.headline == "About £3.4 billion: Offences"
    said = text_of(desk.get("entry", pk=row.pk))
    assert (
        "about 3.4 billion vs 1.8 billion → 3,400,000,000 / 1,800,000,000 = 1.89 times, stated nearly 2 times"
        in said
    )


def test_editing_without_a_change_changes_nothing(desk: Desk) -> None:
    typed = STATISTIC | {
        "figure": "about 10k?",
        "baseline": "5.2k",
        "stated_change": "down 12.50%",
        "next_release": "2027",
    }
    desk.post("add_entry", typed, kind="statistic")
    before = Statistic.everything.values().get()
    form = desk.get("edit_entry", pk=before["entry_id"]).context["form"]
    again = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    again = {name: value for name, value in again.items() if value != []}
    assert desk.post("edit_entry", again, pk=before["entry_id"]).status_code == 302
    assert Statistic.everything.values().get() == before


def test_a_sort_that_the_words_contradict_is_refused(desk: Desk) -> None:
    typed = STATISTIC | {"stated_change": "3 points", "change_sort": "times"}
    errors = desk.post("add_entry", typed, kind="statistic").context["form"].errors
    assert errors == {"change_sort": ["The change says “percentage points”. Make them agree."]}


def test_a_hedge_that_the_figure_contradicts_is_refused(desk: Desk) -> None:
    typed = STATISTIC | {"figure": "over 389", "hedge": "about"}
    errors = desk.post("add_entry", typed, kind="statistic").context["form"].errors
    assert errors == {"hedge": ["The figure says “over”. Make them agree."]}


def test_a_change_without_an_earlier_figure_is_kept_and_not_judged(desk: Desk) -> None:
    desk.post("add_entry", STATISTIC | {"stated_change": "104%"}, kind="statistic")
    said = text_of(desk.get("entry", pk=Statistic.everything.get().pk))
    assert "not checkable stated 104%. No earlier figure is given to measure the change from." in said


def test_the_page_of_a_series_is_its_chart_in_words_and_as_a_table(
    desk: Desk, years: list[Statistic]
) -> None:
    response = desk.get("series", pk=years[0].series_id)
    rows = table_in(response)
    assert [row[1] for row in rows] == [
        "402 offences",
        "389 offences",
        "191 offences",
        "190 offences revised on 3 September 2020",
    ]
    assert rows[0][0] == "April 2020 to March 2021 new method Recording rules changed"
    assert [row[4] for row in rows] == ["104% different basis", "104% consistent", "–", "–"]
    said = text_of(response)
    assert "3 figures, from 191 offences (2018/19) to 402 offences (2020/21)." in said
    assert "counted by different methods" in said
    assert "A new method begins with 2020/21: Recording rules changed." in said


def test_the_chart_is_an_image_with_a_policy_of_its_own(desk: Desk, years: list[Statistic]) -> None:
    response = desk.get("chart", pk=years[0].series_id)
    assert (response["Content-Type"], response["Cache-Control"]) == ("image/svg+xml", "private, no-cache")
    policy = response["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    again = desk.client().get(response.wsgi_request.path, headers={"If-None-Match": response["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_the_chart_stands_over_zero_and_marks_the_break_in_words(desk: Desk, years: list[Statistic]) -> None:
    root = ElementTree.fromstring(desk.get("chart", pk=years[0].series_id).content)
    svg = "{http://www.w3.org/2000/svg}"
    texts = [node.text for node in root.iter(f"{svg}text")]
    assert {"0", "191", "389", "402", "new method", "2018/19", "offences"} <= set(texts)
    assert "190" not in texts  # revised since
    assert root.find(f"{svg}title").text == "Recorded offences, West Mercia"  # type: ignore[union-attr]
    assert "402 offences" in (root.find(f"{svg}desc").text or "")  # type: ignore[union-attr]
    assert root.attrib["role"] == "img"
    tags = {node.tag.removeprefix(svg) for node in root.iter()}
    assert tags & {"script", "image", "foreignObject", "a"} == set()
    assert [node for node in root.iter() if "style" in node.attrib] == []


@pytest.mark.parametrize("width", ["", "350", "1", "99999", "-3", "x", "999999999"])
def test_any_width_is_drawn(width: str, desk: Desk, years: list[Statistic]) -> None:
    response = desk.get("chart", query={"width": width}, pk=years[0].series_id)
    drawn = float(ElementTree.fromstring(response.content).attrib["width"])
    assert 250 <= drawn <= 1_300


@pytest.mark.parametrize(
    "period, value", [("0001", 1), ("9998", 0), ("2020-04/..", -5), ("../2020-12-31", 10**14)]
)
def test_figures_of_any_time_and_size_are_drawn(period: str, value: int, desk: Desk) -> None:
    row = figure(desk.campaign, period, value)
    figure(desk.campaign, "2019", 3)
    assert desk.get("chart", pk=row.series_id).status_code == 200
    assert desk.get("series", pk=row.series_id).status_code == 200


def test_what_people_typed_is_drawn_as_text(desk: Desk) -> None:
    name = "<script>alert(1)</script> & 'x' datum.value"
    row = figure(desk.campaign, "2019", measure=name, unit="<b>", break_because=name)
    figure(desk.campaign, "2020", measure=name, unit="<b>", break_because=name)
    response = desk.get("chart", pk=row.series_id)
    assert "<script" not in response.content.decode()
    ElementTree.fromstring(response.content)
    assert "<script>alert" not in desk.get("series", pk=row.series_id).content.decode()


def test_one_figure_makes_no_picture(desk: Desk) -> None:
    row = figure(desk.campaign, "2019")
    response = desk.get("series", pk=row.series_id)
    assert "One figure: 389 offences (2019). A second one makes a chart." in text_of(response)
    assert "<img" not in response.content.decode()


def test_a_series_without_a_published_figure_says_so(desk: Desk) -> None:
    row = make.statistic(desk.campaign, approved=False)
    assert "No figure of it is published yet." in text_of(desk.get("series", pk=row.series_id))
    assert desk.get("chart", pk=row.series_id).status_code == 404
    assert desk.get("series", pk=row.series_id, who="viewer").status_code == 404


def test_hidden_figures_are_in_no_part_of_the_page(desk: Desk, years: list[Statistic]) -> None:
    figure(desk.campaign, "2021-04/2022-03", 777, visibility="staff")
    pk = years[0].series_id
    for who, seen in (("owner", True), ("viewer", False)):
        for name in ("series", "chart"):
            assert ("777" in desk.get(name, pk=pk, who=who).content.decode()) is seen


def test_a_superseded_figure_says_so_on_its_page_in_the_list_and_in_feeds(
    desk: Desk, years: list[Statistic]
) -> None:
    first, revised, second, third = years
    said = text_of(desk.get("entry", pk=first.pk))
    assert "superseded Revised on 3 September 2020: 191 offences for the same period." in said
    assert "newer For a later period: 402 offences" in said
    said = text_of(desk.get("timeline", query={"start": "2000"}))
    assert said.count("superseded, newer: 2020/21") == 2
    assert said.count("superseded, revised on 3 September 2020") == 1
    feed = desk.get("timeline_json").json()["entries"]
    assert [row["statistic"]["superseded"] for row in feed] == [
        "revised on 3 September 2020",
        "newer: 2020/21",
        "newer: 2020/21",
        None,
    ]
    assert feed[0]["statistic"]["superseded_by"].endswith(f"/entries/{revised.pk}/")
    assert "Superseded; newer: 2020/21" in desk.get("timeline_atom").content.decode()
    assert "superseded" in desk.get("picture").content.decode()


def test_rewound_a_figure_stands_as_it_stood(desk: Desk) -> None:
    figure(desk.campaign, "2018")
    row = make.statistic(desk.campaign, figure=make.figure(period=parse("2019")), at=AT)
    Entry.everything.exclude(pk=row.pk).update(recorded_at=AT.replace(year=2025))
    assert "superseded" in text_of(desk.get("timeline", query={"start": "2000"}))
    assert "superseded" not in text_of(desk.get("timeline", query={"asof": "2026-01-01"}))


def test_new_figures_that_were_due_are_flagged_until_they_are_there(desk: Desk) -> None:
    row = figure(desk.campaign, "2019", next_release=parse("2026-03-09"))
    open_still = figure(desk.campaign, "2019", area="Kent", next_release=parse("2026-03-10"))
    flag = "New figures were due on 9 March 2026"
    assert flag in text_of(desk.get("entry", pk=row.pk))
    assert flag in text_of(desk.get("series", pk=row.series_id))
    assert "new figures were due on 9 March 2026" in text_of(desk.get("timeline", query={"start": "2000"}))
    assert "were due" not in text_of(desk.get("entry", pk=open_still.pk))
    figure(desk.campaign, "2020")
    assert "were due" not in text_of(desk.get("entry", pk=row.pk))


def test_the_page_of_a_figure_lists_where_it_went_to_staff_alone(desk: Desk, years: list[Statistic]) -> None:
    entry = Entry.everything.get(pk=years[2].pk)
    owner = make.owner_of(desk.campaign)
    record_use(
        entries=[entry], way=Way.EXPORTED, form="Word", where="Budget pack, version 2", by=owner, at=AT
    )
    said = text_of(desk.get("entry", pk=entry.pk))
    assert "Exported as Word, Budget pack, version 2" in said
    assert "A newer figure has come out; whoever has it from here may not know." in said
    assert "Budget pack" not in text_of(desk.get("entry", pk=entry.pk, who="viewer"))


def test_an_entry_linked_to_a_superseded_figure_says_so(desk: Desk, years: list[Statistic]) -> None:
    update = make.update(desk.campaign)
    make.link(update, Entry.everything.get(pk=years[2].pk))
    assert "newer: 2020/21" in text_of(desk.get("entry", pk=update.pk))


def test_a_series_is_renamed_and_noted(desk: Desk, years: list[Statistic]) -> None:
    pk = years[0].series_id
    assert (
        desk.post("edit_series", {"name": "Our series", "note": "Of the police."}, pk=pk).status_code == 302
    )
    assert "Of the police." in text_of(desk.get("series", pk=pk))
    assert "Our series" in text_of(desk.get("all_series"))
    assert [row.name for row in Series.history.all()] == ["Our series", "Recorded offences, West Mercia"]
    response = desk.post("edit_series", {"name": " ", "note": "kept"}, pk=pk)
    assert (response.status_code, response.context["form"]["note"].value()) == (200, "kept")


def test_a_figure_joins_the_series_that_is_picked_by_name(desk: Desk, years: list[Statistic]) -> None:
    desk.post("add_entry", STATISTIC | {"series": "recorded offences, west mercia"}, kind="statistic")
    row = Statistic.everything.latest("pk")
    assert row.series == years[0].series
    form = desk.get("edit_entry", pk=row.pk).context["form"]
    assert form["series"].value() == "Recorded offences, West Mercia"
    assert desk.get("edit_entry", pk=years[0].pk).context["form"]["series"].value() is None


def test_pages_cost_the_same_however_many_figures_there_are(desk: Desk, years: list[Statistic]) -> None:
    client = desk.client()
    addresses = [
        desk.get(name, query=query, **parts).wsgi_request.get_full_path()
        for name, query, parts in (
            ("series", {}, {"pk": years[0].series_id}),
            ("chart", {}, {"pk": years[0].series_id}),
            ("timeline", {"start": "2000"}, {}),
            ("timeline_json", {}, {}),
            ("timeline_atom", {}, {}),
            ("entry", {}, {"pk": years[0].pk}),
        )
    ]
    before = [query_count(client, address) for address in addresses]
    for year in range(2000, 2015):
        figure(desk.campaign, str(year), year)
        figure(desk.campaign, str(year), year, area="Kent")
    assert [query_count(client, address) for address in addresses] == before


def test_a_page_whose_figures_all_stand_asks_nothing_about_them(desk: Desk) -> None:
    figure(desk.campaign, "2019")
    client, address = desk.client(), desk.get("timeline_atom").wsgi_request.path
    lone = query_count(client, address)
    figure(desk.campaign, "2020")
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len(asked) == lone + 1  # the figures of the series
