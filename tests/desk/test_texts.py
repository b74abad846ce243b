"""Handing in a text and reviewing what was found in it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.intake.models import Article, Decision, Proposal
from apps.notices.models import Delivery
from apps.people.models import Person, Post
from apps.reminders.models import Reminder
from apps.sources.models import Snapshot, Source
from apps.timeline.models import Entry, Link
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT
from tests.pages import Clock, at, everything_stored, problems_of, text_of, unsafe_parts

ABOUT = {"title": "Grooming offences double", "publisher": "The Northmarch Echo", "published": "9 March 2026"}


def hand_in(desk: Desk, who: str = "advocacy", **given: object) -> Article:
    response = desk.post("add_text", {"text": make.ARTICLE, **ABOUT, **given}, who=who)
    assert response.status_code == 302, text_of(response)
    return Article.objects.latest("pk")


def of(article: Article, kind: str, holding: str = "") -> Proposal:
    """The one proposal of that kind whose words or fields hold this."""
    rows = [row for row in article.proposals.filter(kind=kind) if holding in f"{row.words} {row.fields}"]
    assert len(rows) == 1, rows
    return rows[0]


def accept(desk: Desk, row: Proposal, who: str = "advocacy", **data: object) -> None:
    row.refresh_from_db()
    desk.post("accept_proposal", {"version": row.version, **data}, who=who, pk=row.pk)


def test_a_pasted_text_is_kept_and_what_is_in_it_waits(desk: Desk) -> None:
    article = hand_in(desk)
    assert article.source.title == "Grooming offences double"
    assert article.snapshot.text == make.ARTICLE.strip()
    assert {row.kind for row in article.proposals.all()} == {"quote", "statistic", "milestone", "update"}
    assert {row.state for row in article.proposals.all()} == {"waiting"}
    assert not Entry.everything.exists()
    page = desk.get("article", pk=article.pk, who="advocacy")
    assert unsafe_parts(page) == []
    assert "Every month of delay" in text_of(page)


def test_an_accepted_quote_is_on_the_timeline_verified_and_uncleared(desk: Desk) -> None:
    row = of(hand_in(desk), "quote", "Every month")
    accept(desk, row)
    entry = Entry.everything.get()
    assert (entry.kind, entry.state, entry.person.name, entry.organisation.name) == (
        *("quote", "published", "Nadia Okonjo"),
        "Harbour Children’s Trust",
    )
    assert (
        entry.quote.words
        == "Every month of delay leaves children open to harm that could have been prevented"
    )
    assert (entry.quote.snapshot, entry.quote.verdict.badge) == (row.article.snapshot, "verified")
    assert (entry.quote.sign_off, entry.shown_from) == ("draft", None)
    assert Post.objects.get().role == "Director of Policy"
    assert entry.quote.post == Post.objects.get()
    assert "Every month" not in text_of(desk.get("timeline", who="viewer"))


def test_an_accepted_deadline_is_a_milestone_with_its_reminders_planned(desk: Desk) -> None:
    accept(desk, of(hand_in(desk), "milestone", "by 31 October"))
    entry = Entry.everything.get()
    assert (entry.kind, entry.date, entry.milestone.owner) == (
        "milestone",
        "../2026-10-31",
        desk.cast["advocacy"],
    )
    assert Reminder.objects.filter(milestone=entry.milestone, state="planned").exists()


def test_an_accepted_figure_carries_its_change_and_its_source(desk: Desk) -> None:
    article = hand_in(desk)
    row = of(article, "statistic", "'figure': '389'")
    assert row.check_said == "consistent"
    changed = {"measure": "Online grooming offences"}
    form = desk.get("proposal", pk=row.pk, who="advocacy").context["card"]
    data = filled(form) | changed
    accept(desk, row, **data)
    entry = Entry.everything.get()
    assert (entry.statistic.figure, entry.statistic.baseline, entry.statistic.stated_change) == (
        389,
        191,
        104,
    )
    assert entry.source == article.source
    decision = Decision.objects.get()
    assert (decision.outcome, decision.decided_by, decision.entry) == (
        "accepted",
        desk.cast["advocacy"],
        entry,
    )
    assert (decision.proposed["measure"], decision.made["measure"]) == ("", "Online grooming offences")
    assert "What was changed" in text_of(desk.get("article", pk=article.pk))


def test_what_was_first_proposed_is_kept_through_every_change(desk: Desk) -> None:
    article = hand_in(desk, who="volunteer")
    row = of(article, "statistic", "'figure': '389'")
    found = dict(row.fields)
    desk.post("send_found", {"keep": [row.pk]}, who="volunteer", pk=article.pk)
    for who, changed in (
        ("volunteer", {"measure": "Offences"}),
        ("press", {"figure": "398", "note": "As in the table"}),
    ):
        row.refresh_from_db()
        card = desk.get("proposal", pk=row.pk, who=who).context["card"]
        desk.post("proposal", filled(card) | changed, pk=row.pk, who=who)
    row.refresh_from_db()
    assert row.fields["figure"] == "398"
    page = text_of(desk.get("article", pk=article.pk))
    assert "What was changed since it was proposed" in page
    assert "Figure 389 398" in page
    accept(desk, row, **filled(desk.get("proposal", pk=row.pk).context["card"]) | {"area": "West Mercia"})
    decision = Decision.objects.get()
    assert decision.proposed == found
    card = next(one for one in desk.get("article", pk=article.pk).context["cards"] if one.row == row)
    assert {one.label: (one.before, one.after) for one in card.edited} == {
        "Figure": ("389", "398"),
        "Measure": ("", "Offences"),
        "Area": (found.get("area", ""), "West Mercia"),
        "Note": ("", "As in the table"),
    }


def test_what_was_accepted_as_it_stood_differs_in_nothing(desk: Desk) -> None:
    article = hand_in(desk)
    for kind, holding in (("quote", "Every month"), ("milestone", "by 31 October")):
        row = of(article, kind, holding)
        accept(desk, row, **filled(desk.get("proposal", pk=row.pk, who="advocacy").context["card"]))
    cards = desk.get("article", pk=article.pk).context["cards"]
    assert [card.edited for card in cards if card.decision] == [[], []]


def test_whom_a_reviewer_lets_watch_is_named_among_what_was_changed(desk: Desk) -> None:
    row = of(hand_in(desk), "milestone", "by 31 October")
    data = filled(desk.get("proposal", pk=row.pk, who="advocacy").context["card"])
    accept(desk, row, **data | {"owner": desk.cast["press"].pk})
    edited = desk.get("proposal", pk=row.pk).context["card"].edited
    assert [(one.label, one.before, one.after) for one in edited] == [
        ("Watched by", "", desk.cast["press"].name)
    ]


def filled(card: object) -> dict[str, object]:
    """What the form of a card would send as it stands."""
    data: dict[str, object] = {}
    for form in (card.form, card.review):  # type: ignore[attr-defined]
        for name in form.fields:
            bound = form[name]
            shown = bound.field.widget.format_value(bound.value())
            data[bound.html_name] = (shown[0] if isinstance(shown, list) and shown else shown) or ""
    return data


def test_what_lacks_something_comes_back_with_its_form(desk: Desk) -> None:
    row = of(hand_in(desk), "statistic", "'figure': '389'")
    response = desk.post("accept_proposal", {"version": row.version}, pk=row.pk)
    assert response.status_code == 200
    assert "Measure : This field is required." in text_of(response)
    assert not Entry.everything.exists()


def test_a_rejected_one_says_why_and_needs_a_reason(desk: Desk) -> None:
    row = of(hand_in(desk), "quote", "world-leading")
    desk.post("reject_proposal", {f"no-{row.pk}-version": 1}, pk=row.pk)
    assert not Decision.objects.exists()
    desk.post(
        "reject_proposal", {f"no-{row.pk}-version": 1, f"no-{row.pk}-because": "Already here"}, pk=row.pk
    )
    row.refresh_from_db()
    assert (row.state, Decision.objects.get().because) == ("rejected", "Already here")


def test_two_reviewers_at_once(desk: Desk, clock: Clock) -> None:
    row = of(hand_in(desk), "quote", "world-leading")
    desk.post("claim_proposal", {}, who="press", pk=row.pk)
    response = desk.client("advocacy").post(
        f"/c/{desk.campaign.slug}/proposals/{row.pk}/accept/", {"version": 1}, follow=True
    )
    assert f"{desk.cast['press'].name} is looking at this one, and has it until 10:15." in text_of(response)
    assert "are reviewing" not in text_of(response)
    assert f"{desk.cast['press'].name} is reviewing this text, too." in text_of(response)
    clock.at = AT + make.SECOND * 16 * 60
    accept(desk, row)
    assert Entry.everything.count() == 1
    response = desk.client("press").post(
        f"/c/{desk.campaign.slug}/proposals/{row.pk}/accept/", {"version": 1}, follow=True
    )
    assert f"{desk.cast['advocacy'].name} accepted this one at 10:16. Nothing was written twice." in text_of(
        response
    )
    assert Entry.everything.count() == 1


def test_the_same_text_again_is_recognised_also_under_another_address(desk: Desk) -> None:
    hand_in(desk, url="https://example.org/one")
    before = everything_stored()
    again = "  " + make.ARTICLE.replace("\n", "\r\n").replace("”", '"').replace("“", '"')
    response = desk.client("press").post(
        f"/c/{desk.campaign.slug}/add/text/", {"text": again, "url": "https://example.net/two"}, follow=True
    )
    assert "This text is here already" in text_of(response)
    assert "from https://example.org/one. Nothing was added a second time." in text_of(response)
    assert everything_stored()["sources.Snapshot"] == before["sources.Snapshot"]
    assert Article.objects.count() == 1


def test_a_volunteer_is_not_told_of_the_same_text_that_others_handed_in(desk: Desk) -> None:
    hand_in(desk)
    hand_in(desk, who="volunteer")
    assert Article.objects.count() == 2


def test_a_volunteers_text_never_touches_a_source_of_others(desk: Desk) -> None:
    known = make.source(desk.campaign, url="https://example.org/one")
    make.update(desk.campaign, source=known)
    article = hand_in(desk, who="volunteer", url="https://example.org/one")
    assert article.source != known
    assert not known.snapshots.exists()
    article = hand_in(desk, text=make.ARTICLE + "Another line.", url="https://example.org/one", anyway="1")
    assert article.source == known


def test_a_part_of_a_page_sent_from_the_browser_changes_no_badge(desk: Desk) -> None:
    url = "https://example.org/one"
    quote = of(hand_in(desk, url=url), "quote", "Every month")
    accept(desk, quote)
    shared = {"url": url, "title": "Grooming offences double", "text": "A part that was marked. " * 10}
    page = desk.client("advocacy").get("/share-in/", shared)
    assert page.context["form"]["excerpt"].value() is True
    assert page.context["form"].about_is_used()
    part = hand_in(desk, text=shared["text"], url=url, excerpt="on")
    assert (part.source, part.snapshot.excerpt) == (quote.article.source, True)
    assert Entry.everything.get().quote.verdict.badge == "verified"
    # A part of the text that is here is one, whether somebody says so or not.
    part = hand_in(desk, text=make.ARTICLE.strip()[:400], url=url)
    assert part.snapshot.excerpt
    assert Entry.everything.get().quote.verdict.badge == "verified"
    assert "A part of it, 10 March 2026" in text_of(desk.get("source", pk=part.source_id))
    whole = hand_in(desk, text="Another text, which stands there by now.", url=url)
    assert not whole.snapshot.excerpt
    assert Entry.everything.get().quote.verdict.badge == "source changed"


def test_a_volunteer_ticks_and_sends_and_hears_what_became_of_it(desk: Desk) -> None:
    article = hand_in(desk, who="volunteer")
    keep = [of(article, "quote", "Every month"), of(article, "milestone", "by 31 October")]
    assert "Grooming" not in text_of(desk.get("queue"))
    desk.post("send_found", {"keep": [row.pk for row in keep]}, who="volunteer", pk=article.pk)
    assert set(article.proposals.filter(state="waiting")) == set(keep)
    assert not article.proposals.filter(state="unsent").exists()
    assert "Every month of delay" in text_of(desk.get("queue"))
    accept(desk, keep[0])
    assert not Delivery.objects.filter(recipient=desk.cast["volunteer"]).exists()
    data = {f"no-{keep[1].pk}-version": 1, f"no-{keep[1].pk}-because": "Already here"}
    desk.post("reject_proposal", data, pk=keep[1].pk)
    told = Delivery.objects.get(recipient=desk.cast["volunteer"])
    assert told.subject == "1 of 2 accepted: Grooming offences double (The Northmarch Echo)"
    assert "Why: Already here" in told.body
    page = text_of(desk.get("sent", who="volunteer"))
    assert "Already here" in page and "Accepted" in page


def test_a_sender_who_takes_back_what_waits_last_hears_of_the_rest(desk: Desk) -> None:
    article = hand_in(desk, who="volunteer")
    keep = [of(article, "quote", "Every month"), of(article, "milestone", "by 31 October")]
    desk.post("send_found", {"keep": [row.pk for row in keep]}, who="volunteer", pk=article.pk)
    accept(desk, keep[0])
    assert not Delivery.objects.filter(recipient=desk.cast["volunteer"]).exists()
    desk.post("leave_proposal", {"version": 1}, who="volunteer", pk=keep[1].pk)
    told = Delivery.objects.get(recipient=desk.cast["volunteer"])
    assert told.subject == "1 of 1 accepted: Grooming offences double (The Northmarch Echo)"


def test_a_sender_who_takes_all_back_hears_nothing(desk: Desk) -> None:
    article = hand_in(desk, who="volunteer")
    row = of(article, "quote", "Every month")
    desk.post("send_found", {"keep": [row.pk]}, who="volunteer", pk=article.pk)
    desk.post("leave_proposal", {"version": 1}, who="volunteer", pk=row.pk)
    assert not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("given", "field", "said"),
    [
        ({"text": ""}, "text", "There is nothing here yet."),
        ({"text": "   \n\n "}, "text", "There is nothing here yet."),
        ({"text": "\x00\x01\x02" * 400 + "word"}, "text", "This is not text"),
        ({"text": "!!! ??? ..." * 10}, "text", "There are no words in it."),
        ({"text": "Too short"}, "text", "This is only 9 characters."),
        ({"text": "word " * 50_000}, "text", "The text has 249,999 characters, and 200,000 is the most."),
        ({"text": "word " * 60_000}, "text", "The text has 300,000 characters"),
        ({"url": "http://127.0.0.1/", "text": ""}, "url", "is not on the public internet"),
        (
            {"url": "http://169.254.169.254/latest/meta-data/", "text": ""},
            "url",
            "is not on the public internet",
        ),
        ({"url": "http://localhost:6379/", "text": ""}, "url", "is not on the public internet"),
        ({"url": "ftp://example.org/", "text": ""}, "url", "Enter a valid URL."),
        ({"published": "soon"}, "published", ""),
    ],
)
def test_bad_input_is_a_sentence_and_nothing_is_written(
    given: dict[str, str], field: str, said: str, desk: Desk
) -> None:
    before = everything_stored()
    response = desk.post("add_text", {"text": make.ARTICLE} | given, who="volunteer")
    assert response.status_code == 200
    problems = problems_of(response)
    assert set(problems) == {field}
    assert said in problems[field][0]
    assert everything_stored() == before
    assert Source.objects.count() == Snapshot.objects.count() == 0


def test_two_hundred_thousand_characters_are_taken(desk: Desk) -> None:
    text = (make.ARTICLE * 200)[:199_990]
    article = hand_in(desk, text=text)
    assert 0 < article.proposals.count() <= 300
    assert desk.get("article", pk=article.pk).status_code == 200


HOSTILE = """<html><head><title>T</title><script>alert(1)</script></head><body><p onclick="x()">%s</p>
<img src=x onerror=alert(1)></body></html>"""


def test_pasted_markup_is_read_as_a_page(desk: Desk) -> None:
    article = hand_in(
        desk, text=HOSTILE % "“We shall <b>never</b> stop asking for it,” said Jo Smith of Harbour."
    )
    assert "alert" not in article.snapshot.text
    assert "We shall never stop asking for it" in article.snapshot.text


def test_what_looks_like_markup_in_a_text_is_shown_as_it_is(desk: Desk) -> None:
    text = "“<script>alert(1)</script> is what they typed into the form,” said Jo Smith, of Harbour Trust."
    article = hand_in(desk, text=text)
    page = desk.get("article", pk=article.pk)
    assert b"<script>alert(1)" not in page.content
    assert unsafe_parts(page) == []


def test_a_file_is_read(desk: Desk) -> None:
    file = SimpleUploadedFile("article.txt", make.ARTICLE.encode("utf-16"))
    article = hand_in(desk, text="", upload=file)
    assert (article.way, article.snapshot.text) == ("file", make.ARTICLE.strip())


def test_the_person_is_offered_by_a_near_name(desk: Desk) -> None:
    person = make.person(desk.campaign, "Nadja Okonjo")
    row = of(hand_in(desk), "quote", "Every month")
    page = desk.get("proposal", pk=row.pk)
    assert f"Nadja Okonjo [{person.pk}]" in text_of(page)
    page = desk.get("proposal", pk=row.pk, query={"person": f"Nadja Okonjo [{person.pk}]"})
    accept(desk, row, **filled(page.context["card"]))
    assert Entry.everything.get().person == person
    assert Person.objects.count() == 1


def test_a_span_is_adjusted_to_words_of_the_text(desk: Desk) -> None:
    row = of(hand_in(desk), "quote", "Every month")
    card = desk.get("proposal", pk=row.pk).context["card"]
    data = filled(card) | {
        "review-passage": "Every month of delay leaves children open to harm",
        "review-start": "",
    }
    response = desk.post("proposal", data, pk=row.pk)
    row.refresh_from_db()
    assert (response.status_code, row.words, row.version) == (
        *(302, "Every month of delay leaves children open to harm"),
        2,
    )
    data |= {"review-passage": "Words that are not there", "review-version": 2}
    response = desk.post("proposal", data, pk=row.pk)
    assert "These words are not in the text." in text_of(response)


def test_a_span_put_right_while_accepting_is_kept(desk: Desk) -> None:
    row = of(hand_in(desk), "quote", "Every month")
    data = filled(desk.get("proposal", pk=row.pk).context["card"])
    accept(desk, row, **data | {"review-passage": "Every month of delay", "review-start": ""})
    row.refresh_from_db()
    assert (row.state, row.words) == ("accepted", "Every month of delay")


def test_something_missed_is_marked_by_hand(desk: Desk) -> None:
    article = hand_in(desk)
    response = desk.post(
        "mark_found", {"mark-passage": "world-leading laws", "mark-kind": "quote"}, pk=article.pk
    )
    row = Proposal.objects.latest("pk")
    assert (response.status_code, row.words, row.rule) == (302, "world-leading laws", "by hand")
    response = desk.post("mark_found", {"mark-passage": "not there", "mark-kind": "quote"}, pk=article.pk)
    assert "These words are not in the text." in text_of(response)


def test_a_text_that_somebody_never_sent_is_read_anew_for_others(desk: Desk) -> None:
    kept = hand_in(desk, who="volunteer")
    assert {row.state for row in kept.proposals.all()} == {"unsent"}
    assert hand_in(desk, who="volunteer") == kept
    article = hand_in(desk, who="press")
    assert (article != kept, {row.state for row in article.proposals.all()}) == (True, {"waiting"})
    assert hand_in(desk, who="advocacy") == article


def test_an_entry_can_be_linked_to_another_on_the_way(desk: Desk) -> None:
    bill = make.milestone(desk.campaign, headline="The Bill").entry
    row = of(hand_in(desk), "quote", "world-leading")
    data = filled(desk.get("proposal", pk=row.pk).context["card"])
    data |= {"review-link_to": f"The Bill [{bill.pk}]", "review-relation": "promises"}
    accept(desk, row, **data)
    link = Link.objects.get()
    assert (link.to_entry, link.relation, link.from_entry.kind) == (bill, "promises", "quote")


def test_a_date_that_was_found_moves_the_milestone_that_is_here(desk: Desk) -> None:
    bill = make.milestone(
        desk.campaign, headline="Safer Platforms Bill on the statute book", target="2026-12-31"
    )
    make.milestone(desk.campaign, headline="Response to another matter", target="2026-12-31")
    article = hand_in(desk)
    [row] = (one for one in article.proposals.all() if one.words == "by the end of 2027")
    label = f"{bill.entry.headline} [{bill.pk}]"
    page = desk.get("proposal", pk=row.pk, who="advocacy")
    assert [(one.label, one.target, one.same) for one in page.context["card"].moving] == [
        (label, "31 December 2026", False)
    ]
    assert "to move that date instead of adding one" in text_of(desk.get("article", pk=article.pk))
    page = desk.get("proposal", pk=row.pk, who="advocacy", query={"moves": label})
    data = filled(page.context["card"])
    assert data["review-moves"] == label
    response = desk.post("accept_proposal", data, pk=row.pk, who="advocacy")
    assert "Why it moved : Say why it moved" in text_of(response)
    data["review-reason"] = "The government answered late"
    response = desk.post("accept_proposal", data, pk=row.pk, who="press")
    assert "Moving a date is for owners and advocacy. Nothing was written" in text_of(response)
    assert bill.targets.count() == 1
    accept(desk, row, **data)
    newest = bill.targets.order_by("-id").first()
    assert newest is not None
    assert (newest.date, newest.reason, newest.source, newest.recorded_by) == (
        *("../2027-12-31", "The government answered late", article.source),
        desk.cast["advocacy"],
    )
    decision = Decision.objects.get()
    assert (decision.entry, decision.made["moves"]) == (bill.entry, label)
    assert Entry.everything.count() == 2
    assert Reminder.objects.filter(milestone=bill, state="planned").exists()
    entry = Entry.everything.get(pk=bill.pk)
    assert (entry.slip_days, entry.headline) == (365, "Safer Platforms Bill on the statute book")


def test_what_hangs_on_a_date_is_shown_before_a_found_one_moves_it(desk: Desk) -> None:
    bill = make.milestone(desk.campaign, headline="Safer Platforms Bill", target="2026-12-31")
    guide = make.milestone(desk.campaign, headline="Our guide to the Act", target="2027-01-28")
    make.hang(guide, bill, 4)
    [row] = (one for one in hand_in(desk).proposals.all() if one.words == "by the end of 2027")
    data = filled(desk.get("proposal", pk=row.pk).context["card"])
    data |= {"review-reason": "The answer is late", "review-moves": f"Safer Platforms Bill [{bill.pk}]"}
    response = desk.post("accept_proposal", data, pk=row.pk)
    said = text_of(response)
    assert "Nothing has moved yet." in said
    assert "Our guide to the Act 28 January 2027 by 28 January 2028 4 weeks after" in said
    row.refresh_from_db()
    assert (row.state, bill.targets.count(), guide.targets.count()) == ("waiting", 1, 1)
    desk.post("proposal", data, pk=row.pk)  # kept, to be accepted with others
    row.refresh_from_db()
    ticked = {"do": "accept", "chosen": f"{row.pk}:{row.version}"}
    page = desk.client().post(at("act_on_queue", desk.campaign), ticked, follow=True)
    assert "another deadline hangs on the date it moves: open it to see where they go" in text_of(page)
    data |= {"confirmed": response.context["card"].effect.foreseen.mark, "review-version": row.version}
    assert desk.post("accept_proposal", data, pk=row.pk).status_code == 302
    row.refresh_from_db()
    assert (row.state, bill.targets.count(), guide.targets.count()) == ("accepted", 2, 2)


def test_whoever_comes_second_is_told_so_and_not_asked_what_else_moves(desk: Desk) -> None:
    bill = make.milestone(desk.campaign, headline="Safer Platforms Bill", target="2026-12-31")
    make.hang(make.milestone(desk.campaign, target="2027-01-28"), bill, 4)
    [row] = (one for one in hand_in(desk).proposals.all() if one.words == "by the end of 2027")
    data = filled(desk.get("proposal", pk=row.pk).context["card"])
    data |= {"review-reason": "It is late", "review-moves": f"Safer Platforms Bill [{bill.pk}]"}
    shown = desk.post("accept_proposal", data, pk=row.pk)
    data["confirmed"] = shown.context["card"].effect.foreseen.mark
    desk.post("accept_proposal", data, pk=row.pk)
    client = desk.client("advocacy")
    page = client.post(at("accept_proposal", desk.campaign, pk=row.pk), data, follow=True)
    assert "accepted this one" in text_of(page)
    assert bill.targets.count() == 2


def test_a_move_that_is_refused_leaves_the_proposal_waiting(desk: Desk) -> None:
    bill = make.milestone(desk.campaign, headline="Safer Platforms Bill", target="../2027-12-31")
    [row] = (one for one in hand_in(desk).proposals.all() if one.words == "by the end of 2027")
    page = desk.get("proposal", pk=row.pk)
    assert "the same date" in text_of(page)
    data = filled(page.context["card"]) | {"review-reason": "News"}
    for moves, said in (
        (f"Safer Platforms Bill [{bill.pk}]", "That is the target as it stands."),
        ("Another Bill", "No milestone here is called “Another Bill”."),
    ):
        response = desk.post("accept_proposal", data | {"review-moves": moves}, pk=row.pk)
        assert said in text_of(response)
    row.refresh_from_db()
    assert (row.state, bill.targets.count()) == ("waiting", 1)


def test_a_figure_in_words_is_shown_as_it_is_printed(desk: Desk) -> None:
    text = "Offences have more than doubled in a year, the Harbour Trust said on Tuesday in the town hall."
    article = hand_in(desk, text=text)
    titles = [card.title for card in desk.get("article", pk=article.pk).context["cards"]]
    assert [title for title in titles if "“doubled”" in title or "“more than doubled”" in title]
