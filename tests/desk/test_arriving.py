"""What is handed in arrives once and whole: near copies are asked about, files are held, double taps count
once."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils.html import escape

from apps.intake.looking import look
from apps.intake.models import Article, Band, Held, Import, Proposal, Sending
from apps.sources.models import Original
from apps.timeline.models import Entry
from tests import make
from tests.desk.conftest import Desk
from tests.fetch.servers import Server, running, says
from tests.imports import UPDATES, Upload
from tests.make import AT
from tests.pages import text_of
from tests.pictures import picture

EDITED = make.ARTICLE.replace("world-leading", "far-reaching")
PAGE = "<html><head><title>Offences double</title></head><body><article>{}</article></body></html>"


def page_of(text: str) -> bytes:
    return PAGE.format("".join(f"<p>{each}</p>" for each in text.split("\n\n"))).encode()


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    settings.FETCH_READABLE_NETWORKS = ["127.0.0.0/8"]
    with running() as found:
        found.on("/robots.txt", says(b"", status="404 Not Found"))
        yield found


def html(server: Server, path: str, text: str) -> str:
    return server.on(path, says(page_of(text), headers={"Content-Type": "text/html; charset=utf-8"}))


# --- Near copies --------------------------------------------------------------------------------------------


def test_a_near_copy_is_asked_about_and_read_anyway(desk: Desk) -> None:
    first = make.article(desk.campaign)
    asked = desk.post("add_text", {"text": EDITED, "title": "Another headline"})
    assert (asked.status_code, Article.objects.count()) == (200, 1)
    assert "It looks like Grooming offences double" in text_of(asked)
    assert f"/{first.pk}/" in asked.content.decode()
    assert asked.context["form"]["text"].value() == EDITED
    done = desk.post("add_text", {"text": EDITED, "title": "Another headline", "anyway": "1"})
    assert (done.status_code, Article.objects.count()) == (302, 2)
    assert Band.objects.count() == 40


def test_a_volunteer_is_not_told_of_texts_of_others(desk: Desk) -> None:
    make.article(desk.campaign)
    assert desk.post("add_text", {"text": EDITED}, who="volunteer").status_code == 302


def test_a_page_under_another_address_is_asked_about_and_fetched_once(desk: Desk, server: Server) -> None:
    first, second = html(server, "/first", make.ARTICLE), html(server, "/second", EDITED)
    desk.post("add_text", {"url": first})
    asked = desk.post("add_text", {"url": second})
    assert f"from {first}" in text_of(asked)
    server.on("/second", says(b"", status="404 Not Found"))
    held = Held.objects.get()
    desk.post("add_text", {"url": second, "held": held.key, "anyway": "1"})
    article = Article.objects.latest("pk")
    assert (article.way, article.source.url, Held.objects.count()) == ("link", second, 0)
    assert article.snapshot.original.content == page_of(EDITED)


def test_a_file_of_ones_own_does_not_pass_for_a_page(desk: Desk, server: Server) -> None:
    held = SimpleUploadedFile("page.html", page_of(make.ARTICLE))
    desk.post("add_text", {"upload": held, "published": "30 February"})
    there = server.on("/there", says(b"", status="404 Not Found"))
    data = {"url": there, "held": Held.objects.get().key}
    assert desk.post("add_text", data).status_code == 302
    article = Article.objects.get()
    assert (article.way, article.snapshot.fetched) == ("file", False)


# --- The page as it came ------------------------------------------------------------------------------------


def test_the_page_of_a_link_is_kept_and_handed_out_as_a_file_that_does_nothing(
    desk: Desk, server: Server
) -> None:
    body = page_of(make.ARTICLE).replace(b"</body>", b"<script>alert(1)</script></body>")
    url = server.on("/news", says(body, headers={"Content-Type": "text/html; charset=utf-8"}))
    desk.post("add_text", {"url": url}, who="volunteer")
    article, kept = Article.objects.get(), Original.objects.get()
    assert (kept.content, kept.sha256, kept.size) == (body, hashlib.sha256(body).hexdigest(), len(body))
    assert (kept.kind, kept.came_at, len(kept.packed) < len(body)) == ("html", AT, True)
    here = {"pk": article.source_id, "snapshot": article.snapshot_id}
    for answer in (
        desk.get("article_original", pk=article.pk, who="volunteer"),
        desk.get("original", **here),
    ):
        assert answer.content == body
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["Content-Disposition"].startswith("attachment; ")
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    for name, parts in (("article", {"pk": article.pk}), ("snapshot", here)):
        assert kept.sha256 in text_of(desk.get(name, **parts))
    assert "/original/" in desk.get("source", pk=article.source_id).content.decode()
    assert desk.get("original", who="volunteer", **here).status_code == 403
    with pytest.raises(TypeError):
        kept.save()


# --- Shared from elsewhere ----------------------------------------------------------------------------------


def test_what_a_shortcut_sends_can_be_tried_from_the_page_that_tells_how(desk: Desk) -> None:
    page = desk.client("volunteer").get("/ways-in/")
    tried = page.context["tried"]
    assert f'href="{escape(tried)}"' in page.content.decode()
    form = desk.client("volunteer").get(tried).context["form"]
    assert form["url"].value() == "https://www.example.org/news/offences-double"
    assert form["title"].value() == "Offences double, figures show"
    assert form["text"].value().startswith("Recorded offences rose to 389")


# --- Sent twice ---------------------------------------------------------------------------------------------

ONCE = "a-number-of-its-own"


def logged(desk: Desk, who: str, **more: object) -> HttpResponse:
    return desk.post("log_update", {"note": "We met", "date": "3 March 2026", "once": ONCE, **more}, who=who)


@pytest.mark.parametrize(("who", "model"), [("volunteer", Proposal), ("press", Entry.everything)])
def test_a_double_tap_counts_once(who: str, model: Any, desk: Desk) -> None:
    first, second = logged(desk, who), logged(desk, who)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    rows = getattr(model, "objects", model)
    assert rows.count() == 1
    logged(desk, who, note="We met again")  # the page gone back to, with other words
    logged(desk, who, once="another-number-of-it")
    assert rows.count() == 3


def test_what_came_back_to_be_put_right_may_be_sent_again_as_it_was(desk: Desk) -> None:
    bad = {"date": "30 February"}
    assert logged(desk, "press", **bad).status_code == logged(desk, "press", **bad).status_code == 200
    assert Sending.objects.count() == 0


def test_forms_with_a_number_take_it_once(desk: Desk) -> None:
    article = make.article(desk.campaign)
    update = make.update(desk.campaign)
    before = Proposal.objects.count()
    for _ in range(2):
        desk.post("imports", {"kind": "update", "upload": Upload(UPDATES.encode()), "once": ONCE})
        marked = {"mark-passage": "Jo", "mark-kind": "update", "once": ONCE}
        marked["mark-passage"] = "Nadia Okonjo"
        desk.post("mark_found", marked, pk=article.pk)
        changed = {"headline": "Better", "date": "2021", "visibility": "team", "version": update.version}
        desk.post("suggest_change", changed | {"once": ONCE}, pk=update.pk, who="volunteer")
        desk.post("add_entry", changed | {"once": ONCE}, kind="update", who="volunteer")
    assert (Import.objects.count(), Proposal.objects.count()) == (1, before + 3)


def test_a_mended_file_of_the_same_name_and_size_is_another(desk: Desk) -> None:
    for content in (UPDATES, UPDATES.replace("3 March", "5 March")):
        desk.post("imports", {"kind": "update", "upload": Upload(content.encode()), "once": ONCE})
    assert [row.head[1][1] for row in Import.objects.order_by("pk")] == ["3 March 2026", "5 March 2026"]


@pytest.mark.parametrize(
    ("name", "parts"),
    [("log_update", {}), ("add_text", {}), ("imports", {}), ("add_entry", {"kind": "quote"})],
)
def test_the_forms_carry_a_number(name: str, parts: dict[str, str], desk: Desk) -> None:
    pages = [desk.get(name, **parts).content.decode() for _ in range(2)]
    numbers = {page.partition('name="once" value="')[2].partition('"')[0] for page in pages}
    assert (len(numbers), {len(number) for number in numbers}) == (2, {22})


# --- Files that came with a form which goes back ------------------------------------------------------------


def test_a_photo_is_held_while_the_form_is_put_right(desk: Desk) -> None:
    photo = SimpleUploadedFile("IMG_1.jpg", picture("JPEG", gps=True))
    back = desk.post("log_update", {"note": "", "date": "10 March 2026", "photo": photo}, who="volunteer")
    held = Held.objects.get()
    assert "IMG_1.jpg is kept for a day" in text_of(back)
    assert b"Exif" not in bytes(held.content)
    data = {"note": "At the door", "date": "10 March 2026", "held": held.key}
    desk.post("log_update", data, who="press")  # another's: as if there were none
    assert Held.objects.count() == 1
    desk.post("log_update", data, who="volunteer")
    row = Proposal.objects.get()
    assert desk.get("proposal_photo", pk=row.pk, who="volunteer").content == bytes(held.content)
    assert Held.objects.count() == 0


def test_a_held_photo_may_be_left_out_and_is_forgotten_after_a_day(desk: Desk) -> None:
    photo = SimpleUploadedFile("IMG_1.jpg", picture("JPEG"))
    desk.post("log_update", {"note": "", "date": "10 March 2026", "photo": photo}, who="volunteer")
    data = {"note": "At the door", "date": "10 March 2026", "held": Held.objects.get().key, "leave": "1"}
    desk.post("log_update", data, who="volunteer")
    assert not hasattr(Proposal.objects.get(), "photo")
    look(at=AT + timedelta(days=1))
    assert Held.objects.count() == 0


def test_a_photo_that_is_kept_no_longer_is_asked_for_again(desk: Desk) -> None:
    photo = SimpleUploadedFile("IMG_1.jpg", picture("JPEG"))
    desk.post("log_update", {"note": "", "date": "10 March 2026", "photo": photo}, who="volunteer")
    data = {"note": "At the door", "date": "10 March 2026", "held": Held.objects.get().key}
    look(at=AT + timedelta(days=1))
    back = desk.post("log_update", data, who="volunteer")
    assert "The photo is no longer kept." in text_of(back)
    assert 'name="held"' not in back.content.decode()
    assert not Proposal.objects.exists()


def test_a_file_is_held_while_its_form_is_put_right(desk: Desk) -> None:
    upload = SimpleUploadedFile("report.txt", make.ARTICLE.encode())
    back = desk.post("add_text", {"upload": upload, "published": "30 February"})
    assert "report.txt is kept for a day" in text_of(back)
    desk.post("add_text", {"held": Held.objects.get().key, "published": "3 March 2026"})
    assert (Article.objects.get().way, Held.objects.count()) == ("file", 0)
