"""The outbox: what is sent, under which Message-ID, and what became of it."""

import re
from typing import Any

import pytest
from django.core import mail

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role
from apps.notices.actions import deliver, prepare
from apps.notices.channels import Undelivered
from apps.notices.models import Delivery
from tests import make
from tests.make import AT, DAY


@pytest.fixture
def reader(campaign: Campaign) -> User:
    return make.member(campaign, Role.VIEWER, name="vera")


def prepared(campaign: Campaign, to: User, *, key: str = "k", **fields: str) -> Delivery:
    content = {"subject": "Tomorrow", "body": "Royal Assent"} | fields
    return prepare(campaign=campaign, recipient=to, channel="email", key=key, at=AT, **content)


def test_a_message_is_kept_before_it_is_sent(campaign: Campaign, reader: User) -> None:
    prepared(campaign, reader)
    kept = Delivery.objects.get()
    assert (kept.state, kept.attempts, kept.created_at, kept.sent_at) == ("sending", 0, AT, None)
    assert mail.outbox == []


def test_what_is_sent_is_what_is_kept(campaign: Campaign, reader: User) -> None:
    deliver(prepared(campaign, reader), at=AT + DAY)
    kept, (message,) = Delivery.objects.get(), mail.outbox
    assert (kept.state, kept.attempts, kept.sent_at, kept.error) == ("sent", 1, AT + DAY, "")
    assert (message.subject, message.body, message.to) == (kept.subject, kept.body, [reader.email])
    assert message.extra_headers == {"Message-ID": kept.message_id, "Auto-Submitted": "auto-generated"}


def test_the_message_id_belongs_to_the_key_and_this_site(
    campaign: Campaign, reader: User, settings: Any
) -> None:
    settings.SITE_URL = "https://tracker.example.org:8443"
    ids = [prepared(campaign, reader, key=key).message_id for key in ("a", "a", "b")]
    assert ids[0] == ids[1] != ids[2]
    assert re.fullmatch(r"<[0-9a-f]{40}@tracker\.example\.org>", ids[0])
    assert Delivery.objects.count() == 2


def test_preparing_again_takes_the_new_words_and_starts_afresh(campaign: Campaign, reader: User) -> None:
    deliver(prepared(campaign, reader), at=AT)
    again = prepared(campaign, reader, body="New words")
    assert (again.body, again.state, again.sent_at, again.attempts) == ("New words", "sending", None, 1)
    assert Delivery.objects.count() == 1


def test_a_subject_is_one_line_and_not_endless(campaign: Campaign, reader: User) -> None:
    subject = prepared(campaign, reader, subject="Royal\r\nBcc: x@example.org\t" + "a" * 400).subject
    assert subject.startswith("Royal Bcc: x@example.org aaa")
    assert len(subject) == 300


@pytest.mark.parametrize(
    ("fault", "permanent"), [(ConnectionError("down"), False), (ValueError("ours"), False)]
)
def test_a_failure_is_written_down_before_it_is_raised(
    campaign: Campaign, reader: User, monkeypatch: pytest.MonkeyPatch, fault: Exception, permanent: bool
) -> None:
    def fail(message: mail.EmailMessage) -> int:
        raise fault

    monkeypatch.setattr(mail.EmailMessage, "send", fail)
    with pytest.raises(Undelivered) as refusal:
        deliver(prepared(campaign, reader), at=AT)
    kept = Delivery.objects.get()
    assert (kept.state, kept.attempts, kept.sent_at, kept.error) == ("failed", 1, None, str(refusal.value))
    assert refusal.value.permanent is permanent


def test_a_message_is_read_by_its_recipient_and_the_campaigns_owners(
    campaign: Campaign, cast: dict[str, User], other_campaign: Campaign
) -> None:
    viewer, elsewhere = cast[Role.VIEWER], make.owner_of(other_campaign)
    ours = prepared(campaign, viewer)
    theirs = prepared(other_campaign, elsewhere, key="elsewhere")
    read = {
        viewer: set(Delivery.objects.readable_by(viewer, owned_campaign_ids=[])),
        cast[Role.PRESS]: set(Delivery.objects.readable_by(cast[Role.PRESS], owned_campaign_ids=[])),
        cast[Role.OWNER]: set(
            Delivery.objects.readable_by(cast[Role.OWNER], owned_campaign_ids=[campaign.pk])
        ),
        elsewhere: set(Delivery.objects.readable_by(elsewhere, owned_campaign_ids=[other_campaign.pk])),
    }
    assert read == {viewer: {ours}, cast[Role.PRESS]: set(), cast[Role.OWNER]: {ours}, elsewhere: {theirs}}
