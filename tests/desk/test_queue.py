"""The review queue: narrowed, shared out, decided in batches; and the receipts of those who sent to it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.desk.proposed import typed_in
from apps.health.models import BrokenPromise
from apps.health.promises import draft_broken_promises
from apps.intake.actions import accept, assign, gather_lines
from apps.intake.looking import look
from apps.intake.models import Decision, Proposal
from apps.notices.models import Delivery
from apps.timeline.actions import record_use
from apps.timeline.models import Entry, Relation, Way
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT, DAY
from tests.pages import text_of


def titles(desk: Desk, who: str = "owner", **query: object) -> list[str]:
    return [card.title for card in desk.get("queue", who=who, query=query).context["cards"]]


def test_the_queue_holds_all_sorts_and_is_narrowed(desk: Desk) -> None:
    lewis = desk.cast["volunteer"]
    update = make.update(desk.campaign, headline="As it was")
    make.proposal(desk.campaign, headline="New entry", by=lewis)
    make.suggested(update, by=lewis)
    make.article(desk.campaign)
    line_of_a_broken_promise(desk)
    assert len(titles(desk)) == Proposal.objects.count()
    assert titles(desk, sort="entry") == ["New entry"]
    assert titles(desk, sort="change") == ["As it was"]
    assert titles(desk, sort="line") == ["Past its promised date, January 2026: Royal Assent"]
    assert titles(desk, sender=lewis.pk) == ["New entry", "As it was"]
    assert titles(desk, kind="quote", sort="found") and all("“" in one for one in titles(desk, kind="quote"))
    assert titles(desk, whose="me") == []
    assign(proposals=Proposal.objects.filter(sort="entry"), to=desk.cast["press"])
    assert titles(desk, who="press", whose="me") == ["New entry"]
    for odd in ({"sort": "x"}, {"sender": "x"}, {"after": "x"}, {"after": "9" * 40}, {"whose": "\x00"}):
        assert desk.get("queue", query=odd).status_code == 200


def line_of_a_broken_promise(desk: Desk) -> BrokenPromise:
    late = make.milestone(desk.campaign, target="2026-01", at=AT - 90 * DAY)
    said = make.quote(desk.campaign, cleared=True, date="2026-01-02")
    make.link(said.entry, late.entry, Relation.PROMISES)
    draft_broken_promises(at=AT)
    assert (gather_lines(at=AT), gather_lines(at=AT)) == (1, 0)
    return BrokenPromise.objects.get()


def test_a_line_leaves_the_queue_as_it_is_decided_and_while_its_quote_is_hidden(desk: Desk) -> None:
    line = line_of_a_broken_promise(desk)
    Entry.everything.filter(pk=line.quote_id).update(shown_from=None)
    assert titles(desk) == []
    Entry.everything.filter(pk=line.quote_id).update(shown_from=AT)
    desk.post("dismiss_line", {"reason": "Said already"}, pk=line.pk)
    assert titles(desk) == []
    assert (Decision.objects.get().outcome, Decision.objects.get().because) == ("rejected", "Said already")


def queries_of(desk: Desk, name: str, who: str = "owner") -> int:
    client = desk.client(who)
    with CaptureQueriesContext(
        connection,
    ) as counted:
        client.get(f"/c/{desk.campaign.slug}/{name}/")
    return len(counted)


def test_the_queue_costs_the_same_however_much_waits(desk: Desk) -> None:
    lewis = desk.cast["volunteer"]

    def fill(count: int) -> None:
        for number in range(count):
            make.proposal(desk.campaign, headline=f"Entry {number}", by=lewis)
            make.suggested(make.update(desk.campaign), by=lewis)
            done = make.proposal(desk.campaign, headline=f"Done {number}", by=lewis)
            accept(
                proposal=done,
                write=lambda: make.update(desk.campaign),
                made={},
                version=1,
                by=desk.cast["owner"],
                at=AT,
            )

    make.article(desk.campaign)
    fill(1)
    few = queries_of(desk, "queue"), queries_of(desk, "sent", "volunteer")
    fill(6)
    assert (queries_of(desk, "queue"), queries_of(desk, "sent", "volunteer")) == few


def test_the_review_page_costs_the_same_however_much_was_found(desk: Desk) -> None:
    few = make.article(desk.campaign, "The law must be in force by the end of 2027, said Jo Smith.")
    many = make.article(desk.campaign, make.ARTICLE * 5)
    assert queries_of(desk, f"texts/{few.pk}") == queries_of(desk, f"texts/{many.pk}")


def test_several_are_decided_at_once_and_what_cannot_be_is_said(desk: Desk) -> None:
    lewis = desk.cast["volunteer"]
    good = [make.proposal(desk.campaign, headline=f"Entry {number}", by=lewis) for number in (1, 2)]
    bad = make.proposal(desk.campaign, "quote", person="", words="Nobody said this", by=lewis)
    stale = make.proposal(desk.campaign, headline="Stale", by=lewis)
    chosen = [f"{row.pk}:1" for row in (*good, bad)] + [f"{stale.pk}:7", "x:1", ":", "9" * 30 + ":1"]
    client = desk.client()
    response = client.post(
        f"/c/{desk.campaign.slug}/queue/act/",
        {"do": "accept", "chosen": chosen, "kept-kind": "update"},
        follow=True,
    )
    said = text_of(response)
    assert "2 accepted." in said
    assert "Not done: “Nobody said this”: Say who said it" in said
    assert "Not done: Stale: It was changed since you opened it." in said
    assert response.redirect_chain[-1][0].endswith("?kind=update")
    assert sorted(Entry.everything.values_list("headline", flat=True)) == ["Entry 1", "Entry 2"]
    assert Delivery.objects.filter(recipient=lewis).count() == 2
    client.post(f"/c/{desk.campaign.slug}/queue/act/", {"do": "reject", "chosen": f"{stale.pk}:1"})
    stale.refresh_from_db()
    assert stale.state == "waiting"
    data = {"do": "reject", "chosen": f"{stale.pk}:1", "because": "Already here"}
    client.post(f"/c/{desk.campaign.slug}/queue/act/", data)
    stale.refresh_from_db()
    assert stale.state == "rejected"
    for do in ("assign", "accept", "nonsense", ""):
        assert client.post(f"/c/{desk.campaign.slug}/queue/act/", {"do": do}).status_code == 302
    data = {"do": "assign", "chosen": f"{bad.pk}:1", "to": desk.cast["press"].pk}
    client.post(f"/c/{desk.campaign.slug}/queue/act/", data)
    bad.refresh_from_db()
    assert bad.assignee == desk.cast["press"]


def test_what_was_not_accepted_is_changed_and_sent_again(desk: Desk) -> None:
    row = make.proposal(desk.campaign, headline="Worng", by=desk.cast["volunteer"])
    desk.post("reject_proposal", {f"no-{row.pk}-because": "Typing", f"no-{row.pk}-version": 1}, pk=row.pk)
    told = Delivery.objects.get(recipient=desk.cast["volunteer"])
    assert (told.subject, "Why: Typing" in told.body) == ("Not accepted: Worng", True)
    assert "Change it and send it again" in text_of(desk.get("sent", who="volunteer"))
    data = {"headline": "Wrong", "date": "3 March 2026", "visibility": "team", "review-version": 2}
    desk.post("proposal", data, pk=row.pk, who="volunteer")
    row.refresh_from_db()
    assert (row.state, row.fields["headline"]) == ("waiting", "Wrong")
    desk.post("accept_proposal", {"version": row.version}, pk=row.pk)
    assert Entry.everything.get().headline == "Wrong"
    assert [one.outcome for one in row.decisions.all()] == ["rejected", "accepted"]
    assert [one.proposed["headline"] for one in row.decisions.all()] == ["Worng", "Wrong"]


def test_whoever_sent_it_takes_it_back(desk: Desk) -> None:
    row = make.proposal(desk.campaign, by=desk.cast["volunteer"])
    assert desk.post("leave_proposal", {"version": 1}, pk=row.pk, who="press").status_code == 404
    desk.post("leave_proposal", {"version": 1}, pk=row.pk, who="volunteer")
    row.refresh_from_db()
    assert row.state == "left"
    assert titles(desk) == []


def test_a_suggested_change_shows_what_differs_and_changes_that_alone(desk: Desk) -> None:
    entry = make.update(desk.campaign, headline="As it was", note="A note", date="2026-03-01")
    page = desk.get("suggest_change", pk=entry.pk, who="volunteer")
    assert page.context["form"]["headline"].value() == "As it was"
    data = {
        "headline": "As it is",
        "date": "1 March 2026",
        "note": "A note",
        "visibility": "team",
        "version": 1,
    }
    desk.post("suggest_change", data, pk=entry.pk, who="volunteer")
    row = Proposal.objects.get()
    assert (row.fields, row.was) == ({"headline": "As it is"}, {"headline": "As it was"})
    assert desk.get("entry", pk=entry.pk).context["entry"].headline == "As it was"
    # Meanwhile somebody changes something else: that stays.
    desk.post("edit_entry", data | {"headline": "As it was", "note": "Another note"}, pk=entry.pk)
    assert "As it was As it is" in text_of(desk.get("queue"))
    desk.post("accept_proposal", {"version": 1}, pk=row.pk)
    entry.refresh_from_db()
    assert (entry.headline, entry.note) == ("As it is", "Another note")


def test_what_was_rewritten_since_is_not_overwritten_unseen(desk: Desk) -> None:
    entry = make.update(desk.campaign, headline="As it is", note="A tpyo.", date="2026-03-01")
    data = {"headline": "As it is", "date": "1 March 2026", "visibility": "team", "version": 1}
    desk.post("suggest_change", data | {"note": "A typo."}, pk=entry.pk, who="volunteer")
    row = Proposal.objects.get()
    desk.post("edit_entry", data | {"note": "Written anew."}, pk=entry.pk)
    pages = f"/c/{desk.campaign.slug}"
    for address, sent in (
        (f"{pages}/proposals/{row.pk}/accept/", {"version": "1"}),
        (f"{pages}/queue/act/", {"do": "accept", "chosen": f"{row.pk}:1"}),
    ):
        refused = desk.client().post(address, sent, follow=True)
        assert "The entry was changed since this was suggested." in text_of(refused)
    entry.refresh_from_db()
    assert (entry.note, Proposal.objects.get().state) == ("Written anew.", "waiting")
    # Whoever has compared the two, on its own page, decides.
    page = desk.get("proposal", pk=row.pk).context["card"]
    review = {"review-version": 1, "review-because": ""}
    desk.post("accept_proposal", typed_in(page.form) | {"version": entry.version} | review, pk=row.pk)
    entry.refresh_from_db()
    assert entry.note == "A typo."


def test_a_headline_that_was_made_follows_a_suggested_figure(desk: Desk) -> None:
    typed = {"measure": "Offences", "figure": "389", "unit": "offences", "date": "2021", "visibility": "team"}
    desk.post("add_entry", typed, kind="statistic")
    entry = Entry.everything.get()
    form = desk.get("suggest_change", pk=entry.pk, who="volunteer").context["form"]
    data = typed_in(form) | {"figure": "398", "version": 1}
    desk.post("suggest_change", data, pk=entry.pk, who="volunteer")
    row = Proposal.objects.get()
    assert (row.fields, row.was) == (
        {"figure": "398"},
        {"figure": "389", "headline": "389 offences: Offences"},
    )
    assert "389 offences: Offences" in text_of(desk.get("queue"))  # what it would change is named
    desk.post("accept_proposal", {"version": 1}, pk=row.pk)
    entry.refresh_from_db()
    assert entry.headline == "398 offences: Offences"


def test_a_suggestion_is_changed_and_what_stands_is_not_given_away_once_it_is_hidden(desk: Desk) -> None:
    entry = make.update(desk.campaign, headline="As it was", note="A note", date="2026-03-01")
    row = make.suggested(entry, by=desk.cast["volunteer"], headline="As it is")
    data = {"headline": "As it is", "note": "Another note", "date": "1 March 2026", "visibility": "team"}
    data |= {"version": 1, "review-version": 1}
    desk.post("proposal", data, pk=row.pk, who="volunteer")
    row.refresh_from_db()
    assert row.fields == {"headline": "As it is", "note": "Another note"}
    hidden = {"headline": "Secret", "note": "Secret", "tags": "Secret", "visibility": "staff"}
    desk.post("edit_entry", data | hidden, pk=entry.pk)
    for page in (desk.get("proposal", pk=row.pk, who="volunteer"), desk.get("sent", who="volunteer")):
        assert (page.status_code, "Secret" in page.content.decode()) == (200, False)
    response = desk.post("proposal", data | {"review-version": 2}, pk=row.pk, who="volunteer")
    assert "Secret" not in response.content.decode()
    assert "Secret" in desk.get("proposal", pk=row.pk).content.decode()


def test_what_a_reviewer_saves_gives_nothing_away_of_what_stands_there_now(desk: Desk) -> None:
    entry = make.update(desk.campaign, headline="As it was", date="2026-03-01")
    row = make.suggested(entry, by=desk.cast["volunteer"], headline="As it is")
    data = {"date": "1 March 2026", "visibility": "staff", "version": 1}
    desk.post("edit_entry", data | {"headline": "Secret", "note": "Secret"}, pk=entry.pk)
    saved = data | {"headline": "As it is", "note": "A note", "version": 2, "review-version": 1}
    desk.post("proposal", saved, pk=row.pk, who="press")
    row.refresh_from_db()
    assert (row.version, row.fields["headline"]) == (2, "As it is")
    for page in (desk.get("proposal", pk=row.pk, who="volunteer"), desk.get("sent", who="volunteer")):
        assert (page.status_code, "Secret" in page.content.decode()) == (200, False)


def test_an_entry_that_a_reviewer_links_to_is_not_named_to_whoever_may_not_see_it(desk: Desk) -> None:
    launch = make.milestone(desk.campaign, headline="Secret launch", visibility="staff").entry
    row = make.proposal(desk.campaign, by=desk.cast["volunteer"])
    data = {**row.fields, "review-version": 1, "review-link_to": f"Secret launch [{launch.pk}]"}
    data |= {"review-relation": "supports", "review-because": ""}
    desk.post("proposal", data, pk=row.pk, who="press")
    row.refresh_from_db()
    assert "Secret launch" in row.fields["link_to"]

    def pages() -> str:
        shown = (desk.get("proposal", pk=row.pk, who="volunteer"), desk.get("sent", who="volunteer"))
        return "".join(page.content.decode() for page in shown)

    assert "Secret launch" not in pages()
    desk.post("accept_proposal", {"version": 2}, pk=row.pk, who="press")
    row.refresh_from_db()
    assert (row.state, "Secret launch" in pages()) == ("accepted", False)
    assert "Secret launch" in desk.get("proposal", pk=row.pk, who="press").content.decode()


def test_a_suggestion_that_changes_nothing_is_not_sent(desk: Desk) -> None:
    entry = make.update(desk.campaign, headline="As it was", date="2026-03-01")
    data = {"headline": "As it was", "date": "1 March 2026", "visibility": "team", "version": 1}
    response = desk.post("suggest_change", data, pk=entry.pk, who="volunteer")
    assert "Nothing differs from what stands." in text_of(response)


def test_an_important_figure_is_read_by_two_before_it_is_accepted(desk: Desk) -> None:
    row = make.proposal(desk.campaign, "statistic", by=desk.cast["volunteer"])
    desk.post("ask_second_pair", {"two": "1"}, pk=row.pk)

    def refused() -> str:
        client = desk.client()
        path = f"/c/{desk.campaign.slug}/proposals/{row.pk}/accept/"
        return text_of(client.post(path, {"version": 1}, follow=True))

    assert "Two people have to read this figure" in refused()
    desk.post("read_figure", {"typed": "398"}, pk=row.pk, who="press")
    assert "One more person has to read this figure" in refused()
    assert "398" not in text_of(desk.get("read_figure", pk=row.pk, who="advocacy"))
    desk.post("read_figure", {"typed": "389"}, pk=row.pk, who="advocacy")
    assert "read it differently" in refused()
    # Neither may write over what they read once they have seen what the other did.
    response = desk.client("press").post(
        f"/c/{desk.campaign.slug}/proposals/{row.pk}/read/", {"typed": "389"}, follow=True
    )
    assert "You read 398, and have seen by now what others read" in text_of(response)
    assert response.context["form"] is None
    assert "read it differently" in refused()
    # Whoever comes third sees neither before they have read it themselves.
    assert "398" not in text_of(desk.get("read_figure", pk=row.pk))
    desk.post("read_figure", {"typed": "389"}, pk=row.pk)
    assert "Two people read the same" in text_of(desk.get("read_figure", pk=row.pk))
    desk.post("accept_proposal", {"version": 1}, pk=row.pk)
    assert Entry.everything.get().statistic.figure == 389


def test_a_reading_is_put_right_while_nobody_else_has_read_it(desk: Desk) -> None:
    row = make.proposal(desk.campaign, "statistic", by=desk.cast["volunteer"])
    desk.post("ask_second_pair", {"two": "1"}, pk=row.pk)
    for typed in ("398", "389"):
        desk.post("read_figure", {"typed": typed}, pk=row.pk, who="press")
    assert [one.typed for one in row.readings.all()] == ["389"]


def test_that_one_pair_of_eyes_is_enough_is_kept_with_who_said_so_and_why(desk: Desk) -> None:
    row = make.proposal(desk.campaign, "statistic", by=desk.cast["volunteer"])
    desk.post("ask_second_pair", {"two": "1"}, pk=row.pk)
    desk.post("ask_second_pair", {"two": "0"}, pk=row.pk, who="press")
    row.refresh_from_db()
    assert row.second_pair
    desk.post("ask_second_pair", {"two": "0", "because": "Nobody else is here"}, pk=row.pk, who="press")
    row.refresh_from_db()
    assert not row.second_pair
    said = [(one.two, one.because, one.said_by, one.said_at) for one in row.pairs.all()]
    assert said == [
        (True, "", desk.cast["owner"], AT),
        (False, "Nobody else is here", desk.cast["press"], AT),
    ]
    assert f"{desk.cast['press'].name} One pair of eyes is enough: Nobody else is here" in text_of(
        desk.get("proposal", pk=row.pk)
    )
    assert "Nobody else is here" not in text_of(desk.get("proposal", pk=row.pk, who="volunteer"))
    update = make.proposal(desk.campaign)
    desk.post("ask_second_pair", {"two": "1"}, pk=update.pk)
    assert update.pairs.count() == 0


def test_a_sender_hears_when_what_they_sent_went_out_in_a_pack(desk: Desk) -> None:
    row = make.proposal(desk.campaign, headline="We met", by=desk.cast["volunteer"])
    desk.post("accept_proposal", {"version": 1}, pk=row.pk)
    entry = Entry.everything.get()
    record_use(
        entries=[entry], way=Way.EXPORTED, form="Word", where="A secret pack", by=desk.cast["press"], at=AT
    )
    look(at=AT + DAY)
    look(at=AT + 2 * DAY)
    told = Delivery.objects.filter(recipient=desk.cast["volunteer"], subject="In use: We met").get()
    assert told.body == "What you handed in went out in a press pack on 10 March 2026."
    assert "used in a press pack, 10 March 2026" in text_of(desk.get("sent", who="volunteer"))


@pytest.mark.parametrize("who", ["volunteer", "viewer", "outsider"])
def test_others_proposals_are_not_there(who: str, desk: Desk) -> None:
    row = make.proposal(desk.campaign)
    for name in ("proposal", "read_figure"):
        assert desk.get(name, pk=row.pk, who=who).status_code == 404
    for name in ("accept_proposal", "reject_proposal", "claim_proposal", "leave_proposal"):
        assert desk.post(name, {"version": 1}, pk=row.pk, who=who).status_code == 404
    assert timezone.now() == AT


def test_an_update_is_logged_with_a_note_alone(desk: Desk) -> None:
    page = desk.get("log_update", who="press")
    assert page.context["form"]["date"].value() == "10 March 2026"
    desk.post(
        "log_update", {"note": "We met the minister\nShe listened.", "date": "10 March 2026"}, who="press"
    )
    entry = Entry.everything.get()
    assert (entry.headline, entry.note, entry.date) == ("We met the minister", "She listened.", "2026-03-10")
    client = desk.client("press")
    client.post(f"/c/{desk.campaign.slug}/log/", {"note": "x" * 400, "date": "2026", "link": "example.org/a"})
    entry = Entry.everything.latest("pk")
    assert (len(entry.headline) <= 300, entry.source.url) == (True, "https://example.org/a")
    assert client.get("/log/").context["access"].campaign == desk.campaign


def test_a_page_shared_from_a_phone_is_ready_to_send(desk: Desk) -> None:
    client = desk.client("volunteer")
    page = client.get("/share-in/", {"title": "An article", "text": "An article https://example.org/a"})
    form = page.context["form"]
    assert (form["url"].value(), form["title"].value(), form["text"].value()) == (
        *("https://example.org/a", "An article"),
        "",
    )
    assert page.context["access"].campaign == desk.campaign
    other = make.campaign(owner=make.user(), name="Another one")
    make.campaigns.add_member(
        campaign=other, user=desk.cast["volunteer"], role="volunteer", by=make.owner_of(other), at=AT
    )
    page = client.get("/share-in/", {"url": "https://example.org/a"})
    assert [one.name for one in page.context["campaigns"]] == ["Another one", "Online harms"]


def test_the_manifest_names_the_share_target() -> None:
    from django.test import Client

    said = Client().get("/manifest.webmanifest").json()
    assert (said["share_target"]["action"], said["share_target"]["method"]) == ("/share-in/", "GET")
