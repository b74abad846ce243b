"""Files of entries: handed in, their columns confirmed, every row shown, then written, or undone."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps import ods
from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.roles import May
from apps.desk import visible
from apps.desk.once import once
from apps.desk.rows import with_details
from apps.intake.models import Import, Imported, Row
from apps.intake.sheets import actions, leaving, steps
from apps.intake.sheets.forms import ColumnsForm, FileForm, SheetForm
from apps.intake.sheets.lines import BadSheet
from apps.intake.sheets.rows import Rows
from apps.timeline.models import Kind, State

PAGE = 50
MOST_LISTED = 50
VOLUNTEERS = (
    "Files are imported by staff: each row would otherwise wait for approval by itself. Send the file to "
    "somebody on the campaign who is an owner, advocacy or press."
)


def _open(request: HttpRequest, slug: str) -> Access:
    """Who adds without approval may import."""
    access = open_campaign(request, slug, May.ADD)
    if not access.may(May.EDIT):
        raise PermissionDenied(VOLUNTEERS)
    return access


def _find(access: Access, pk: int) -> Import:
    rows = Import.objects.select_related("added_by", "undone_by")
    importing = rows.filter(pk=pk, campaign=access.campaign).first()
    if importing is None:
        raise Http404("No such import.")
    importing.campaign = access.campaign
    return importing


@require_http_methods(READ_AND_WRITE)
@once
def imports(request: HttpRequest, slug: str) -> HttpResponse:
    access = _open(request, slug)
    if request.method == "POST":
        form = FileForm(request.POST, request.FILES)
    else:
        form = FileForm(initial={"kind": request.GET.get("kind", "")})
    if form.is_valid():
        upload = form.cleaned_data["upload"]
        try:
            importing = actions.hand_in(
                access, kind=form.cleaned_data["kind"], name=upload.name, pieces=upload.chunks()
            )
        except BadSheet as refusal:
            form.add_error("upload", str(refusal))
        else:
            _work_if_light(importing)
            there = "import_columns" if importing.state == Import.State.CHOSEN else "import"
            return redirect(there, slug=slug, pk=importing.pk)
    recent = Import.objects.filter(campaign=access.campaign).select_related("added_by")[:MOST_LISTED]
    context = {"access": access, "form": form, "recent": list(recent), "kinds": list(Kind)}
    return render(request, "desk/imports.html", context)


@require_safe
def import_template(request: HttpRequest, slug: str, kind: str, ending: str) -> HttpResponseBase:
    """An empty spreadsheet with the columns of a kind."""
    access = _open(request, slug)
    return _sheet(request, leaving.lines_of([], _rows(access, kind)), kind, ending, name=f"{kind}s")


@require_safe
def export_entries(request: HttpRequest, slug: str, kind: str, ending: str) -> HttpResponseBase:
    """What stands on the timeline of a kind, in the same columns."""
    access = _open(request, slug)
    found = with_details(visible.entries(access).filter(kind=kind, state=State.PUBLISHED))
    found = found.select_related("statistic__series").order_by("placed", "pk")
    lines = leaving.lines_of(found.iterator(chunk_size=500), _rows(access, kind))
    return _sheet(request, lines, kind, ending, name=f"{slug}-{kind}s")


def _rows(access: Access, kind: str) -> Rows:
    if kind not in Kind.values:
        raise Http404("No such kind of entry.")
    return Rows(access, kind)


def _sheet(
    request: HttpRequest, lines: leaving.Lines, kind: str, ending: str, *, name: str
) -> HttpResponseBase:
    types = {"csv": leaving.CSV, "xlsx": leaving.XLSX, "ods": ods.TYPE}
    if ending not in types:
        raise Http404("No such file.")
    answer: HttpResponseBase
    if request.method == "HEAD":
        answer = HttpResponse(content_type=types[ending])
    elif ending == "csv":
        answer = StreamingHttpResponse(leaving.as_csv(lines), content_type=leaving.CSV)
    else:
        make = leaving.as_xlsx if ending == "xlsx" else leaving.as_ods
        answer = FileResponse(make(lines, title=f"{Kind(kind).label}s"), content_type=types[ending])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


@require_http_methods(READ_AND_WRITE)
def import_columns(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Which column is what: guessed, and confirmed here."""
    access = _open(request, slug)
    importing = _find(access, pk)
    if importing.state not in (Import.State.CHOSEN, Import.State.CHECKED) or importing.format == "ics":
        return redirect("import", slug=slug, pk=pk)
    sheet = SheetForm(request.POST or None, names=importing.sheets, initial={"sheet": importing.sheet})
    if "sheet" in request.POST:
        if sheet.is_valid():
            chosen = sheet.cleaned_data["sheet"]
            _try(request, lambda: actions.choose_sheet(importing, chosen, access))
        return redirect("import_columns", slug=slug, pk=pk)
    rows = Rows(access, importing.kind)
    form = ColumnsForm(request.POST or None, importing=importing, rows=rows)
    if form.is_valid():
        columns = form.columns()
        if _try(request, lambda: actions.confirm_columns(importing, columns, at=access.at)):
            _work_if_light(importing)
        return redirect("import", slug=slug, pk=pk)
    context = {
        "access": access,
        "importing": importing,
        "kind": Kind(importing.kind),
        "form": form,
        "sheet": sheet if len(importing.sheets) > 1 else None,
        "columns": [(form[f"column-{place}"], samples) for place, samples in enumerate(_samples(importing))],
    }
    return render(request, "desk/import_columns.html", context)


def _samples(importing: Import) -> list[list[str]]:
    """The first cells below each name of a column."""
    return [[line[place] for line in importing.head[1:]] for place in range(len(importing.head[0]))]


@require_safe
def one_import(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Where it stands: its rows as they would be written, how far it got, or what came of it."""
    access = _open(request, slug)
    importing = _find(access, pk)
    if importing.state == Import.State.CHOSEN:
        return redirect("import_columns", slug=slug, pk=pk)
    context: dict[str, Any] = {"access": access, "importing": importing, "kind": Kind(importing.kind)}
    if importing.is_working:
        context |= {"done": steps.progress_of(importing), "most": max(importing.fresh, importing.made)}
    elif importing.state == Import.State.CHECKED:
        context |= _preview(request, access, importing)
    elif importing.state == Import.State.DONE:
        context["entries"] = _made(access, importing)
    return render(request, "desk/import.html", context)


TABS = {
    Row.Verdict.WRONG: "To be mended",
    Row.Verdict.FRESH: "New",
    Row.Verdict.SAME: "Nothing new",
    Row.Verdict.SKIPPED: "Left out",
}


def _preview(request: HttpRequest, access: Access, importing: Import) -> dict[str, Any]:
    tabs = [(verdict.value, label, getattr(importing, verdict)) for verdict, label in TABS.items()]
    tabs = [tab for tab in tabs if tab[2]]
    asked = request.GET.get("show", "")
    show = next((verdict for verdict, _, _ in tabs if verdict == asked), tabs[0][0])
    after = request.GET.get("after", "")
    rows = Row.objects.filter(importing=importing, verdict=show)
    if after.isascii() and after.isdecimal() and len(after) < 10:
        rows = rows.filter(number__gt=int(after))
    found = list(rows.order_by("number")[: PAGE + 1])
    labels = Rows(access, importing.kind).fields
    columns = [name for name in dict.fromkeys(importing.columns) if name in labels]
    twins = visible.entries(access).in_bulk([row.twin_id for row in found if row.twin_id])
    return {
        "tabs": tabs,
        "show": show,
        "headers": [labels[name] for name in columns],
        "rows": [_shown(row, columns, labels, twins) for row in found[:PAGE]],
        "more": found[PAGE - 1].number if len(found) > PAGE else None,
    }


def _shown(row: Row, columns: list[str], labels: dict[str, str], twins: dict[int, Any]) -> dict[str, Any]:
    errors = [(labels.get(name, ""), error) for name, error in row.errors.items()]
    return {
        "number": row.number,
        "cells": [(labels[name], row.cells.get(name, ""), name in row.errors) for name in columns],
        "says": [*errors, *([("", row.says)] if row.says else [])],
        "twin": twins.get(row.twin_id or 0),
    }


def _made(access: Access, importing: Import) -> list[Any]:
    """The first of the entries it made."""
    made = Imported.objects.filter(importing=importing).order_by("number")[:MOST_LISTED]
    ids = list(made.values_list("entry_id", flat=True))
    there = visible.entries(access).in_bulk(ids)
    return [there[pk] for pk in ids if pk in there]


@require_POST
def write_import(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = _open(request, slug)
    importing = _find(access, pk)
    choice = request.POST.get("choice", "")
    if choice not in Import.Choice.values:
        choice = Import.Choice.ALL
    if _try(request, lambda: actions.ask(importing, choice, at=access.at)):
        _work_if_light(importing)
    return redirect("import", slug=slug, pk=pk)


@require_POST
def undo_import(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = _open(request, slug)
    importing = _find(access, pk)
    if _try(request, lambda: actions.ask_undo(importing, by=access.member, at=access.at)):
        _work_if_light(importing)
    return redirect("import", slug=slug, pk=pk)


@require_POST
def throw_import(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = _open(request, slug)
    importing = _find(access, pk)
    if not _try(request, lambda: actions.throw_away(importing)):
        return redirect("import", slug=slug, pk=pk)
    messages.success(request, f"“{importing.file_name}” was thrown away. Nothing of it was imported.")
    return redirect("imports", slug=slug)


@require_safe
def import_to_mend(request: HttpRequest, slug: str, pk: int) -> HttpResponseBase:
    """The rows that have errors, as a file to mend and hand in again."""
    access = _open(request, slug)
    importing = _find(access, pk)
    lines = leaving.to_mend(importing, Rows(access, importing.kind).fields)
    return _sheet(request, lines, importing.kind, "csv", name="to-mend")


def _try(request: HttpRequest, act: Callable[[], object]) -> bool:
    """Do it, or say why not."""
    try:
        act()
    except (BadSheet, actions.Late) as refusal:
        messages.error(request, str(refusal))
        return False
    return True


def _work_if_light(importing: Import) -> None:
    """A small file need not wait for the worker."""
    importing.refresh_from_db()
    if importing.is_working and actions.is_light(importing):
        steps.work(now=timezone.now, only=importing)
