"""A photo with a logged update: it waits with it, and is seen by those who may see it."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from apps.intake.models import Proposal
from apps.timeline.models import Entry
from tests import make
from tests.desk.conftest import Desk
from tests.pages import at, client_of, text_of
from tests.pictures import picture


def log_with_photo(desk: Desk, who: str, **given: object) -> HttpResponse:
    photo = SimpleUploadedFile("IMG_1.jpg", picture("JPEG", gps=True))
    data = {"note": "At the minister’s door", "date": "10 March 2026", "photo": photo}
    return desk.post("log_update", data | given, who=who)


def kept_files() -> set[Path]:
    return set((Path(settings.VAR_DIR) / "evidence").glob("*"))


def test_a_volunteers_photo_waits_with_the_update_and_is_nowhere_before(desk: Desk) -> None:
    log_with_photo(desk, "volunteer")
    row = Proposal.objects.get()
    here = {"pk": row.pk}
    for who in ("volunteer", "owner", "press"):
        answer = desk.get("proposal_photo", who=who, **here)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert answer["Cache-Control"] == "private, no-store"
        assert b"Exif" not in answer.content
    other = make.member(desk.campaign, "volunteer")
    for user in (other, desk.cast["viewer"], desk.cast["outsider"], None):
        assert client_of(user).get(at("proposal_photo", desk.campaign, **here)).status_code in (302, 404)
    assert "photo/" in desk.get("queue").content.decode()
    desk.post("accept_proposal", {"version": 1}, **here)
    entry = Entry.everything.get()
    assert "photo/" in desk.get("entry", pk=entry.pk, who="viewer").content.decode()
    assert desk.get("entry_photo", pk=entry.pk, who="viewer").status_code == 200
    assert desk.get("entry_photo", pk=entry.pk, who="outsider").status_code == 404
    desk.post("withdraw", {}, pk=entry.pk)
    assert desk.get("entry_photo", pk=entry.pk, who="viewer").status_code == 404


def test_a_photo_that_is_taken_back_is_gone(desk: Desk, django_capture_on_commit_callbacks: Any) -> None:
    before = kept_files()
    log_with_photo(desk, "volunteer")
    row = Proposal.objects.get()
    assert len(kept_files() - before) == 1
    with django_capture_on_commit_callbacks(execute=True):
        desk.post("leave_proposal", {"version": 1}, pk=row.pk, who="volunteer")
    assert desk.get("proposal_photo", pk=row.pk, who="volunteer").status_code == 404
    assert kept_files() == before


def test_staff_log_a_photo_onto_the_timeline(desk: Desk) -> None:
    log_with_photo(desk, "press")
    assert desk.get("entry_photo", pk=Entry.everything.get().pk, who="viewer").status_code == 200


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"photo": SimpleUploadedFile("a.jpg", b"<script>alert(1)</script>")}, "This file is no photo"),
        ({"note": ""}, "Choose the photo again"),
    ],
)
def test_an_update_whose_photo_is_refused_keeps_its_words_and_no_file(
    given: dict[str, object], said: str, desk: Desk
) -> None:
    before = kept_files()
    response = log_with_photo(desk, "volunteer", **given)
    assert (response.status_code, said in text_of(response)) == (200, True)
    assert response.context["form"]["date"].value() == "10 March 2026"
    assert (kept_files(), Proposal.objects.count()) == (before, 0)
