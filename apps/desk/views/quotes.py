"""What is done with a quote: submitted, cleared, taken back, consented to, copied, found in its source."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign, signed_in
from apps.campaigns.fields import set_hidden
from apps.campaigns.roles import May
from apps.desk import visible
from apps.desk.quoting import Form, forms_of, marked, may_not_copy
from apps.desk.views.entries import find_entry
from apps.desk.views.people import find_row
from apps.evidence import clearance, files
from apps.evidence.actions import extend_embargo as extend
from apps.evidence.comparing import find
from apps.evidence.forms import BecauseForm, ClearForm, ConsentForm, ShortenForm
from apps.evidence.telling import tell_it_is_hidden
from apps.timeline.actions import Conflict, record_use
from apps.timeline.models import Entry, Kind, Way

TOLD = (
    "Somebody changed or decided this while you were reading it, so nothing of yours was done. "
    "Read it again, then decide."
)


def find_quote(access: Access, pk: int) -> Entry:
    found = find_entry(access, pk)
    if found.kind != Kind.QUOTE:
        raise Http404("This is no quote.")
    return found


def _version(request: HttpRequest) -> int:
    """The version the reader's page was of; 0, which no entry has, where it is missing."""
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0


@contextmanager
def _saying_why_not(request: HttpRequest) -> Iterator[None]:
    """What is refused inside is told on the next page, and done no more."""
    try:
        yield
    except Conflict:
        messages.error(request, TOLD)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)


@require_POST
def submit_quote(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.ADD)
    found = find_quote(access, pk)
    with _saying_why_not(request):
        clearance.submit_quote(quote=found.quote, version=_version(request), by=access.member, at=access.at)
        messages.success(request, "Submitted: owners and press find it under what needs a person.")
    return redirect("entry", slug=slug, pk=pk)


@require_http_methods(READ_AND_WRITE)
def clear_quote(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say where it may be used and until when; clearing again changes both."""
    access = open_campaign(request, slug, May.CLEAR)
    found = find_quote(access, pk)
    form = ClearForm(request.POST or None, access=access, quote=found.quote)
    if form.is_valid():
        filled = form.cleaned_data
        try:
            clearance.clear_quote(
                quote=found.quote,
                version=filled["version"],
                by=access.member,
                at=access.at,
                outlets=filled["outlets"],
                until=filled["until"],
            )
            messages.success(request, "Cleared for use.")
            return redirect("entry", slug=slug, pk=pk)
        except Conflict as conflict:
            form.add_error(None, TOLD)
            found = find_quote(access, pk)
            set_hidden(form, "version", conflict.entry.version)
        except ValidationError as error:
            form.add_error(None, error)
    consent = clearance.open_consent(found.quote)
    context = {"access": access, "form": form, "entry": found, "consent": consent}
    return render(request, "desk/clear_quote.html", context)


@require_POST
def revoke_clearance(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.CLEAR)
    found = find_quote(access, pk)
    form = BecauseForm(request.POST)
    with _saying_why_not(request):
        if not form.is_valid():
            raise Conflict(found)
        because = form.cleaned_data["because"]
        with transaction.atomic():
            quote = clearance.withdraw_clearance(
                quote=found.quote,
                version=form.cleaned_data["version"],
                by=access.member,
                at=access.at,
                because=because,
            )
            reason = f"{access.member.name} took the clearance back{': ' + because if because else '.'}"
            tell_it_is_hidden(quote.entry, because=reason, of=access.at, at=access.at)
        messages.success(
            request, "The clearance is taken back: only staff see the quote now. Below is who has it already."
        )
    return redirect("entry", slug=slug, pk=pk)


# --- Consent ----------------------------------------------------------------------------------------------


@require_http_methods(READ_AND_WRITE)
def record_consent(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.EDIT)
    found = find_quote(access, pk)
    form = ConsentForm(request.POST or None, request.FILES or None, access=access, quote=found.quote)
    if form.is_valid():
        try:
            _keep_consent(form, found, access)
            messages.success(request, "The consent is recorded.")
            return redirect("entry", slug=slug, pk=pk)
        except Conflict as conflict:
            form.add_error(None, TOLD)
            set_hidden(form, "version", conflict.entry.version)
        except ValidationError as error:
            form.add_error(None, error)
    context = {"access": access, "form": form, "entry": found}
    return render(request, "desk/record_consent.html", context)


def _keep_consent(form: ConsentForm, found: Entry, access: Access) -> None:
    """The row and the file, both or neither."""
    upload, stored, name = form.cleaned_data["upload"], "", ""
    if upload:
        stored, name = files.keep(upload.name, upload.read())
    try:
        clearance.record_consent(
            quote=found.quote,
            given=form.given(file=stored, file_name=name),
            version=form.cleaned_data["version"],
            by=access.member,
            at=access.at,
        )
    except Exception:
        files.forget(stored)
        raise


@require_POST
def withdraw_consent(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.EDIT)
    found = find_quote(access, pk)
    form = BecauseForm(request.POST)
    with _saying_why_not(request):
        if not form.is_valid():
            raise Conflict(found)
        with transaction.atomic():
            quote = clearance.withdraw_consent(
                quote=found.quote,
                version=form.cleaned_data["version"],
                by=access.member,
                at=access.at,
                because=form.cleaned_data["because"],
            )
            reason = f"The consent was withdrawn; {access.member.name} recorded it."
            tell_it_is_hidden(quote.entry, because=reason, of=access.at, at=access.at)
        messages.success(
            request, "The consent is withdrawn: only staff see the quote now. Below is who has it already."
        )
    return redirect("entry", slug=slug, pk=pk)


@require_safe
def consent_file(request: HttpRequest, slug: str, pk: int, consent: int) -> HttpResponse:
    """The evidence, to keep and never to show in the browser."""
    access = open_campaign(request, slug, May.CLEAR)
    found = find_row(find_quote(access, pk).quote.consents.exclude(file=""), consent)
    path = files.path_of(found.file)
    if path is None:
        raise Http404("The file is not there any more.")
    response = HttpResponse(path.read_bytes(), content_type=files.content_type(found.file_name))
    response["Content-Disposition"] = content_disposition_header(True, found.file_name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


# --- Copying ----------------------------------------------------------------------------------------------


@require_http_methods(READ_AND_WRITE)
def copy_quote(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The quote in every form, ready to select, shortened if asked; a POST says that one was taken. The
    script that copies asks `quiet`ly before it does, and is told why not; `noted` shows what it could not
    copy."""
    access = open_campaign(request, slug)
    if access.role is None:  # whoever copies is named
        signed_in(request)
        access.require(May.ADD)
    found = find_quote(access, pk)
    asked = request.POST if request.method == "POST" else request.GET
    form = ShortenForm(asked if "short" in asked else None, verbatim=found.quote.words)
    words = form.cleaned_data["short"] if form.is_bound and form.is_valid() else ""
    refusal = may_not_copy(found, access)
    offered = [] if refusal or (form.is_bound and form.errors) else forms_of(found, access, words=words)
    taken = next((one for one in offered if one.name == asked.get("form")), None)
    quiet = request.POST.get("quiet")
    if quiet and (why_not := refusal or _changed(taken, request.POST.get("text"))):
        return HttpResponse(why_not, status=409, content_type="text/plain; charset=utf-8")
    if request.method == "POST" and taken and not request.POST.get("noted"):
        label = taken.label + (", shortened" if words and words != found.quote.words else "")
        record_use(entries=[found], way=Way.COPIED, form=label[:40], by=access.member, at=access.at)
    if quiet:
        return HttpResponse(status=204)
    context = {
        "access": access,
        "entry": found,
        "form": form,
        "forms": offered,
        "words": words,
        "taken": taken if request.method == "POST" else None,
        "refusal": refusal,
    }
    return render(request, "desk/copy_quote.html", context)


def _changed(taken: Form | None, shown: str | None) -> str:
    """Why the text on the reader's page is not what can be taken now; empty where it is. How lines end, which
    sending a form changes, is no difference."""
    if taken is None or (shown is not None and shown.split() != taken.text.split()):
        return "It has changed since you opened this page: load the page anew."
    return ""


# --- Embargo ----------------------------------------------------------------------------------------------

LONGER = {"day": 1, "week": 7}


@require_POST
def extend_embargo(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_campaign(request, slug, May.EDIT)
    found = find_entry(access, pk)
    days = LONGER.get(request.POST.get("by", ""))
    if days is None:
        messages.error(request, "Say by how much: a day or a week.")
        return redirect("entry", slug=slug, pk=pk)
    with _saying_why_not(request):
        extend(entry=found, days=days, version=_version(request), by=access.member, at=access.at)
        messages.success(request, "The embargo is extended.")
    return redirect("entry", slug=slug, pk=pk)


# --- In the source ----------------------------------------------------------------------------------------


@require_safe
def snapshot(request: HttpRequest, slug: str, pk: int, snapshot: int) -> HttpResponse:
    """A kept text whole; `?quote=` marks the words of a quote in it."""
    access = open_campaign(request, slug, May.SEE_HIDDEN)
    source = find_row(visible.sources(access), pk)
    kept = find_row(
        source.snapshots.select_related("taken_by", "original").defer("original__packed"), snapshot
    )
    context: dict[str, Any] = {"access": access, "source": source, "snapshot": kept}
    asked = request.GET.get("quote", "")
    if asked.isascii() and asked.isdigit() and len(asked) < 19:
        entry = find_quote(access, int(asked))
        quote = entry.quote
        if quote.snapshot_id == kept.pk and quote.start is not None and quote.end is not None:
            where = quote.start, quote.end
        else:
            found = find(quote.words, kept.text)
            where = (found.start, found.end) if found else (0, 0)
        context |= {"entry": entry, "parts": marked(kept.text, *where) if where[1] else None}
    return render(request, "desk/snapshot.html", context)
