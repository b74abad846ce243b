"""Persons, organisations and posts: adding, editing, lists by name, and what volunteers cannot learn."""

from typing import Any

import pytest
from django.http import HttpResponse

from apps.intake.models import Proposal
from apps.people.models import Organisation, Person, Post
from apps.timeline.models import Entry
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import link_called, listed_in, query_count
from tests.make import AT, DAY
from tests.pages import at, everything_stored, problems_of, text_of

NAMED: dict[str, Any] = {"person": Person, "organisation": Organisation}
each = pytest.mark.parametrize("what", NAMED)


@each
def test_somebody_is_added_and_edited(what: str, desk: Desk) -> None:
    data = {"name": "  Ada   Byron ", "url": "example.org/ada", "note": "Counts\r\nthings"}
    assert desk.post(f"add_{what}", data).status_code == 302
    row = NAMED[what].objects.get()
    assert (row.name, row.url, row.created_by) == (
        "Ada Byron",
        "https://example.org/ada",
        desk.cast["owner"],
    )
    desk.post(f"edit_{what}", {"name": "Ada Lovelace"}, pk=row.pk, who="press")
    assert "Ada Lovelace" in text_of(desk.get(what, pk=row.pk))
    authors = row.history.order_by("history_id").values_list("name", "history_user")
    assert list(authors) == [
        ("Ada Byron", desk.cast["owner"].pk),
        ("Ada Lovelace", desk.cast["press"].pk),
    ]


BAD = [
    ("name", ""),
    ("name", " "),
    ("name", "x" * 201),
    ("name", "bell \x07"),
    ("name", "nul \x00"),
    ("url", "javascript:alert(1)"),
    ("url", "https://"),
    ("url", f"https://example.org/{'x' * 1000}"),
    ("note", "x" * 2001),
]


@each
@pytest.mark.parametrize(("field", "value"), BAD, ids=lambda value: value[:20])
def test_bad_input_is_named_and_nothing_is_saved(what: str, field: str, value: str, desk: Desk) -> None:
    row = getattr(make, what)(desk.campaign)
    before = everything_stored()
    for name, parts in ((f"add_{what}", {}), (f"edit_{what}", {"pk": row.pk})):
        response = desk.post(name, {"name": "Ada", field: value}, **parts)
        assert list(problems_of(response)) == [field]
        assert response.context["form"][field].value() == value
    assert everything_stored() == before


@each
def test_volunteers_edit_what_they_added_and_nothing_else(what: str, desk: Desk) -> None:
    desk.post(f"add_{what}", {"name": "Mine"}, who="volunteer")
    mine, theirs = NAMED[what].objects.get(), getattr(make, what)(desk.campaign, "Theirs")
    make.update(desk.campaign, **{what: theirs})
    got = {
        row.name: desk.post(f"edit_{what}", {"name": "New"}, pk=row.pk, who="volunteer").status_code
        for row in (mine, theirs)
    }
    assert got == {"Mine": 302, "Theirs": 403}
    refusal = desk.get(f"edit_{what}", pk=theirs.pk, who="volunteer")
    assert "Your role here is volunteer, which may not edit what others added." in text_of(refusal)


def test_two_persons_may_share_a_name_and_organisations_one_can_see_may_not(desk: Desk) -> None:
    for _ in range(2):
        desk.post("add_person", {"name": "Jo Smith"})
    assert Person.objects.count() == 2
    make.organisation(desk.campaign, "Ofcom")
    refused = {"name": ["An organisation of that name is here already."]}
    assert problems_of(desk.post("add_organisation", {"name": "OFCOM"})) == refused


def test_an_organisation_keeps_its_own_name(desk: Desk) -> None:
    ofcom = make.organisation(desk.campaign, "Ofcom")
    assert desk.post("edit_organisation", {"name": "OFCOM"}, pk=ofcom.pk).status_code == 302


@pytest.fixture
def hidden(desk: Desk) -> Entry:
    """An embargoed entry whose person, organisation and source stand nowhere else."""
    source = make.source(desk.campaign, title="Leaked memo", url="https://example.org/memo")
    person, organisation = make.person(desk.campaign, "Quiet One"), make.organisation(desk.campaign, "Hush")
    make.post(person, organisation=organisation)
    facts = {"person": person, "organisation": organisation, "source": source}
    return make.update(desk.campaign, headline="Secret", embargo_until=AT + DAY, **facts)


@pytest.mark.parametrize(
    ("name", "field", "typed", "like"),
    [
        ("add_person", "name", "Quiet One", "Nobody Else"),
        ("add_organisation", "name", "hush", "else"),
        ("add_source", "title", "Leaked memo", "Another one"),
        ("add_source", "url", "https://example.org/memo", "https://example.org/else"),
    ],
)
def test_a_volunteer_who_types_a_hidden_name_gets_a_row_of_their_own(
    name: str, field: str, typed: str, like: str, desk: Desk, hidden: Entry
) -> None:
    base = {"title": "Mine"} if name == "add_source" else {}
    said = [_added(desk, name, {**base, field: words}, words) for words in (typed, like)]
    assert said[0] == said[1]
    assert "Secret" not in said[0]


def _added(desk: Desk, name: str, data: dict[str, str], typed: str) -> str:
    """What the volunteer reads after adding it, with what they typed taken out."""
    client = desk.client("volunteer")
    response = client.post(at(name, desk.campaign), data, follow=True)
    assert [status for _, status in response.redirect_chain] == [302]
    return text_of(response).replace(typed, "…")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("person", "Quiet One"),
        ("organisation", "HUSH"),
        ("source", "Leaked memo"),
        ("source", "https://example.org/memo"),
    ],
)
def test_whoever_names_a_hidden_row_is_not_told_that_it_is_there(
    field: str, typed: str, desk: Desk, hidden: Entry
) -> None:
    data = {"headline": "Mine", "date": "2021", "visibility": "team", field: typed}
    assert desk.post("add_entry", data, kind="update", who="volunteer").status_code == 302
    assert Proposal.objects.get().fields[field] == typed  # as typed, not as what is here


def test_a_post_in_a_hidden_organisation_is_in_one_of_ones_own(desk: Desk, hidden: Entry) -> None:
    desk.post("add_person", {"name": "Ada"}, who="volunteer")
    ada = Person.objects.get(name="Ada")
    data = {"role": "Chair", "organisation": "Hush"}
    assert desk.post("add_post", data, pk=ada.pk, who="volunteer").status_code == 302
    made = ada.posts.get().organisation
    assert made is not None
    assert (made.created_by, Organisation.objects.filter(name="Hush").count()) == (desk.cast["volunteer"], 2)


def test_staff_are_told_of_the_hidden_row(desk: Desk, hidden: Entry) -> None:
    assert list(problems_of(desk.post("add_organisation", {"name": "Hush"}))) == ["name"]
    data = {"title": "Mine", "url": "https://example.org/memo"}
    assert list(problems_of(desk.post("add_source", data))) == ["url"]


def test_the_embargo_over_both_rows_stand_side_by_side(desk: Desk, hidden: Entry, clock: Any) -> None:
    desk.post("add_organisation", {"name": "Hush"}, who="volunteer")
    clock.at = AT + DAY
    twins = Organisation.objects.filter(name="Hush").order_by("pk")
    data = {"headline": "After", "date": "2021", "visibility": "team", "organisation": "Hush"}
    refused = problems_of(desk.post("add_entry", data, kind="update", who="volunteer"))
    choices = " or ".join(f"Hush [{row.pk}]" for row in twins)
    assert refused == {"organisation": [f"There is more than one Hush here. Say which: {choices}."]}


def test_a_post_is_added_shown_and_removed(desk: Desk) -> None:
    ada = make.person(desk.campaign, "Ada")
    data = {"role": "Chair", "organisation": "Ofcom", "held_from": "May 2019", "held_to": "about 2021"}
    assert desk.post("add_post", data, pk=ada.pk).status_code == 302
    post, ofcom = Post.objects.get(), Organisation.objects.get()
    assert "Chair, Ofcom from May 2019 until about 2021" in text_of(desk.get("person", pk=ada.pk))
    assert "Ada , Chair" in text_of(desk.get("organisation", pk=ofcom.pk))
    assert desk.post("remove_post", {}, pk=ada.pk, post=post.pk).status_code == 302
    assert (Post.objects.count(), Post.history.count()) == (0, 2)


BAD_POSTS: list[tuple[dict[str, str], str]] = [
    ({"role": ""}, "role"),
    ({"role": "x" * 201}, "role"),
    ({"held_from": "2021-13"}, "held_from"),
    ({"held_to": "soon"}, "held_to"),
    ({"held_from": "2021", "held_to": "2020"}, "held_to"),
    ({"held_from": "2 May 2021", "held_to": "1 May 2021"}, "held_to"),
    ({"organisation": "x [999999]"}, "organisation"),
    ({"organisation": "x" * 201}, "organisation"),
]


@pytest.mark.parametrize(("wrong", "field"), BAD_POSTS, ids=lambda value: str(value)[:30])
def test_a_bad_post_is_refused(wrong: dict[str, str], field: str, desk: Desk) -> None:
    ada = make.person(desk.campaign, "Ada")
    before = everything_stored()
    response = desk.post("add_post", {"role": "Chair", **wrong}, pk=ada.pk)
    assert list(problems_of(response)) == [field]
    assert everything_stored() == before


@pytest.mark.parametrize(
    ("start", "end"), [("2021", "2021"), ("2021", ""), ("", "2021"), ("May 2021", "2021")]
)
def test_a_post_may_end_in_the_period_in_which_it_started(start: str, end: str, desk: Desk) -> None:
    ada = make.person(desk.campaign, "Ada")
    data = {"role": "Chair", "held_from": start, "held_to": end}
    assert desk.post("add_post", data, pk=ada.pk).status_code == 302


def test_another_persons_post_is_not_removed_here(desk: Desk) -> None:
    ada, bea = make.person(desk.campaign, "Ada"), make.person(desk.campaign, "Bea")
    post = make.post(bea)
    assert desk.post("remove_post", {}, pk=ada.pk, post=post.pk).status_code == 404
    assert Post.objects.count() == 1


PLACE = {"person": ("pafter", "More people"), "organisation": ("oafter", "More organisations")}


def listed(desk: Desk, what: str, response: HttpResponse) -> list[str]:
    folder = "people" if what == "person" else "organisations"
    return listed_in(response, f"/c/{desk.campaign.slug}/{folder}/")


@each
def test_lists_go_by_name_and_show_each_row_once(what: str, desk: Desk) -> None:
    model, (_, more) = NAMED[what], PLACE[what]
    names = [f"Body {number:03}" for number in range(60)] + ["Jo Smith"] * 150
    model.objects.bulk_create([model(campaign=desk.campaign, name=name) for name in names[::-1]])
    client, shown, address = desk.client(), [], ""
    while address is not None:
        response = client.get(at("people", desk.campaign) + address)
        shown.append(listed(desk, what, response))
        address = link_called(response, more)
    assert [len(rows) for rows in shown] == [100, 100, 10]
    assert [name for rows in shown for name in rows] == names


@each
def test_lists_are_narrowed_by_words(what: str, desk: Desk) -> None:
    for name in ("Ann Burns", "Bea Annan", "Cy", "100% Us"):
        getattr(make, what)(desk.campaign, name)
    for words, found in (
        ("ann", ["Ann Burns", "Bea Annan"]),
        ("%", ["100% Us"]),
        ("zz", []),
        ("\x00 cy", ["Cy"]),
    ):
        assert listed(desk, what, desk.get("people", query={"q": words})) == found


@each
def test_a_damaged_place_shows_the_first_page(what: str, desk: Desk) -> None:
    for name in ("Ann", "Bea"):
        getattr(make, what)(desk.campaign, name)
    for place in ("x", "|", "Ann|", "Ann|x", "Ann|-1", "|²", f"Ann|{'9' * 19}"):
        page = desk.get("people", query={PLACE[what][0]: place})
        assert listed(desk, what, page) == ["Ann", "Bea"]
    assert listed(desk, what, desk.get("people", query={PLACE[what][0]: "\x00Ann|999999"})) == ["Bea"]


@each
def test_the_page_leads_to_all_of_theirs_even_where_the_name_is_shared(what: str, desk: Desk) -> None:
    first, second = (getattr(make, what)(desk.campaign, "Jo Smith") for _ in range(2))
    make.update(desk.campaign, headline="Hers", **{what: second})
    make.update(desk.campaign, headline="His", **{what: first})
    address = link_called(desk.get(what, pk=second.pk), "All on the timeline")
    assert address is not None
    said = text_of(desk.client().get(address))
    assert ("Hers" in said, "His" in said) == (True, False)


@each
def test_the_number_of_queries_does_not_grow_with_the_rows(what: str, desk: Desk) -> None:
    row = getattr(make, what)(desk.campaign)

    def add(count: int) -> None:
        for number in range(count):
            other = make.person(desk.campaign, f"Person {number}")
            body = make.organisation(desk.campaign, f"Body {number}") if what == "person" else row
            make.post(row if what == "person" else other, organisation=body)
            make.update(desk.campaign, **{what: row})

    addresses = (at("people", desk.campaign), at(what, desk.campaign, pk=row.pk))
    client = desk.client()
    add(10)
    few = [query_count(client, address) for address in addresses]
    add(50)
    assert [query_count(client, address) for address in addresses] == few
