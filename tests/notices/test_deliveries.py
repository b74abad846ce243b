"""The outbox: what is sent, under which Message-ID, and what became of it."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import mail

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.notices import actions
from apps.notices.actions import Words, channels_of, deliver, mark_read, prepare, tell
from apps.notices.channels import Fault, Undelivered
from apps.notices.letters import LINKS_LAST, find_by_token, message_id_of, token_of
from apps.notices.models import Attempt, Channel, Delivery, Kind
from tests import make
from tests.make import AT, DAY, SECOND


@pytest.fixture
def reader(campaign: Campaign) -> User:
    return make.member(campaign, Role.VIEWER, name="vera")


def channel_of(user: User, kind: str = Kind.EMAIL) -> Channel:
    (channel,) = [channel for channel in channels_of([user])[user.pk] if channel.kind == kind]
    return channel


def prepared(
    campaign: Campaign | None, to: User, *, key: str = "k", kind: str = Kind.EMAIL, **fields: str
) -> Delivery:
    words = Words(**({"subject": "Tomorrow", "body": "Royal Assent"} | fields))
    channel = channel_of(to, kind)
    return prepare(channel=channel, campaign=campaign, words=words, message_id=message_id_of(key), at=AT)


def attempts() -> list[str]:
    return list(Attempt.objects.order_by("pk").values_list("outcome", flat=True))


def test_a_message_and_the_try_are_kept_before_it_is_sent(campaign: Campaign, reader: User) -> None:
    prepared(campaign, reader)
    kept = Delivery.objects.get()
    assert (kept.state, kept.attempts, kept.created_at, kept.sent_at) == ("sending", 1, AT, None)
    assert (attempts(), mail.outbox) == ([""], [])


def test_what_is_sent_is_what_is_kept(campaign: Campaign, reader: User) -> None:
    deliver(prepared(campaign, reader), at=AT + DAY)
    kept, (message,) = Delivery.objects.get(), mail.outbox
    assert (kept.state, kept.attempts, kept.sent_at, kept.error) == ("sent", 1, AT + DAY, "")
    assert (message.subject, message.body, message.to) == (kept.subject, kept.body, [reader.email])
    assert (message.extra_headers["Message-ID"], attempts()) == (kept.message_id, ["sent"])


def test_the_message_id_belongs_to_the_key_and_this_site(settings: Any) -> None:
    settings.SITE_URL = "https://tracker.example.org:8443"
    ids = [message_id_of(key) for key in ("a", "a", "b")]
    assert ids[0] == ids[1] != ids[2]
    assert re.fullmatch(r"<[0-9a-f]{40}@tracker\.example\.org>", ids[0])


def test_preparing_again_takes_the_new_words_and_counts_the_try(campaign: Campaign, reader: User) -> None:
    deliver(prepared(campaign, reader), at=AT)
    again = prepared(campaign, reader, body="New words")
    assert (again.body, again.state, again.sent_at, again.attempts) == ("New words", "sending", None, 2)
    assert (Delivery.objects.count(), attempts()) == (1, ["sent", ""])


def test_a_subject_is_one_line_and_not_endless(campaign: Campaign, reader: User) -> None:
    subject = prepared(campaign, reader, subject="Royal\r\nBcc: x@example.org\t" + "a" * 400).subject
    assert subject.startswith("Royal Bcc: x@example.org aaa")
    assert len(subject) == 300


@pytest.mark.parametrize(
    ("raised", "fault", "said"),
    [
        (Undelivered("No such mailbox.", Fault.GONE), Fault.GONE, "No such mailbox."),
        (ValueError("https://hooks.example.org/SECRET"), Fault.UNSURE, "The program failed: ValueError."),
    ],
)
def test_a_failure_is_written_down_before_it_is_raised_and_gives_no_secret_away(
    campaign: Campaign,
    reader: User,
    monkeypatch: pytest.MonkeyPatch,
    raised: Exception,
    fault: Fault,
    said: str,
) -> None:
    def fail(delivery: Delivery, *, at: Any) -> None:
        raise raised

    monkeypatch.setitem(actions.CHANNELS, Kind.EMAIL, SimpleNamespace(send=fail))
    with pytest.raises(Undelivered) as failure:
        deliver(prepared(campaign, reader), at=AT)
    kept = Delivery.objects.get()
    assert (failure.value.fault, kept.state, kept.sent_at, kept.error) == (fault, "failed", None, said)
    assert attempts() == [fault.value]


def test_a_message_is_read_by_its_recipient_and_the_campaigns_owners(
    campaign: Campaign, cast: dict[str, User], other_campaign: Campaign
) -> None:
    viewer, elsewhere = cast[Role.VIEWER], make.owner_of(other_campaign)
    ours = prepared(campaign, viewer)
    theirs = prepared(other_campaign, elsewhere, key="elsewhere")
    of_several = prepared(None, viewer, key="several")
    readers = {
        "viewer": (viewer, []),
        "press": (cast[Role.PRESS], []),
        "owner": (cast[Role.OWNER], [campaign.pk]),
        "elsewhere": (elsewhere, [other_campaign.pk]),
    }
    read = {
        name: set(Delivery.objects.readable_by(user, owned_campaign_ids=owned))
        for name, (user, owned) in readers.items()
    }
    assert read == {"viewer": {ours, of_several}, "press": set(), "owner": {ours}, "elsewhere": {theirs}}


# --- The inbox --------------------------------------------------------------------------------------------


def test_a_notice_of_the_sites_own_stands_in_the_inbox_once(campaign: Campaign, reader: User) -> None:
    for _ in range(2):
        tell([reader], subject="Reminders stood still", body="For 3 hours.", key="gap", at=AT)
    (notice,) = Delivery.objects.inbox_of(reader)
    assert (notice.subject, notice.state, notice.read_at) == ("Reminders stood still", "sent", None)


def test_a_message_is_marked_read_by_its_own_reader_alone(campaign: Campaign, reader: User) -> None:
    other = make.member(campaign, Role.PRESS)
    tell([reader, other], subject="Once", body="-", key="once", at=AT)
    tell([reader, other], subject="Twice", body="-", key="twice", at=AT)
    mark_read(reader, at=AT, only=Delivery.objects.inbox_of(reader).get(subject="Once"))
    mark_read(reader, at=AT, only=Delivery.objects.inbox_of(other).get(subject="Twice"))
    unread = [
        list(Delivery.objects.inbox_of(user).unread().values_list("subject", flat=True))
        for user in (reader, other)
    ]
    assert unread == [["Twice"], ["Twice", "Once"]]
    mark_read(reader, at=AT)
    assert not Delivery.objects.inbox_of(reader).unread().exists()


# --- Links in messages ------------------------------------------------------------------------------------


def test_a_link_leads_back_to_its_message(campaign: Campaign, reader: User) -> None:
    delivery = prepared(campaign, reader)
    assert find_by_token(token_of(delivery.message_id), at=AT) == delivery


@pytest.mark.parametrize(
    "damage", [lambda token: token[:-1], lambda token: "0" + token, lambda token: "", str.upper]
)
def test_a_damaged_link_leads_nowhere(campaign: Campaign, reader: User, damage: Any) -> None:
    token = token_of(prepared(campaign, reader).message_id)
    assert find_by_token(damage(token), at=AT) is None


def test_a_link_grows_old_and_ends_with_its_readers_account(campaign: Campaign, reader: User) -> None:
    token = token_of(prepared(campaign, reader).message_id)
    moments = [AT + LINKS_LAST - SECOND, AT + LINKS_LAST]
    assert [find_by_token(token, at=at) is not None for at in moments] == [True, False]
    reader.is_active = False
    reader.save()
    assert find_by_token(token, at=AT) is None
