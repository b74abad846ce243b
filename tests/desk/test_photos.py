"""A photo with a logged update: it waits with it, and is seen by those who may see it."""

import os
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.http import HttpResponse

from apps.evidence import files
from apps.intake.held import hold
from apps.intake.models import Held, Photo, Proposal
from apps.timeline.models import Entry
from tests import make
from tests.desk.conftest import Desk
from tests.make import AT
from tests.pages import at, client_of, text_of
from tests.pictures import picture


def log_with_photo(desk: Desk, who: str, **given: object) -> HttpResponse:
    photo = SimpleUploadedFile("IMG_1.jpg", picture("JPEG", gps=True))
    data = {"note": "At the minister’s door", "date": "10 March 2026", "photo": photo}
    return desk.post("log_update", data | given, who=who)


def kept_files_folder() -> Path:
    return Path(settings.VAR_DIR) / "evidence"


def kept_files() -> set[Path]:
    return set(kept_files_folder().glob("*"))


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
        ({"note": ""}, "IMG_1.jpg is kept for a day"),
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


def test_a_photo_that_is_deleted_by_a_cascade_takes_its_file_along(
    desk: Desk, django_capture_on_commit_callbacks: Any
) -> None:
    before = kept_files()
    log_with_photo(desk, "press")
    assert len(kept_files() - before) == 1
    with django_capture_on_commit_callbacks(execute=True):
        desk.campaign.delete()
    assert kept_files() == before


def test_files_that_nothing_names_are_listed_and_deleted_when_told_to(desk: Desk) -> None:
    log_with_photo(desk, "press")
    stored, _ = files.keep("photo.jpg", make.PICTURE)
    for path in kept_files():
        os.utime(path, (0, 0))
    young, _ = files.keep("photo.jpg", make.PICTURE)
    consent = make.consent(make.case_study(desk.campaign), file=files.keep("f.txt", b"I agree.")[0])
    os.utime(kept_files_folder() / consent.file, (0, 0))
    said = StringIO()
    call_command("tidy_files", stdout=said)
    assert said.getvalue().splitlines() == [stored, "1 file that nothing names."]
    assert len(kept_files()) == 4
    call_command("tidy_files", "--delete", stdout=StringIO())
    assert {path.name for path in kept_files()} == {
        *(Photo.objects.get().stored, young, consent.file),
    }


def test_a_file_held_for_another_form_does_not_pass_for_a_photo(desk: Desk) -> None:
    owner = desk.cast["owner"]
    held = hold(form=Held.Form.TEXT, name="report.txt", content=b"Not a picture", by=owner, at=AT)
    response = desk.post("log_update", {"note": "We met", "date": "3 March 2026", "held": held.key})
    assert response.status_code == 200
    assert "The photo is no longer kept." in text_of(response)
    assert not Entry.everything.exists()
