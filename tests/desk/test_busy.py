"""A database that is busy: a page that says so, nothing half written, and the same form taken when it is
free."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection, connections
from django.test import RequestFactory

from apps.busy import is_busy
from apps.desk import busy, once
from apps.desk.views import ways_in
from apps.intake.models import Import
from apps.intake.sheets import actions, steps
from apps.timeline.models import Entry
from tests import imports, make
from tests.desk.conftest import Desk
from tests.make import AT
from tests.pages import at, client_of, text_of

pytestmark = [pytest.mark.database, pytest.mark.django_db]
LOGGED = {"note": "We met", "date": "3 March 2026", "once": "a-number-of-its-own"}
DATA = {"headline": "We met", "date": "3 March 2026", "visibility": "team"}


@contextmanager
def held() -> Iterator[None]:
    """Somebody else writes, for as long as this lasts."""
    begun, over = threading.Event(), threading.Event()

    def hold() -> None:
        other = connections["default"]
        with other.cursor() as cursor:
            if other.vendor == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            else:
                other.set_autocommit(False)
                cursor.execute("LOCK TABLE timeline_entry IN ACCESS EXCLUSIVE MODE")
            begun.set()
            over.wait(30)
            cursor.execute("ROLLBACK")
        other.close()

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait(10)
    try:
        yield
    finally:
        over.set()
        holder.join()


def wait_no_longer() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA busy_timeout = 50")
        else:
            cursor.execute("SET lock_timeout = 50")


@pytest.mark.usefixtures("shared_database")
def test_a_form_sent_while_the_database_is_busy_is_answered_in_words_and_may_be_sent_again() -> None:
    campaign = make.campaign()
    client, address = client_of(make.owner_of(campaign)), at("add_entry", campaign, kind="update")
    wait_no_longer()
    with held():
        answer = client.post(address, DATA | {"once": "a-number-of-its-own"})
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")
    assert "The database is busy, and nothing was lost" in text_of(answer)
    assert "Content-Security-Policy" in answer
    assert not Entry.everything.exists()
    assert client.post(address, DATA | {"once": "a-number-of-its-own"}).status_code == 302
    assert Entry.everything.count() == 1
    with connection.cursor() as cursor:
        cursor.execute(
            "PRAGMA busy_timeout = 30000" if connection.vendor == "sqlite" else "RESET lock_timeout"
        )


def test_what_failed_half_way_as_the_database_was_busy_may_be_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: Any, **__: Any) -> None:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(ways_in, "_log", locked)
        answers = [desk.post("log_update", LOGGED) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [503, 503]
    assert desk.post("log_update", LOGGED).status_code == 302
    assert Entry.everything.count() == 1


def test_a_busy_database_past_all_pages_is_told_of_too() -> None:
    request = RequestFactory().get("/")
    for error, status in ((OperationalError("database is locked"), 503), (ValueError("broken"), 500)):
        try:
            raise error
        except Exception:
            assert busy.broken(request).status_code == status


def test_what_no_waiting_mends_is_not_called_busy() -> None:
    with pytest.raises(Exception) as wrong, connection.cursor() as cursor:  # noqa: B017, PT011
        cursor.execute("SELECT * FROM no_such_table")
    assert not is_busy(wrong.value)
    assert not is_busy(ValueError("database is locked"))


def test_an_import_that_finds_the_database_busy_is_begun_again(
    campaign: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    importing = imports.checked(campaign)
    actions.ask(importing, Import.Choice.ALL, at=AT)

    def locked(*_: Any, **__: Any) -> int:
        raise OperationalError("database is locked")

    with monkeypatch.context() as patched:
        patched.setattr(steps, "write", locked)
        steps.work(now=lambda: AT, only=importing)
    importing.refresh_from_db()
    assert (importing.state, importing.token, importing.tries) == ("asked", "", 0)
    steps.work(now=lambda: AT, only=importing)
    importing.refresh_from_db()
    assert (importing.state, importing.made) == ("done", importing.fresh)


@pytest.mark.django_db
def test_what_was_done_is_not_done_again_where_the_database_was_too_busy_to_be_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(**_: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(once, "answered", locked)
    first = desk.post("log_update", LOGGED)
    assert (first.status_code, Entry.everything.count()) == (302, 1)
    again = desk.post("log_update", LOGGED)
    assert (again.status_code, again["Location"]) == (302, first["Location"])
    assert Entry.everything.count() == 1


@pytest.mark.parametrize(
    ("page", "leads_to"),
    [
        ("http://testserver/c/a/texts/1/", "http://testserver/c/a/texts/1/"),
        ("https://example.org/", ""),
        ("", ""),
    ],
)
def test_what_is_being_taken_already_leads_back_to_its_page(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, page: str, leads_to: str
) -> None:
    def under_way(**_: Any) -> None:
        raise once.UnderWay

    monkeypatch.setattr(once, "first_answer", under_way)
    address = at("log_update", desk.campaign)
    answer = desk.client().post(address, LOGGED, HTTP_REFERER=page)
    assert (answer.status_code, answer["Location"]) == (302, leads_to or address)
    assert not Entry.everything.exists()
