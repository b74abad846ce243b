"""What leaves the site in a press pack: a marker is planted in everything that entries of every kind consist
of, they are hidden in every way, before and after a version was kept, and every form is opened."""

import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

import pytest

from apps.evidence.actions import set_state
from apps.evidence.clearance import withdraw_clearance
from apps.press.exports.paper import _data
from apps.press.models import Form, PressPack, Version
from apps.timeline.models import Entry, Kind, State, Use
from tests import make
from tests.access.test_leaks import EMBARGO, MARK, STAFF, Site, _marked
from tests.access.world import version
from tests.make import AT, SECOND
from tests.pages import Clock, at

pytestmark = pytest.mark.django_db
FILES = [form for form in Form if form != Form.PRINT]
HIDDEN = ("embargoed", "draft", "withdrawn", "staff only", "uncleared")


def said(content: bytes) -> str:
    """All that a file says, unzipped where it is zipped. What a PDF says is compressed: see `typeset`."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8", "replace")
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


@pytest.fixture
def typeset(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was handed to Typst to be set."""
    handed: list[str] = []

    def spy(edition: Any) -> dict[str, Any]:
        data = _data(edition)
        handed.append(str(data))
        return data

    monkeypatch.setattr("apps.press.exports.paper._data", spy)
    return handed


def leaks(site: Site, who: str, name: str, typeset: list[str], **parts: int) -> list[str]:
    """The forms in which this person reads the marker."""
    client, found = site.client(who), []
    for form in FILES:
        response = client.post(at(name, site.campaign, **parts), {"form": form})
        assert response.status_code == 200
        if MARK in said(response.content) or any(MARK in each for each in typeset):
            found.append(str(form))
        typeset.clear()
    return found


def a_pack(site: Site, *entries: Entry) -> PressPack:
    return make.pack(site.campaign, site.plain, *entries, by=site.owner)


@pytest.mark.parametrize("who", STAFF)
def test_what_is_hidden_leaves_in_no_form(who: str, clock: Clock, typeset: list[str]) -> None:
    site = Site(*HIDDEN)
    pack = a_pack(site, *site.hidden)
    assert leaks(site, who, "export_pack", typeset, pk=pack.pk) == []
    assert MARK not in str(Version.objects.get(pack=pack).content)
    assert set(Use.objects.values_list("entry", flat=True)) == {site.plain.pk}


def test_the_marker_would_be_found(clock: Clock, typeset: list[str]) -> None:
    site = Site()
    shown = [_marked(site.campaign, kind, "plain") for kind in Kind]
    pack = a_pack(site, *shown)
    assert leaks(site, "press", "export_pack", typeset, pk=pack.pk) == [str(form) for form in FILES]


def hide(site: Site, entry: Entry, sort: str) -> None:
    if sort == "withdrawn":
        set_state(entry=entry, state=State.WITHDRAWN, by=site.owner)
    elif sort == "uncleared":
        withdraw_clearance(quote=entry.quote, by=site.owner, at=AT)
    elif sort == "deleted":
        entry.delete()
    else:
        changed: dict[str, dict[str, Any]] = {
            "draft": {"state": State.DRAFT, "shown_from": None},
            "staff only": {"visibility": "staff"},
            "embargoed": {"embargo_until": EMBARGO, "shown_from": EMBARGO},
            "expired": {"shown_until": AT},
        }
        Entry.everything.filter(pk=entry.pk).update(**changed[sort])


@pytest.mark.parametrize("sort", [*HIDDEN, "expired", "deleted"])
def test_a_version_that_was_kept_before_tells_it_no_more(sort: str, clock: Clock, typeset: list[str]) -> None:
    site = Site()
    kinds = [Kind.QUOTE] if sort == "uncleared" else list(Kind)
    entries = [_marked(site.campaign, kind, "plain") for kind in kinds]
    pack = a_pack(site, *entries)
    version(pack, site.owner)
    assert MARK in str(Version.objects.get(pack=pack).content)
    for entry in entries:
        hide(site, entry, sort)
    for who in STAFF:
        assert leaks(site, who, "export_version", typeset, pk=pack.pk, number=1) == []
        page = site.client(who).get(at("version", site.campaign, pk=pack.pk, number=1))
        assert MARK not in page.content.decode()


@pytest.mark.parametrize(("moment", "seen"), [(EMBARGO - SECOND, False), (EMBARGO, True)])
def test_an_embargo_holds_exports_until_its_moment(
    moment: datetime, seen: bool, clock: Clock, typeset: list[str]
) -> None:
    site = Site("embargoed")
    pack = a_pack(site, *site.hidden)
    clock.at = moment
    found = leaks(site, "press", "export_pack", typeset, pk=pack.pk)
    assert found == ([str(form) for form in FILES] if seen else [])


def test_a_version_compared_with_another_tells_nothing_either(clock: Clock) -> None:
    site = Site()
    entry = _marked(site.campaign, Kind.QUOTE, "plain")
    pack = a_pack(site, entry)
    version(pack, site.owner)
    pack.items.get(entry=entry).delete()
    version(pack, site.owner)
    hide(site, entry, "withdrawn")
    shown = site.client("press").get(at("version", site.campaign, pk=pack.pk, number=2) + "?since=1")
    assert MARK not in shown.content.decode()
    assert "Taken out" in shown.content.decode()
