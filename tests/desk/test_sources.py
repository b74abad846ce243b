"""Sources: adding, editing, the text kept of them, and lists by title."""

import pytest

from apps.sources.models import Snapshot, Source
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import link_called, listed_in, query_count
from tests.pages import at, everything_stored, problems_of, text_of

REPORT = {
    "title": "Police figures",
    "publisher": "NSPCC",
    "url": "https://example.org/a",
    "published": "May 2020",
    "note": "By area",
}


def test_a_source_is_added_shown_and_edited(desk: Desk) -> None:
    assert desk.post("add_source", REPORT).status_code == 302
    source = Source.objects.get()
    assert (source.published, str(source.published_day), source.created_by) == (
        "2020-05",
        "2020-05-01",
        desk.cast["owner"],
    )
    page = text_of(desk.get("source", pk=source.pk))
    assert "Police figures NSPCC, May 2020 https://example.org/a By area" in page
    assert 'value="May 2020"' in desk.get("edit_source", pk=source.pk).content.decode()
    desk.post("edit_source", {**REPORT, "published": ""}, pk=source.pk, who="press")
    source.refresh_from_db()
    assert (source.published, source.published_day) == ("", None)
    assert [row.history_user for row in source.history.all()] == [desk.cast["press"], desk.cast["owner"]]


BAD = [
    ("title", ""),
    ("title", "x" * 301),
    ("title", "nul \x00"),
    ("publisher", "x" * 201),
    ("url", "javascript:alert(1)"),
    ("url", "ftp://example.org/a"),
    ("url", f"https://example.org/{'x' * 1000}"),
    ("published", "2021-13"),
    ("published", "2021-02-30"),
    ("published", "soon"),
    ("note", "x" * 2001),
]


@pytest.mark.parametrize(("field", "value"), BAD, ids=lambda value: value[:20])
def test_bad_input_is_named_and_nothing_is_saved(field: str, value: str, desk: Desk) -> None:
    source = make.source(desk.campaign)
    before = everything_stored()
    for name, parts in (("add_source", {}), ("edit_source", {"pk": source.pk})):
        response = desk.post(name, {**REPORT, field: value}, **parts)
        assert list(problems_of(response)) == [field]
        assert response.context["form"][field].value() == value
    assert everything_stored() == before


def test_one_address_is_one_source_and_titles_may_be_shared(desk: Desk) -> None:
    source = make.source(desk.campaign, title="Police figures", url="https://example.org/a")
    assert problems_of(desk.post("add_source", REPORT)) == {
        "url": ["A source with that web address is here already."]
    }
    assert desk.post("edit_source", REPORT, pk=source.pk).status_code == 302
    for _ in range(2):
        assert desk.post("add_source", {"title": "Police figures"}).status_code == 302
    assert Source.objects.count() == 3


def test_volunteers_edit_what_they_added_and_nothing_else(desk: Desk) -> None:
    desk.post("add_source", REPORT, who="volunteer")
    mine, theirs = Source.objects.get(), make.source(desk.campaign)
    make.update(desk.campaign, source=theirs)
    got = [desk.post("edit_source", REPORT, pk=row.pk, who="volunteer").status_code for row in (mine, theirs)]
    assert got == [302, 403]
    assert desk.post("add_snapshot", {"text": "Words"}, pk=mine.pk, who="volunteer").status_code == 403


def test_the_text_kept_decides_whether_a_quote_is_verbatim(desk: Desk) -> None:
    source = make.source(desk.campaign)
    quote = make.quote(desk.campaign, source=source, words="The law must catch up.")

    def judged() -> str:
        return desk.get("entry", pk=quote.pk).context["card"].badge

    said = [judged()]
    for text in ("It must wait.", "He said: The law must catch up. Now.", "Withdrawn."):
        assert desk.post("add_snapshot", {"text": text}, pk=source.pk).status_code == 302
        said.append(judged())
    assert said == ["no source", "not in source", "verified", "source changed"]
    quote.refresh_from_db()
    assert quote.snapshot == Snapshot.objects.get(text__contains="catch up")


def test_the_same_text_is_kept_once(desk: Desk) -> None:
    source = make.source(desk.campaign)
    for _ in range(2):
        assert desk.post("add_snapshot", {"text": "Words"}, pk=source.pk).status_code == 302
    assert source.snapshots.count() == 1


@pytest.mark.parametrize(
    "text", ["", " \n", "nul \x00", "x" * 500_001], ids=["empty", "blank", "nul", "long"]
)
def test_a_text_that_cannot_be_kept_is_refused(text: str, desk: Desk) -> None:
    source = make.source(desk.campaign)
    response = desk.post("add_snapshot", {"text": text}, pk=source.pk)
    assert list(problems_of(response)) == ["text"]
    assert Snapshot.objects.count() == 0


def test_the_kept_text_is_for_staff(desk: Desk) -> None:
    source = make.source(desk.campaign)
    make.update(desk.campaign, source=source)
    make.snapshot(source, "Kept words")
    seen = {who: "Kept words" in text_of(desk.get("source", pk=source.pk, who=who)) for who in desk.cast}
    assert {who for who, sees in seen.items() if sees} == {"owner", "advocacy", "press"}


def test_lists_go_by_title_and_show_each_row_once(desk: Desk) -> None:
    titles = [f"Report {number:03}" for number in range(60)] + ["Yearbook"] * 150
    Source.objects.bulk_create([Source(campaign=desk.campaign, title=title) for title in titles[::-1]])
    path, client, shown, address = at("sources", desk.campaign), desk.client(), [], ""
    while address is not None:
        response = client.get(path + address)
        shown.append(listed_in(response, path))
        address = link_called(response, "More sources")
    assert [len(rows) for rows in shown] == [100, 100, 10]
    assert [title for rows in shown for title in rows] == titles


@pytest.mark.parametrize("place", ["x", "|", "Ann|", "Ann|x", "Ann|-1", "|²", f"Ann|{'9' * 19}"])
def test_a_damaged_place_shows_the_first_page(place: str, desk: Desk) -> None:
    for title in ("Ann", "Bea"):
        make.source(desk.campaign, title=title)
    page = desk.get("sources", query={"after": place})
    assert listed_in(page, at("sources", desk.campaign)) == ["Ann", "Bea"]


def test_lists_are_narrowed_by_words(desk: Desk) -> None:
    for title in ("Annual report", "The annals", "Letter"):
        make.source(desk.campaign, title=title)
    page = desk.get("sources", query={"q": "ann"})
    assert listed_in(page, at("sources", desk.campaign)) == ["Annual report", "The annals"]


def test_the_number_of_queries_does_not_grow_with_the_rows(desk: Desk) -> None:
    source = make.source(desk.campaign)

    def add(count: int) -> None:
        for number in range(count):
            make.update(desk.campaign, source=make.source(desk.campaign, title=f"Report {number}"))
            make.update(desk.campaign, source=source, person=make.person(desk.campaign))
            make.snapshot(source, f"Words {source.snapshots.count()}")

    addresses = (at("sources", desk.campaign), at("source", desk.campaign, pk=source.pk))
    client = desk.client()
    add(10)
    few = [query_count(client, address) for address in addresses]
    add(50)
    assert [query_count(client, address) for address in addresses] == few
