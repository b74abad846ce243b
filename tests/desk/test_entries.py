"""Adding and editing entries: bad input, two tabs, and clearing quotes."""

from decimal import Decimal
from typing import Any

import pytest

from apps.desk.proposed import typed_in
from apps.intake.models import Proposal
from apps.people.models import Person
from apps.timeline.models import Entry
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT, DAY
from tests.pages import everything_stored, problems_of, text_of

UPDATE = {"headline": "We wrote to Ofcom", "date": "3 September 2020", "visibility": "team"}
QUOTE = {"words": "The law must catch up.", "person": "Andy Burrows", "date": "2021", "visibility": "team"}
STATISTIC = {"measure": "Offences", "figure": "389", "unit": "offences", "date": "2021", "visibility": "team"}
MILESTONE = {"headline": "Royal Assent", "date": "by the end of 2027", "visibility": "team"}
KINDS = {"update": UPDATE, "quote": QUOTE, "statistic": STATISTIC, "milestone": MILESTONE}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_added_and_shown(kind: str, desk: Desk) -> None:
    response = desk.post("add_entry", KINDS[kind], kind=kind)
    entry = Entry.everything.get()
    assert (response.status_code, entry.kind, entry.state) == (302, kind, "published")
    assert entry.headline in text_of(desk.get("entry", pk=entry.pk))


@pytest.mark.parametrize("kind", KINDS)
def test_what_volunteers_add_waits_for_approval(kind: str, desk: Desk) -> None:
    response = desk.post("add_entry", KINDS[kind], kind=kind, who="volunteer")
    assert (response.status_code, response["Location"].endswith("/sent/")) == (302, True)
    assert not Entry.everything.exists()
    row = Proposal.objects.get()
    assert (row.state, row.sort, row.kind) == ("waiting", "entry", kind)
    assert row.proposed_by == desk.cast["volunteer"]
    desk.post("accept_proposal", {"version": 1}, pk=row.pk, who="advocacy")
    assert Entry.everything.get().state == "published"


def edit(desk: Desk, entry: Entry, **changed: str) -> Entry:
    """Send the form as it came, but for what is changed; the entry as it stands then."""
    form = desk.get("edit_entry", pk=entry.pk).context["form"]
    response = desk.post("edit_entry", typed_in(form) | changed | {"version": entry.version}, pk=entry.pk)
    assert response.status_code == 302, problems_of(response)
    return Entry.everything.select_related("statistic", "quote").get(pk=entry.pk)


@pytest.mark.parametrize(
    ("kind", "changed", "headline"),
    [
        ("statistic", {"figure": "398"}, "398 offences: Offences"),
        ("statistic", {"hedge": "over", "area": "Kent"}, "Over 389 offences: Offences, Kent"),
        ("statistic", {"note": "Checked."}, "389 offences: Offences"),
        ("quote", {"words": "The law has caught up."}, "Andy Burrows: “The law has caught up.”"),
        ("quote", {"person": "Jo Smith"}, "Jo Smith: “The law must catch up.”"),
    ],
)
def test_a_headline_that_was_made_follows_what_it_is_made_of(
    kind: str, changed: dict[str, str], headline: str, desk: Desk
) -> None:
    desk.post("add_entry", KINDS[kind], kind=kind)
    entry = edit(desk, Entry.everything.get(), **changed)
    assert entry.headline == headline
    own = edit(desk, entry, headline="In our own words")
    assert edit(desk, own, **(changed | {"note": "Once more."})).headline == "In our own words"
    assert edit(desk, Entry.everything.get(), headline="").headline == headline


@pytest.mark.parametrize(
    ("change", "stored"),
    [("halved", (-50, 5, "", "percent")), ("almost doubled", (2, Decimal("0.1"), "nearly", "times"))],
)
def test_a_change_in_one_word_stays_what_it_was_when_all_else_is_edited(
    change: str, stored: tuple[Any, ...], desk: Desk
) -> None:
    desk.post(
        "add_entry",
        {**STATISTIC, "figure": "98", "baseline": "200", "stated_change": change},
        kind="statistic",
    )
    for entry in (Entry.everything.get(), edit(desk, Entry.everything.get(), note="Checked.")):
        row = entry.statistic
        assert (row.stated_change, row.change_step, row.change_hedge, row.change_sort) == stored


BAD: list[tuple[str, str, str, str]] = [
    ("update", "headline", "", "headline"),
    ("update", "headline", "x" * 301, "headline"),
    ("update", "headline", "x" * 100_000, "headline"),
    ("update", "headline", "bell \x07", "headline"),
    ("update", "headline", "nul \x00", "headline"),
    ("update", "note", "x" * 20_001, "note"),
    ("update", "date", "", "date"),
    ("update", "date", "2021-13", "date"),
    ("update", "date", "2021-02-30", "date"),
    ("update", "date", "soon", "date"),
    ("update", "date", "2021/2019", "date"),
    ("update", "date", "0000", "date"),
    ("update", "date", "\x00", "date"),
    ("update", "visibility", "everybody", "visibility"),
    ("update", "embargo_until", "tomorrow", "embargo_until"),
    ("update", "source_url", "javascript:alert(1)", "source_url"),
    ("update", "source_publisher", "Somebody", "source"),
    ("update", "tags", "x" * 51, "tags"),
    ("update", "person", "Nobody [999999]", "person"),
    ("update", "person", "x" * 201, "person"),
    ("update", "organisation", "x" * 201, "organisation"),
    ("quote", "words", "", "words"),
    ("quote", "person", "", "person"),
    ("statistic", "figure", "many", "figure"),
    ("statistic", "figure", "NaN", "figure"),
    ("statistic", "figure", "1e30", "figure"),
    ("statistic", "figure", "", "figure"),
    ("statistic", "figure", "one in five", "figure"),
    ("statistic", "figure", "10–20", "figure"),
    ("statistic", "figure", "389 crimes", "figure"),
    ("statistic", "figure", "<script>alert(1)</script>", "figure"),
    ("statistic", "figure", "9" * 100_000, "figure"),
    ("statistic", "figure", "3\x00", "figure"),
    ("statistic", "figure", "½", "figure"),
    ("statistic", "baseline", "about 191", "baseline"),
    ("statistic", "baseline", "£191", "baseline"),
    ("statistic", "stated_change", "2.5 times more", "stated_change"),
    ("statistic", "stated_change", "a lot", "stated_change"),
    ("statistic", "change_sort", "somehow", "change_sort"),
    ("statistic", "change_basis", "felt", "change_basis"),
    ("statistic", "price_rise", "-100", "price_rise"),
    ("statistic", "price_rise", "1e9", "price_rise"),
    ("statistic", "next_release", "soon", "next_release"),
    ("statistic", "break_because", "x" * 301, "break_because"),
    ("statistic", "series", "None [999999]", "series"),
    ("statistic", "series", "x" * 301, "series"),
    ("milestone", "date", "from 2021 onwards", "date"),
    ("milestone", "owner", "999999", "owner"),
]


@pytest.mark.parametrize("kind, field, value, wrong", BAD, ids=lambda value: str(value)[:20])
def test_bad_input_is_named_beside_its_field_and_nothing_is_saved(
    kind: str, field: str, value: str, wrong: str, desk: Desk
) -> None:
    before = everything_stored()
    response = desk.post("add_entry", {**KINDS[kind], field: value}, kind=kind)
    assert list(problems_of(response)) == [wrong]
    assert response.context["form"][field].value() == value
    assert everything_stored() == before


def test_embargoes_beyond_the_calendar_are_refused(desk: Desk) -> None:
    for moment in ("0001-01-01T00:00", "9999-12-31T23:59"):
        response = desk.post("add_entry", {**UPDATE, "embargo_until": moment}, kind="update")
        assert list(problems_of(response)) == ["embargo_until"]


@pytest.mark.parametrize("field", ["person", "organisation", "source"])
def test_another_campaigns_number_is_no_one_here(field: str, desk: Desk, other_campaign: Any) -> None:
    theirs = getattr(make, field)(other_campaign)
    response = desk.post("add_entry", {**UPDATE, field: f"x [{theirs.pk}]"}, kind="update")
    assert list(problems_of(response)) == [field]
    assert str(theirs) not in text_of(response)


def test_namesakes_are_told_apart_by_number(desk: Desk) -> None:
    first, second = make.person(desk.campaign, "Jo Smith"), make.person(desk.campaign, "Jo Smith")
    response = desk.post("add_entry", {**UPDATE, "person": "Jo Smith"}, kind="update")
    assert problems_of(response) == {
        "person": [
            "There is more than one Jo Smith here. "
            f"Say which: Jo Smith [{first.pk}] or Jo Smith [{second.pk}]."
        ]
    }
    desk.post("add_entry", {**UPDATE, "person": f"Jo Smith [{second.pk}]"}, kind="update")
    assert Entry.everything.get().person == second
    assert Person.objects.count() == 2


def test_the_second_of_two_tabs_is_told_and_loses_nothing(desk: Desk) -> None:
    entry = make.update(desk.campaign)
    mine = {**UPDATE, "headline": "Mine", "version": entry.version}
    desk.post("edit_entry", {**mine, "headline": "Theirs"}, pk=entry.pk, who="press")
    response = desk.post("edit_entry", mine, pk=entry.pk)
    assert "Nothing of theirs was overwritten" in problems_of(response)["__all__"][0]
    assert Entry.everything.get().headline == "Theirs"
    assert 'value="Mine"' in response.content.decode()
    assert ("Headline", "Theirs") in response.context["theirs"]
    again = {**mine, "version": response.context["form"]["version"].value()}
    assert desk.post("edit_entry", again, pk=entry.pk).status_code == 302
    assert Entry.everything.get().headline == "Mine"


def test_a_form_without_its_version_is_refused(desk: Desk) -> None:
    entry = make.update(desk.campaign)
    for version in ("", "x", "0"):
        response = desk.post("edit_entry", {**UPDATE, "version": version}, pk=entry.pk)
        assert response.status_code == 200
    assert Entry.everything.get().headline == entry.headline


def test_a_refused_edit_leaves_no_new_people_behind(desk: Desk) -> None:
    entry = make.update(desk.campaign)
    desk.post("edit_entry", {**UPDATE, "person": "Somebody new", "version": 99}, pk=entry.pk)
    assert Person.objects.count() == 0


def test_a_quote_changed_meanwhile_is_not_cleared(desk: Desk) -> None:
    quote = make.quote(desk.campaign)
    seen = quote.entry.version
    changed = {**QUOTE, "words": "Other words", "source": "Police figures, 2020", "version": seen}
    desk.post("edit_entry", changed, pk=quote.pk)
    for version in (str(seen), "", "x", "9" * 400):
        desk.post("clear_quote", {"version": version, "outlets": "press"}, pk=quote.pk)
        quote.refresh_from_db()
        assert quote.cleared_at is None
    desk.post("clear_quote", {"version": Entry.everything.get().version, "outlets": "press"}, pk=quote.pk)
    quote.refresh_from_db()
    assert quote.cleared_by == desk.cast["owner"]


def test_only_quotes_are_cleared(desk: Desk) -> None:
    entry = make.update(desk.campaign)
    assert desk.post("clear_quote", {"version": 1}, pk=entry.pk).status_code == 404


def test_there_are_no_other_kinds(desk: Desk) -> None:
    assert desk.get("add_entry", kind="rumour").status_code == 404


def test_a_volunteers_own_draft_stays_for_staff_only_once_staff_made_it_so(desk: Desk) -> None:
    draft = make.update(desk.campaign, by=desk.cast["volunteer"], approved=False)
    desk.post("edit_entry", {**UPDATE, "visibility": "staff", "version": draft.version}, pk=draft.pk)
    draft.refresh_from_db()
    shown = desk.get("edit_entry", pk=draft.pk, who="volunteer")
    assert "visibility" not in shown.context["form"].fields
    for asked in ({}, {"visibility": "public"}, {"visibility": "staff"}):
        data = {"headline": f"Mine {asked}", "date": "2021", "version": draft.version, **asked}
        assert desk.post("edit_entry", data, pk=draft.pk, who="volunteer").status_code == 302
        draft.refresh_from_db()
        assert (draft.headline, draft.visibility) == (f"Mine {asked}", "staff")


def test_a_volunteer_cannot_hide_an_entry_or_lift_an_embargo(desk: Desk) -> None:
    until = AT + DAY
    draft = make.update(desk.campaign, by=desk.cast["volunteer"], approved=False, embargo_until=until)
    data = {**UPDATE, "version": draft.version}
    refused = desk.post("edit_entry", {**data, "visibility": "staff"}, pk=draft.pk, who="volunteer")
    assert list(problems_of(refused)) == ["visibility"]
    desk.post("edit_entry", {**data, "embargo_until": ""}, pk=draft.pk, who="volunteer")
    draft.refresh_from_db()
    assert (draft.headline, draft.embargo_until) == (UPDATE["headline"], until)
