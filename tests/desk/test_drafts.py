"""What is typed and not sent: kept for whoever typed it, on whichever device."""

import json

import pytest

from apps.intake.drafts import LASTS, MOST
from apps.intake.looking import look
from apps.intake.models import Draft
from tests.desk.conftest import Desk
from tests.make import AT, SECOND
from tests.pages import Clock, client_of

URL = "/me/drafts/"


def keep(desk: Desk, name: str, typed: object, who: str = "owner") -> int:
    sent = typed if isinstance(typed, str) else json.dumps(typed)
    return desk.client(who).post(URL, {"name": name, "typed": sent}).status_code


def asked(desk: Desk, name: str = "", who: str = "owner") -> dict[str, object]:
    said: dict[str, object] = desk.client(who).get(URL, {"name": name}).json()
    return said


def test_a_draft_is_there_on_another_device_and_for_nobody_else(desk: Desk) -> None:
    keep(desk, "log-x", {"0 note": "We met"})
    keep(desk, "log-x", {"0 note": "We met the minister"})
    at = int(AT.timestamp() * 1000)
    assert asked(desk) == {"drafts": {"log-x": at}}
    assert asked(desk, "log-x") == {"at": at, "typed": {"0 note": "We met the minister"}}
    assert (asked(desk, who="press"), asked(desk, "log-x", who="press")) == ({"drafts": {}}, {})
    assert client_of(None).get(URL).status_code == 302


def test_what_is_sent_or_a_week_old_is_forgotten(desk: Desk, clock: Clock) -> None:
    keep(desk, "log-x", {"0 note": "We met"})
    keep(desk, "log-x", {})
    assert asked(desk) == {"drafts": {}}
    keep(desk, "log-x", {"0 note": "We met"})
    clock.at = AT + LASTS
    assert (asked(desk), asked(desk, "log-x")) == ({"drafts": {}}, {})
    look(at=AT + LASTS)
    assert not Draft.objects.exists()


def test_the_oldest_drafts_give_way(desk: Desk, clock: Clock) -> None:
    for number in range(MOST + 2):
        clock.at = AT + number * SECOND
        keep(desk, f"form-{number}", {"0 note": "x"})
    assert (Draft.objects.count(), Draft.objects.earliest("kept_at").name) == (MOST, "form-2")


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("", "{}"),
        ("x" * 101, "{}"),
        ("log", "no json"),
        ("log", "[" * 100_000),
        ("log", "[1]"),
        ("log", '{"0 note": 1}'),
        ("log", '{"0 note": "' + "x" * 600_000 + '"}'),
        ("a\x00b", "{}"),
    ],
)
def test_what_is_no_draft_is_refused(name: str, typed: str, desk: Desk) -> None:
    assert keep(desk, name, typed) == 400
    assert not Draft.objects.exists()


def test_letters_that_a_database_cannot_hold_are_left_out(desk: Desk) -> None:
    assert keep(desk, "log", {"0 note": "a\x00b\ud800c"}) == 200
    assert asked(desk, "log")["typed"] == {"0 note": "abc"}
