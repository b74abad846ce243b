"""Press packs on the site: picked, ordered, noted, as of a day, exported, kept, compared."""

import re
import zipfile
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.http import HttpResponse

from apps.dates import parse
from apps.desk.actions import change_state
from apps.desk.packs import gathering
from apps.evidence.actions import edit_quote
from apps.evidence.clearance import clear_quote, withdraw_clearance
from apps.evidence.models import EVERYWHERE, Quote, SignOff
from apps.legislation.actions import revise_target
from apps.legislation.models import Milestone
from apps.people.models import Person
from apps.press.actions import put
from apps.press.models import Export, Form, Item, PressPack, Version
from apps.sources.models import Snapshot, Source
from apps.timeline.actions import edit_entry
from apps.timeline.models import Entry, State, Use
from tests import make
from tests.desk.conftest import Desk
from tests.desk.reading import link_called, query_count, table_in
from tests.make import AT, DAY
from tests.pages import Clock, at, problems_of, text_of

pytestmark = pytest.mark.django_db
STAFF = ("owner", "advocacy", "press")


@pytest.fixture
def quote(desk: Desk) -> Entry:
    return make.quote(desk.campaign, cleared=True, headline="A cleared quote").entry


@pytest.fixture
def pack(desk: Desk, quote: Entry) -> PressPack:
    statistic = make.statistic(desk.campaign).entry
    milestone = make.milestone(desk.campaign).entry
    return make.pack(desk.campaign, quote, statistic, milestone)


def page(desk: Desk, pack: PressPack, **more: Any) -> str:
    return text_of(desk.get("pack", pk=pack.pk, **more))


def export(desk: Desk, pack: PressPack, form: str = "md", **more: Any) -> HttpResponse:
    return desk.post("export_pack", {"form": form}, pk=pack.pk, **more)


def said(response: HttpResponse) -> str:
    """What a file says, unzipped where it is zipped."""
    if response.content.startswith(b"PK"):
        with zipfile.ZipFile(BytesIO(response.content)) as archive:
            return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())
    return response.content.decode("utf-8", "replace")


def headlines(response: HttpResponse) -> list[str]:
    return re.findall(r"^## \d+\. \[(.*?)\]", response.content.decode(), re.MULTILINE)


# --- Putting it together ----------------------------------------------------------------------------------


def test_an_entry_is_put_in_a_new_pack_from_its_page(desk: Desk, quote: Entry) -> None:
    address = link_called(desk.get("entry", pk=quote.pk), "Put in a pack")
    assert address == f"{at('put_in_pack', desk.campaign)}?entry={quote.pk}"
    assert "A cleared quote" in text_of(desk.client("press").get(address))
    data = {"entry": quote.pk, "pack": "new", "title": "For the papers"}
    response = desk.post("put_in_pack", data, who="press")
    pack = PressPack.objects.get()
    assert response["Location"] == at("pack", desk.campaign, pk=pack.pk)
    assert (pack.title, [item.entry for item in pack.items.all()]) == ("For the papers", [quote])


def test_a_view_of_the_timeline_is_put_in_as_entries_or_as_a_filter(desk: Desk, quote: Entry) -> None:
    make.update(desk.campaign)
    timeline = desk.get("timeline", query={"kind": "quote"})
    address = link_called(timeline, "Put these in a pack")
    assert address is not None
    assert "1 entry of the timeline fits the filter" in text_of(desk.client().get(address))
    for take, title in (("entries", "Picked"), ("filter", "Saved")):
        data = {"timeline": "kind=quote", "pack": "new", "title": title, "take": take}
        desk.post("put_in_pack", data)
    picked, saved = PressPack.objects.get(title="Picked"), PressPack.objects.get(title="Saved")
    assert ([item.entry for item in picked.items.all()], picked.query) == ([quote], "")
    assert (list(saved.items.all()), saved.query) == ([], "kind=quote")
    later = make.quote(desk.campaign, cleared=True, headline="Another quote")
    assert "Another quote" in page(desk, saved)
    assert "Another quote" not in page(desk, picked)
    desk.post("keep_found", {}, pk=saved.pk)
    saved.refresh_from_db()
    assert ({item.entry_id for item in saved.items.all()}, saved.query) == ({quote.pk, later.pk}, "")


def test_a_saved_filter_that_finds_nothing_as_it_is_says_so(desk: Desk, quote: Entry) -> None:
    pack = make.pack(desk.campaign, quote, query="person=Nobody+here")
    shown = page(desk, pack)
    assert "The saved filter finds nothing as it is" in shown
    assert "Nothing here has the person “Nobody here”." in shown
    assert headlines(export(desk, pack)) == ["A cleared quote"]


def test_a_new_pack_needs_a_title(desk: Desk, quote: Entry) -> None:
    response = desk.post("put_in_pack", {"entry": quote.pk, "pack": "new", "title": ""})
    assert problems_of(response) == {"title": ["Give the new pack a title."]}


def test_another_campaigns_entry_and_pack_are_not_there(desk: Desk, pack: PressPack) -> None:
    elsewhere = make.campaign(name="Elsewhere")
    entry, theirs = make.update(elsewhere), make.pack(elsewhere)
    assert desk.get("put_in_pack", query={"entry": entry.pk}).status_code == 404
    data = {"entry": pack.items.all()[0].entry_id, "pack": theirs.pk}
    assert list(desk.post("put_in_pack", data).context["form"].errors) == ["pack"]
    assert theirs.items.count() == 0


@pytest.mark.parametrize("typed", ["", "x", "0", "-1", "9" * 30, "١", "1 OR 1"])
def test_odd_entries_are_no_entries(desk: Desk, typed: str) -> None:
    status = desk.get("put_in_pack", query={"entry": typed or "x"}).status_code
    assert status == 404


def test_things_are_ordered_without_javascript(desk: Desk, pack: PressPack) -> None:
    first = pack.items.all()[0]
    desk.post("arrange_pack", {"down": first.pk, "revision": pack.revision}, pk=pack.pk)
    assert pack.items.all()[1] == first
    pack.refresh_from_db()
    desk.post("arrange_pack", {"out": first.pk, "revision": pack.revision}, pk=pack.pk)
    assert pack.items.count() == 2


def test_the_second_of_two_people_ordering_is_told(desk: Desk, pack: PressPack) -> None:
    first, seen = pack.items.all()[0], pack.revision
    desk.post("arrange_pack", {"down": first.pk, "revision": seen}, pk=pack.pk)
    for revision in (seen, "", "x", "9" * 30):
        response = desk.client("press").post(
            at("arrange_pack", desk.campaign, pk=pack.pk),
            {"down": first.pk, "revision": revision},
            follow=True,
        )
        assert "Somebody else changed this pack since you opened the page" in text_of(response)
    assert pack.items.all()[1] == first


def test_the_second_of_two_people_writing_keeps_what_they_typed(desk: Desk, pack: PressPack) -> None:
    item, seen = pack.items.all()[0], pack.revision
    write = {"text": "Mine", "place": 1, "revision": seen}
    desk.post("change_pack_item", write | {"text": "Theirs"}, pk=pack.pk, item=item.pk, who="press")
    response = desk.post("change_pack_item", write, pk=pack.pk, item=item.pk)
    (problem,) = problems_of(response)["__all__"]
    assert "nothing of yours is lost" in problem
    assert response.context["form"]["text"].value() == "Mine"
    again = write | {"revision": response.context["form"]["revision"].value()}
    assert desk.post("change_pack_item", again, pk=pack.pk, item=item.pk).status_code == 302
    item.refresh_from_db()
    assert item.text == "Mine"


@pytest.mark.parametrize("name", ["add_pack_note", "change_pack_item"])
def test_a_note_of_a_megabyte_is_refused_in_a_sentence(desk: Desk, pack: PressPack, name: str) -> None:
    data = {"text": "x" * 1_000_000, "place": 1, "revision": pack.revision}
    parts = {"item": pack.items.all()[0].pk} if name == "change_pack_item" else {}
    response = desk.post(name, data, pk=pack.pk, **parts)
    assert problems_of(response) == {
        "text": ["A note has at most 5,000 characters; this has 1,000,000. Shorten it."]
    }


def test_control_characters_are_refused(desk: Desk, pack: PressPack) -> None:
    data = {"text": "a\x0bb", "place": 1, "revision": pack.revision}
    assert list(desk.post("add_pack_note", data, pk=pack.pk).context["form"].errors) == ["text"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("12 March 2026", "12 March 2026 has not come yet: name a day up to today."),
        ("sometime", "“sometime” is not a date."),
    ],
)
def test_a_day_that_cannot_be_rewound_to_is_refused(desk: Desk, typed: str, sentence: str) -> None:
    response = desk.post("start_pack", {"title": "x", "as_of": typed})
    (problem,) = problems_of(response)["as_of"]
    assert sentence in problem


def test_a_pack_is_changed_and_its_filter_let_go(desk: Desk) -> None:
    pack = make.pack(desk.campaign, query="kind=quote")
    data = {"title": "New", "introduction": "Why", "as_of": "9 March 2026", "revision": pack.revision}
    assert desk.post("change_pack", data, pk=pack.pk).status_code == 302
    pack.refresh_from_db()
    assert (pack.title, pack.introduction, str(pack.as_of), pack.query) == ("New", "Why", "2026-03-09", "")


def move(desk: Desk, *, at: datetime = AT) -> None:
    """Move the campaign's milestone."""
    revise_target(
        milestone=Milestone.everything.get(entry__campaign=desk.campaign),
        to=parse("2026-09-01"),
        reason="Delayed",
        source=None,
        by=desk.cast["owner"],
        at=at,
    )


# --- What may leave ---------------------------------------------------------------------------------------


def hide(desk: Desk, entry: Entry, how: str) -> None:
    owner = desk.cast["owner"]
    if how == "withdrawn":
        change_state(entry=entry, state=State.WITHDRAWN, by=owner, at=AT)
    elif how == "uncleared":
        withdraw_clearance(quote=entry.quote, by=owner, at=AT)
    elif how == "expired":
        Entry.everything.filter(pk=entry.pk).update(shown_until=AT)
    elif how == "deleted":
        entry.delete()
    else:
        facts = make.facts(
            headline=entry.headline,
            person=entry.person,
            source=entry.source,
            visibility="staff" if how == "staff only" else "team",
            embargo_until=AT + DAY if how == "embargoed" else None,
        )
        edit_quote(quote=entry.quote, facts=facts, words=entry.quote.words, version=entry.version, by=owner)


WHY = {
    "withdrawn": "it is withdrawn",
    "uncleared": "it is not cleared for use",
    "expired": "its clearance or consent ran out on 10 March 2026, 10:00",
    "staff only": "it is for staff only",
    "embargoed": "it is under embargo until 11 March 2026, 10:00",
}


@pytest.mark.parametrize("how", WHY)
@pytest.mark.parametrize("form", [form for form in Form if form != Form.PRINT])
def test_what_may_not_leave_is_in_no_export(
    desk: Desk, pack: PressPack, quote: Entry, how: str, form: Form
) -> None:
    hide(desk, quote, how)
    shown = page(desk, pack)
    assert f"left out {WHY[how].capitalize()}." in " ".join(shown.split()) or WHY[how][3:] in shown
    made = said(export(desk, pack, form))
    assert "catch up" not in made
    assert "A cleared quote" not in made
    assert not Use.objects.filter(entry=quote).exists()
    assert "catch up" not in str(Version.objects.get().content)


@pytest.mark.parametrize("how", [*WHY, "deleted"])
@pytest.mark.parametrize("form", [form for form in Form if form != Form.PRINT])
def test_an_old_version_tells_nothing_that_may_not_be_told_since(
    desk: Desk, pack: PressPack, quote: Entry, how: str, form: Form
) -> None:
    export(desk, pack)
    hide(desk, quote, how)
    response = desk.post("export_version", {"form": form}, pk=pack.pk, number=1)
    assert response.status_code == 200
    assert "catch up" not in said(response)
    shown = text_of(desk.get("version", pk=pack.pk, number=1))
    assert "catch up" not in shown
    assert "1 entry of this version is not told any more" in shown


def test_an_old_version_says_when_it_was_withdrawn(desk: Desk, pack: PressPack, quote: Entry) -> None:
    export(desk, pack)
    hide(desk, quote, "withdrawn")
    quote.history.filter(state="withdrawn").update(history_date=AT)
    assert "What stood here was withdrawn on 10 March 2026." in text_of(
        desk.get("version", pk=pack.pk, number=1)
    )
    assert "What stood here was withdrawn on 10 March 2026." in said(
        desk.post("export_version", {"form": "docx"}, pk=pack.pk, number=1)
    )


def test_words_signed_off_anew_are_told_anew_alone(desk: Desk, pack: PressPack, quote: Entry) -> None:
    export(desk, pack)
    owner = desk.cast["owner"]
    facts = make.facts(headline="A cleared quote", person=quote.person, source=quote.source)
    edit_quote(quote=quote.quote, facts=facts, words="Other words.", version=quote.version, by=owner)
    fresh = Quote.everything.select_related("entry").get(pk=quote.pk)
    clear_quote(quote=fresh, version=fresh.entry.version, by=owner, at=AT)
    assert "catch up" not in text_of(desk.get("version", pk=pack.pk, number=1))
    assert "Other words." in said(export(desk, pack))


def test_an_embargo_ends_at_its_moment(desk: Desk, clock: Clock, quote: Entry) -> None:
    pack = make.pack(desk.campaign, make.update(desk.campaign), quote)
    hide(desk, quote, "embargoed")
    got = {}
    for moment in (AT + DAY - timedelta(seconds=1), AT + DAY):
        clock.at = moment
        got[moment] = "catch up" in said(export(desk, pack))
    assert list(got.values()) == [False, True]


# --- As of a day ------------------------------------------------------------------------------------------


def test_a_pack_tells_what_was_known_that_day(desk: Desk, clock: Clock) -> None:
    owner = desk.cast["owner"]
    milestone = make.milestone(desk.campaign, target="2026-06-20")
    update = make.update(desk.campaign, headline="As it was first told")
    for history in (milestone.entry.history, update.history):
        history.update(history_date=AT)
    clock.at = AT + 5 * DAY
    revise_target(
        milestone=milestone, to=parse("2026-09-01"), reason="Delayed", source=None, by=owner, at=clock.at
    )
    facts = make.facts(headline="As it is told now")
    edit_entry(entry=update, facts=facts, version=1, by=owner)
    later = make.update(desk.campaign, headline="Recorded later", at=clock.at)
    pack = make.pack(desk.campaign, milestone.entry, update, later, as_of=(AT + DAY).date())
    shown = page(desk, pack)
    assert "as known on 11 March 2026" in shown
    assert "It was recorded on 15 March 2026, 10:00, after 11 March 2026." in shown
    made = said(export(desk, pack))
    assert "As known on 11 March 2026; what was recorded later is left out." in made
    assert headlines(export(desk, pack)) == ["Royal Assent", "As it was first told"]
    assert "20 June 2026: in 101 days" in made
    assert "September" not in made
    assert "Recorded later" not in made


def test_as_of_a_day_before_everything_there_is_nothing_to_export(desk: Desk, pack: PressPack) -> None:
    PressPack.objects.filter(pk=pack.pk).update(as_of="2001-01-01")
    assert "3 are left out" in page(desk, pack)
    response = desk.client().post(at("export_pack", desk.campaign, pk=pack.pk), {"form": "md"}, follow=True)
    assert "Nothing in this pack may leave the site at present." in text_of(response)
    assert not Version.objects.exists()


@pytest.mark.parametrize("how", ["withdrawn", "uncleared", "embargoed", "expired", "staff only"])
def test_whatever_the_day_the_gate_is_of_now(desk: Desk, clock: Clock, quote: Entry, how: str) -> None:
    hide(desk, quote, how)
    clock.at = AT + timedelta(hours=14)
    pack = make.pack(desk.campaign, make.update(desk.campaign), quote, as_of=AT.date())
    clock.at = AT + timedelta(hours=23)
    assert "catch up" not in said(export(desk, pack))


# --- Versions ---------------------------------------------------------------------------------------------


def test_an_export_makes_a_version_and_the_same_again_none(desk: Desk, pack: PressPack) -> None:
    first = export(desk, pack, "docx", who="press")
    assert first["Content-Disposition"] == 'attachment; filename="for-the-today-programme-v1.docx"'
    assert export(desk, pack, "docx").content == first.content
    assert Version.objects.count() == 1
    item = pack.items.all()[0]
    pack.refresh_from_db()
    desk.post("arrange_pack", {"down": item.pk, "revision": pack.revision}, pk=pack.pk)
    export(desk, pack, "pdf")
    assert [version.number for version in Version.objects.all()] == [2, 1]
    again = desk.post("export_version", {"form": "docx"}, pk=pack.pk, number=1)
    assert again.content == first.content


def test_exports_are_logged_on_the_page_and_with_each_entry(desk: Desk, pack: PressPack) -> None:
    export(desk, pack, "docx", who="press")
    desk.post("export_version", {"form": "xlsx"}, pk=pack.pk, number=1)
    rows = table_in(desk.get("pack", pk=pack.pk))
    press, owner = desk.cast["press"].name, desk.cast["owner"].name
    when = "10 March 2026, 10:00"
    assert rows[-2:] == [[when, "Excel", "1", owner], [when, "Word", "1", press]]
    assert Use.objects.filter(form="Word").count() == 3
    use = Use.objects.filter(form="Word")[0]
    assert use.where == "Press pack “For the Today programme”, version 1"
    assert use.address == at("version", desk.campaign, pk=pack.pk, number=1)


def test_printing_makes_a_version_too(desk: Desk, pack: PressPack) -> None:
    response = export(desk, pack, "print")
    assert response["Location"] == at("version", desk.campaign, pk=pack.pk, number=1)
    assert Export.objects.get().form == "print"
    shown = desk.get("version", pk=pack.pk, number=1)
    assert len(re.findall(r'<li id="f\d+"', shown.content.decode())) == 3
    assert "(389 − 191) / 191 = +103.7%" in text_of(shown)
    assert (
        f"Version 1, made by {desk.cast['owner'].name} on 10 March 2026, 10:00 (Europe/London)."
        in text_of(shown)
    )


def test_versions_are_compared(desk: Desk, pack: PressPack, quote: Entry) -> None:
    export(desk, pack)
    move(desk)
    export(desk, pack)
    shown = text_of(desk.get("version", pk=pack.pk, number=2))
    assert "What changed since version 1" in shown
    assert "Target date: “20 June 2026” → “1 September 2026”" in shown
    assert "Slip in days: “0” → “73”" in shown
    first = text_of(desk.get("version", pk=pack.pk, number=1, query={"since": 2}))
    assert "Target date: “1 September 2026” → “20 June 2026”" in first


def test_the_pack_says_what_has_become_of_its_entries_since(
    desk: Desk, pack: PressPack, quote: Entry
) -> None:
    export(desk, pack)
    assert "changed since version" not in page(desk, pack)
    move(desk)
    hide(desk, quote, "withdrawn")
    shown = page(desk, pack)
    assert "2 entries changed since version 1" in shown
    assert "A cleared quote : it is withdrawn" in shown
    assert "Royal Assent : " in shown and "Target date: “20 June 2026” → “1 September 2026”" in shown


def test_an_empty_pack_says_what_to_do(desk: Desk) -> None:
    pack = make.pack(desk.campaign)
    assert "Nothing is in this pack yet." in page(desk, pack)
    response = desk.client().post(at("export_pack", desk.campaign, pk=pack.pk), {"form": "docx"}, follow=True)
    assert "There is nothing to export yet." in text_of(response)
    assert "Press packs" in text_of(desk.get("packs"))


def test_an_unknown_form_is_no_page(desk: Desk, pack: PressPack) -> None:
    assert export(desk, pack, "exe").status_code == 404
    assert not Version.objects.exists()


@pytest.mark.parametrize("who", ["viewer", "volunteer"])
def test_only_staff_make_and_read_packs(desk: Desk, pack: PressPack, who: str) -> None:
    assert desk.get("pack", pk=pack.pk, who=who).status_code == 403
    assert "Put in a pack" not in text_of(desk.get("entry", pk=pack.items.all()[0].entry_id, who=who))
    assert "Press packs" not in text_of(desk.get("timeline", who=who))


# --- At size ----------------------------------------------------------------------------------------------


def some(desk: Desk, count: int, start: int = 0) -> list[Entry]:
    """So many quotes, each of a source, a text and a person of its own, and milestones and statistics."""
    made = []
    for number in range(start, start + count):
        source = make.source(desk.campaign, title=f"Source {number}")
        make.snapshot(source, "The law must catch up.")
        person = make.person(desk.campaign, f"Person {number}")
        made.append(make.quote(desk.campaign, cleared=True, source=source, person=person).entry)
        made.append(make.milestone(desk.campaign, source=source).entry)
        made.append(make.statistic(desk.campaign, source=source).entry)
        make.link(made[-1], made[-3])
    return made


@pytest.mark.parametrize("as_of", [None, "2026-03-09"])
def test_a_page_takes_as_many_queries_for_many_as_for_few(desk: Desk, as_of: str | None) -> None:
    counts = []
    pack = make.pack(desk.campaign, *some(desk, 1))
    for more in range(2):
        if more:
            gathered = some(desk, 5, start=1)
            put(pack=pack, entries=gathered, by=desk.cast["owner"], at=AT)
        PressPack.objects.filter(pk=pack.pk).update(as_of=None)
        export(desk, pack)
        PressPack.objects.filter(pk=pack.pk).update(as_of=as_of)
        if as_of:
            Entry.everything.update(recorded_at=AT - 3 * DAY)
        client = desk.client()
        counts.append(
            (
                query_count(client, at("pack", desk.campaign, pk=pack.pk)),
                query_count(client, at("version", desk.campaign, pk=pack.pk, number=1)),
            )
        )
    assert counts[0] == counts[1]


@pytest.mark.database
def test_fifteen_hundred_entries_of_as_many_sources(desk: Desk) -> None:
    """More than SQLite takes in one expression, were they asked for one by one."""
    campaign, count = desk.campaign, 1_500
    Source.objects.bulk_create(Source(campaign=campaign, title=f"S{number}") for number in range(count))
    Person.objects.bulk_create(Person(campaign=campaign, name=f"P{number}") for number in range(count))
    sources, people = list(campaign.sources.all()), list(campaign.persons.all())
    Snapshot.objects.bulk_create(
        Snapshot(source=source, text="The law must catch up.", sha256=str(source.pk), taken_at=AT)
        for source in sources
    )
    one = make.quote(campaign, cleared=True).entry
    fields = {
        field.attname: getattr(one, field.attname)
        for field in Entry._meta.concrete_fields
        if field.name != "id"
    }
    entries = Entry.everything.bulk_create(
        Entry(**(fields | {"source_id": source.pk, "person_id": person.pk}))
        for source, person in zip(sources, people, strict=True)
    )
    cleared = {"sign_off": SignOff.CLEARED, "cleared_for": EVERYWHERE, "cleared_by": desk.cast["owner"]}
    words = {"words": one.quote.words, "cleared_at": AT, **cleared}
    Quote.everything.bulk_create(Quote(entry=entry, **words) for entry in entries)
    pack = make.pack(campaign, *entries)
    assert pack.items.count() == count
    assert len(headlines(export(desk, pack))) == count
    assert "An export holds 1500 entries." in page(desk, pack)
    assert desk.get("version", pk=pack.pk, number=1).status_code == 200
    PressPack.objects.filter(pk=pack.pk).update(as_of="2026-03-09")
    Entry.everything.update(recorded_at=AT - 3 * DAY)
    assert desk.get("pack", pk=pack.pk).status_code == 200
    last = Item.objects.filter(pack=pack).last()
    assert last is not None
    pack.refresh_from_db()
    write = {"text": "First.", "place": 1, "revision": pack.revision}
    assert desk.post("change_pack_item", write, pk=pack.pk, item=last.pk).status_code == 302
    assert pack.items.all()[0] == last


def test_more_than_a_pack_holds_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "MOST", 2)
    for number in range(3):
        make.update(desk.campaign, headline=f"Update {number}")
    pack = make.pack(desk.campaign, query="kind=update")
    shown = page(desk, pack)
    assert "The saved filter finds more than fit" in shown
    assert ("Update 1" in shown, "Update 2" in shown) == (True, False)
