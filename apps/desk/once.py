"""Forms that are taken once, however often they are sent: for pages, around what a POST does.

The page holds a number of its own (`{% once %}`). By it and all that stands in the form, a sending is known
again; the same page with other words in it, as after going back, is another sending.
"""

import hashlib
import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from apps.accounts.models import User
from apps.busy import is_busy
from apps.intake.sending import UnderWay, answered, done_while_busy, first_answer, withdrawn

View = Callable[..., HttpResponse]
_NUMBER = re.compile(r"[A-Za-z0-9_-]{16,43}")
NOT_SAID = "csrfmiddlewaretoken"
TWICE = "This was sent twice, and taken once."
STILL = "This is being taken already, and nothing was done twice. Look again in a moment."


def once(view: View) -> View:
    """For a view with a form: sent again as it was, it is answered with where the first led."""

    @wraps(view)
    def taken_once(request: HttpRequest, *args: Any, **parts: Any) -> HttpResponse:
        number = request.POST.get("once", "") if request.method == "POST" else ""
        if not _NUMBER.fullmatch(number) or not isinstance(request.user, User):
            return view(request, *args, **parts)
        key, by = _key(request), request.user
        try:
            there = first_answer(key=key, by=by, at=timezone.now())
        except UnderWay:
            messages.info(request, STILL)
            return HttpResponseRedirect(_came_from(request))
        if there is not None:
            messages.info(request, TWICE)
            return HttpResponseRedirect(there)
        try:
            response = view(request, *args, **parts)
        except Exception as error:
            withdrawn(key=key, by=by, busy=is_busy(error))
            raise
        if isinstance(response, HttpResponseRedirect):
            _answer(key, by, response.url)
        else:
            withdrawn(key=key, by=by)
        return response

    return taken_once


def _came_from(request: HttpRequest) -> str:
    """The page with the form; what it is sent to need not be a page."""
    page = request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(
        page, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return page if ours else request.path


def _answer(key: str, by: User, address: str) -> None:
    """It is done: that the database is too busy to be told so must not say otherwise."""
    try:
        answered(key=key, by=by, answer=address)
    except DatabaseError as error:
        if not is_busy(error):
            raise
        done_while_busy(key=key, answer=address)


def _key(request: HttpRequest) -> str:
    """Of where it was sent, and what was: files with all that they hold, as a file that was mended may have
    the name and size of the old one."""
    said = hashlib.sha256(request.path.encode())
    for name, values in sorted(request.POST.lists()):
        if name != NOT_SAID:
            said.update(repr((name, values)).encode("utf-8", "replace"))
    for name, uploads in sorted(request.FILES.lists()):
        for upload in uploads:
            said.update(repr((name, upload.name, upload.size)).encode("utf-8", "replace"))
            _add_content(said, upload)
    return said.hexdigest()


def _add_content(said: "hashlib._Hash", upload: UploadedFile) -> None:
    for piece in upload.chunks():
        said.update(piece)
    upload.seek(0)  # the view reads it from its beginning
