"""What is done with a quote on its pages."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.evidence.models import Consent, Quote, SignOff
from apps.notices.models import Delivery
from apps.sources.models import LivePage
from apps.timeline.actions import record_use
from apps.timeline.models import Entry, Use, Way
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT, DAY
from tests.pages import problems_of, text_of, unsafe_parts

WORDS = "The law must catch up, and we must act together."
CONSENT = {
    "person": "Jo Smith",
    "outlets": ["press", "social"],
    "given_on": "1 March 2026",
    "reference": "14",
}


def quoted(desk: Desk, **fields: Any) -> Quote:
    """A cleared quote whose words stand in a kept text."""
    speaker = make.person(desk.campaign)
    make.post(speaker, organisation=make.organisation(desk.campaign))
    source = make.source(desk.campaign, url="https://example.org/news")
    make.snapshot(source, f"She said: “{WORDS}” And sat.")
    fields = {"words": WORDS, "cleared": True, "person": speaker, "source": source} | fields
    return make.quote(desk.campaign, **fields)


def version(quote: Quote) -> int:
    return Entry.everything.get(pk=quote.pk).version


def test_the_card_says_who_where_and_whether(desk: Desk) -> None:
    quote = quoted(desk)
    page = desk.get("entry", pk=quote.pk)
    shown = text_of(page)
    assert "Andy Burrows , Head of Child Safety Online Policy, NSPCC , 1 March 2026" in shown
    for part in ("verified", "cleared", "for everything by Olive", "Copy", "Plain, with citation"):
        assert part in shown
    html = page.content.decode()
    snapshot = reverse("snapshot", args=[desk.campaign.slug, quote.entry.source_id, quote.snapshot_id])
    assert f"{snapshot}?quote={quote.pk}#words" in html
    assert "https://example.org/news#:~:text=The%20law%20must%20catch%20up%2C%20and" in html
    assert unsafe_parts(page) == []


def test_the_words_are_marked_in_the_kept_text(desk: Desk) -> None:
    quote = quoted(desk)
    parts = {"pk": quote.entry.source_id, "snapshot": quote.snapshot_id}
    page = desk.get("snapshot", query={"quote": quote.pk}, **parts)
    assert f'<mark id="words">{WORDS}</mark>' in page.content.decode()
    other = make.quote(desk.campaign, words="Something else.")
    assert "are not in this text" in text_of(desk.get("snapshot", query={"quote": other.pk}, **parts))
    for odd in ("x", "", "9" * 30, "²"):
        assert desk.get("snapshot", query={"quote": odd}, **parts).status_code == 200


def test_what_differs_stands_on_the_card_for_staff(desk: Desk) -> None:
    quote = quoted(desk, words="The law may catch up, and we must act together.")
    assert "“ may ” is quoted; the text has “ must ”" in text_of(desk.get("entry", pk=quote.pk))
    assert "is quoted; the text has" not in text_of(desk.get("entry", pk=quote.pk, who="viewer"))


@pytest.mark.parametrize("form", ["plain", "markdown", "html", "social"])
def test_a_copy_stands_ready_and_is_noted(form: str, desk: Desk) -> None:
    quote = quoted(desk)
    page = desk.post("copy_quote", {"form": form}, pk=quote.pk, who="volunteer")
    assert "ready to select" in text_of(page)
    use = Use.objects.get()
    assert (use.entry_id, use.way, use.used_by, use.used_at) == (
        quote.pk,
        Way.COPIED,
        desk.cast["volunteer"],
        AT,
    )
    assert desk.post("copy_quote", {"form": form, "quiet": "1"}, pk=quote.pk).status_code == 204
    assert Use.objects.count() == 2


def test_a_form_that_is_none_notes_nothing(desk: Desk) -> None:
    quote = quoted(desk)
    for data in ({}, {"form": "carrier pigeon"}, {"form": "plain", "short": "Not theirs"}):
        assert desk.post("copy_quote", data, pk=quote.pk).status_code == 200
    assert Use.objects.count() == 0


def quietly(desk: Desk, quote: Quote, **data: str) -> tuple[int, str]:
    """What the script that copies is answered."""
    answer = desk.post("copy_quote", {"form": "plain", "quiet": "1"} | data, pk=quote.pk)
    return answer.status_code, answer.content.decode()


def test_a_page_read_before_it_was_taken_back_is_told_why_it_may_not_copy(desk: Desk) -> None:
    quote = quoted(desk)
    text = desk.get("copy_quote", pk=quote.pk).context["forms"][0].text
    assert quietly(desk, quote, text=text.replace("\n", "\r\n")) == (204, "")
    desk.post("revoke_clearance", {"version": version(quote), "because": "A slip"}, pk=quote.pk)
    assert quietly(desk, quote, text=text) == (409, "It is not to be used: clearance withdrawn.")
    unseen = {"form": "plain", "quiet": "1"}
    assert desk.post("copy_quote", unseen, pk=quote.pk, who="volunteer").status_code == 404
    assert Use.objects.count() == 1


@pytest.mark.parametrize("data", [{"text": "“Other words.”"}, {"form": "x"}, {"short": "Not theirs"}])
def test_a_page_whose_words_have_changed_since_is_told_so(data: dict[str, str], desk: Desk) -> None:
    changed = "It has changed since you opened this page: load the page anew."
    assert quietly(desk, quoted(desk), **data) == (409, changed)
    assert Use.objects.count() == 0


def test_what_the_browser_could_not_copy_is_shown_and_noted_once(desk: Desk) -> None:
    quote = quoted(desk)
    assert quietly(desk, quote)[0] == 204
    page = desk.post("copy_quote", {"form": "plain", "noted": "1"}, pk=quote.pk)
    assert "ready to select" in text_of(page)
    assert Use.objects.count() == 1


def test_shortening_marks_gaps_and_refuses_other_words(desk: Desk) -> None:
    quote = quoted(desk)
    page = desk.get("copy_quote", query={"short": "we must act together."}, pk=quote.pk)
    assert "“[…] we must act together.”" in text_of(page)
    page = desk.post("copy_quote", {"form": "plain", "short": "we must act together."}, pk=quote.pk)
    assert Use.objects.get().form == "Plain, with citation, shortened"
    refused = desk.get("copy_quote", query={"short": "we may act together."}, pk=quote.pk)
    assert "“may” was not said after “we”" in problems_of(refused)["short"][0]
    assert "we may act together." in refused.content.decode()


@pytest.mark.parametrize("how", ["uncleared", "draft", "withdrawn", "over"])
def test_what_may_not_be_used_cannot_be_copied(how: str, desk: Desk) -> None:
    quote = quoted(desk, cleared=how != "uncleared", approved=how != "draft")
    if how == "withdrawn":
        desk.post("withdraw", {}, pk=quote.pk)
    if how == "over":
        data = {"version": version(quote), "outlets": ["press"], "until": "10 March 2026"}
        desk.post("clear_quote", data, pk=quote.pk)
    page = desk.client().get(reverse("copy_quote", args=[desk.campaign.slug, quote.pk]))
    if how == "over":
        assert "Copy as Plain" in text_of(page)
        return
    assert "nobody may use it" in text_of(page) or "not to be used" in text_of(page)
    desk.post("copy_quote", {"form": "plain"}, pk=quote.pk)
    assert Use.objects.count() == 0


def test_a_quote_that_is_not_cleared_for_social_media_has_no_post(desk: Desk) -> None:
    quote = quoted(desk)
    desk.post("clear_quote", {"version": version(quote), "outlets": ["press"]}, pk=quote.pk)
    page = desk.get("copy_quote", pk=quote.pk)
    assert [form.name for form in page.context["forms"]] == ["plain", "markdown", "html"]


def test_a_copy_under_embargo_says_so_first(desk: Desk) -> None:
    quote = quoted(desk, embargo_until=AT + DAY)
    page = desk.get("copy_quote", pk=quote.pk)
    first = "EMBARGOED until 10:00, 11 March 2026 (Europe/London)"
    assert all(first in form.text.split("\n")[0] for form in page.context["forms"])


def test_a_volunteer_submits_and_press_clears_for_outlets_and_a_day(desk: Desk) -> None:
    quote = make.quote(desk.campaign, by=desk.cast["volunteer"], approved=False)
    desk.post("submit_quote", {"version": version(quote)}, pk=quote.pk, who="volunteer")
    assert Quote.everything.get().sign_off == SignOff.SUBMITTED
    assert "waiting to be cleared" in text_of(desk.get("entry", pk=quote.pk))
    data = {"version": version(quote), "outlets": ["print", "press"], "until": "3 May 2026"}
    desk.post("clear_quote", data, pk=quote.pk, who="press")
    shown = text_of(desk.get("entry", pk=quote.pk))
    assert "for press and print until 3 May 2026" in shown


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"outlets": []}, "outlets"),
        ({"outlets": ["radio"]}, "outlets"),
        ({"until": "9 March 2026"}, "until"),
        ({"until": "March 2027"}, "until"),
        ({"until": "soon"}, "until"),
    ],
)
def test_a_clearance_that_makes_no_sense_is_named(data: dict, wrong: str, desk: Desk) -> None:
    quote = make.quote(desk.campaign)
    response = desk.post("clear_quote", {"version": 1, "outlets": ["press"]} | data, pk=quote.pk)
    assert list(problems_of(response)) == [wrong]
    assert not Quote.everything.get().is_cleared()


def test_the_second_of_two_is_told(desk: Desk) -> None:
    quote = quoted(desk)
    page = version(quote)
    desk.post("revoke_clearance", {"version": page, "because": "A slip"}, pk=quote.pk, who="press")
    second = desk.post("clear_quote", {"version": page, "outlets": ["press"]}, pk=quote.pk)
    assert "Somebody changed or decided this" in text_of(second)
    assert Quote.everything.get(pk=quote.pk).sign_off == SignOff.WITHDRAWN
    third = desk.client().post(
        reverse("revoke_clearance", args=[desk.campaign.slug, quote.pk]), {"version": page}, follow=True
    )
    assert "Somebody changed or decided this" in text_of(third)


def test_taking_back_tells_who_has_it(desk: Desk) -> None:
    quote = quoted(desk)
    record_use(
        entries=[quote.entry],
        way=Way.EXPORTED,
        form="Word",
        where="Briefing, version 2",
        address="/c/x/packs/1/",
        by=desk.cast["advocacy"],
        at=AT,
    )
    desk.post("revoke_clearance", {"version": version(quote)}, pk=quote.pk, who="press")
    shown = text_of(desk.get("entry", pk=quote.pk))
    assert "Who has it and must be told" in shown
    assert "exported it as Word, in Briefing, version 2" in shown
    told = Delivery.objects.filter(recipient=desk.cast["owner"], subject__startswith="No longer to be used")
    assert "exported it as Word, in Briefing, version 2" in told.get().body
    assert not Delivery.objects.filter(recipient=desk.cast["viewer"]).exists()


def test_a_consent_is_recorded_with_its_file_which_owners_and_press_fetch(desk: Desk) -> None:
    story = make.case_study(desk.campaign)
    upload = SimpleUploadedFile("../Signed <form>.txt", "I agree – Jo".encode())
    data = CONSENT | {"version": version(story), "upload": upload}
    assert desk.post("record_consent", data, pk=story.pk, who="advocacy").status_code == 302
    consent = Consent.objects.get()
    assert (consent.scope, consent.file_name) == ("press social", "Signed form.txt")
    address = reverse("consent_file", args=[desk.campaign.slug, story.pk, consent.pk])
    got = desk.client("press").get(address)
    assert got.content == "I agree – Jo".encode()
    assert got["Content-Disposition"] == 'attachment; filename="Signed form.txt"'
    assert (got["X-Content-Type-Options"], got["Cache-Control"]) == ("nosniff", "private, no-store")
    assert desk.client("advocacy").get(address).status_code == 403
    assert "Jo Smith, for press" in text_of(desk.get("entry", pk=story.pk)).replace(" ,", ",")
    assert "Jo Smith" not in text_of(desk.get("entry", pk=story.pk, who="advocacy"))


@pytest.mark.parametrize(
    ("data", "wrong"),
    [
        ({"under_18": "on"}, "guardian"),
        ({"guardian": "Ann"}, "under_18"),
        ({"outlets": []}, "outlets"),
        ({"reference": ""}, "reference"),
        ({"given_on": "11 March 2026"}, "given_on"),
        ({"expires": "9 March 2026"}, "expires"),
        ({"person": ""}, "person"),
        ({"upload": SimpleUploadedFile("x.svg", b"<svg/>")}, "upload"),
        ({"upload": SimpleUploadedFile("x.docx", b"PK\x03\x04junk")}, "upload"),
        ({"upload": SimpleUploadedFile("x.txt", b"")}, "upload"),
    ],
)
def test_a_consent_that_is_not_whole_is_refused(data: dict, wrong: str, desk: Desk) -> None:
    story = make.case_study(desk.campaign)
    response = desk.post("record_consent", CONSENT | {"version": version(story)} | data, pk=story.pk)
    assert list(problems_of(response)) == [wrong]
    assert Consent.objects.count() == 0


def test_a_consent_withdrawn_is_gone_at_once(desk: Desk) -> None:
    story = make.cleared_case_study(desk.campaign)
    assert desk.get("entry", pk=story.pk, who="viewer").status_code == 200
    data = {"version": version(story), "because": "She rang."}
    desk.post("withdraw_consent", data, pk=story.pk, who="advocacy")
    assert desk.get("entry", pk=story.pk, who="viewer").status_code == 404
    assert "clearance withdrawn" in text_of(desk.get("entry", pk=story.pk, who="advocacy"))


@pytest.mark.parametrize(("by", "until"), [("day", AT + 2 * DAY), ("week", AT + 8 * DAY), ("year", AT + DAY)])
def test_an_embargo_is_extended_in_one_click(by: str, until: object, desk: Desk) -> None:
    entry = make.update(desk.campaign, embargo_until=AT + DAY)
    assert "Lifts in 24 hours" in text_of(desk.get("entry", pk=entry.pk))
    desk.post("extend_embargo", {"version": 1, "by": by}, pk=entry.pk)
    entry.refresh_from_db()
    assert entry.embargo_until == until


UPDATE = {"headline": "News", "date": "2026", "visibility": "team"}


@pytest.mark.parametrize(
    ("local", "zone", "sentence"),
    [
        ("2026-03-10T09:00", "", "That moment is over: in Europe/London it is 10 March 2026, 10:00."),
        ("2026-03-10T10:00", "", "That moment is over"),
        ("2026-03-29T01:30", "", "there is no 01:30 on that day. Give 02:00 or later."),
        ("2026-03-10T05:00", "America/New_York", "That moment is over: in America/New_York it is"),
        ("tomorrow", "", "Give a day and a time"),
    ],
)
def test_an_embargo_that_cannot_be_is_refused(local: str, zone: str, sentence: str, desk: Desk) -> None:
    data = UPDATE | {"embargo_until": local, "embargo_zone": zone}
    response = desk.post("add_entry", data, kind="update")
    assert sentence in problems_of(response)["embargo_until"][0]


@pytest.mark.parametrize(
    ("local", "zone", "until"),
    [
        ("2026-06-01T00:01", "", "2026-05-31T23:01:00+00:00"),
        ("2026-06-01T00:01", "America/New_York", "2026-06-01T04:01:00+00:00"),
        ("2026-10-25T01:30", "", "2026-10-25T01:30:00+00:00"),
    ],
)
def test_an_embargo_is_by_the_clocks_of_its_zone(local: str, zone: str, until: str, desk: Desk) -> None:
    data = UPDATE | {"embargo_until": local, "embargo_zone": zone}
    page = desk.client().post(reverse("add_entry", args=[desk.campaign.slug, "update"]), data, follow=True)
    assert Entry.everything.get().embargo_until.isoformat() == until
    assert ("comes twice" in text_of(page)) == ("10-25" in local)


def test_an_embargo_that_has_lifted_does_not_stand_in_the_way_of_an_edit(desk: Desk) -> None:
    entry = make.update(desk.campaign, embargo_until=AT - DAY)
    data = UPDATE | {"version": 1, "embargo_until": "2026-03-09T10:00"}
    assert desk.post("edit_entry", data, pk=entry.pk).status_code == 302


def test_a_dead_page_is_said_on_the_source(desk: Desk) -> None:
    quote = quoted(desk)
    LivePage.objects.create(
        source=quote.entry.source,
        host="example.org",
        try_at=AT,
        checked_at=AT,
        failing_since=AT - DAY,
        dead_since=AT,
        said="The server says there is no such page (404).",
    )
    shown = text_of(desk.get("source", pk=quote.entry.source_id))
    assert "The page is gone since 9 March 2026, 10:00. Its text is kept below." in shown
    assert "there is no such page (404)" in shown


@pytest.mark.parametrize(
    "words", ["<script>alert(1)</script> & “so”", "ﬁ" * 5_000, "\u202egnorw\u202c text", "‘’“”" * 20]
)
def test_odd_words_are_shown_as_words(words: str, desk: Desk) -> None:
    quote = make.quote(desk.campaign, words=words, cleared=True)
    for name in ("entry", "copy_quote"):
        page = desk.get(name, pk=quote.pk)
        assert page.status_code == 200
        assert unsafe_parts(page) == []
