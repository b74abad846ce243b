"""Press packs: put together, read, and handed over."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Count, Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.fields import set_hidden
from apps.campaigns.roles import May
from apps.desk import visible
from apps.desk.packs.gathering import Gathered, as_of_in, gather
from apps.desk.packs.standing import Standing, changed_since, stand
from apps.desk.views.presenting import narrowing
from apps.desk.views.timeline import filter_of, problems_of
from apps.press import actions
from apps.press.actions import MOST, Changed
from apps.press.content import differences
from apps.press.exports.files import FILES
from apps.press.exports.lines import blocks_of, footnotes_of
from apps.press.forms import ChangePackForm, ItemForm, PackForm, PutForm
from apps.press.models import Export, Form, Item, PressPack, Version
from apps.timeline.models import Entry, Kind

MOST_LISTED = 200
MOST_EXPORTS = 100
EVERYTHING = "&".join(f"kind={kind}" for kind in Kind.values)
"""The filter that leaves nothing out, for an empty one stands for no filter."""
CHANGED = (
    "Somebody else changed this pack since you opened the page. Nothing of theirs was overwritten: "
    "this is how it stands now."
)


def open_packs(request: HttpRequest, slug: str) -> Access:
    return open_campaign(request, slug, May.PACK)


def find_pack(access: Access, pk: int) -> PressPack:
    found = PressPack.objects.filter(campaign=access.campaign, pk=pk).first()
    if found is None:
        raise Http404("No such pack.")
    return found


def found_by_filter(pack: PressPack, access: Access) -> tuple[QuerySet[Entry] | None, list[str]]:
    """The entries of the pack's saved filter, and what stands in its way, as sentences."""
    if not pack.query:
        return None, []
    narrowed = filter_of(QueryDict(pack.query), access, as_of_in(pack, access))
    problems = problems_of(narrowed)
    return (None if problems else narrowed.qs), problems


def gathered(pack: PressPack, access: Access) -> tuple[Gathered, list[str]]:
    found, problems = found_by_filter(pack, access)
    return gather(pack, access, found=found), problems


@require_safe
def packs(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_packs(request, slug)
    counted = PressPack.objects.filter(campaign=access.campaign).annotate(
        things=Count("items", distinct=True), newest=Max("versions__number")
    )
    rows = list(counted.order_by("-changed_at", "-id")[:MOST_LISTED])
    return render(request, "desk/packs.html", {"access": access, "packs": rows})


@require_http_methods(READ_AND_WRITE)
def start_pack(request: HttpRequest, slug: str) -> HttpResponse:
    access = open_packs(request, slug)
    form = PackForm(request.POST or None, access=access)
    if form.is_valid():
        pack = actions.start_pack(
            campaign=access.campaign, by=access.member, at=access.at, **form.cleaned_data
        )
        return redirect("pack", slug=slug, pk=pack.pk)
    return render(request, "desk/start_pack.html", {"access": access, "form": form})


@require_safe
def pack(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_packs(request, slug)
    found = find_pack(access, pk)
    held, problems = gathered(found, access)
    versions = list(found.versions.defer("content").select_related("made_by")[:MOST_LISTED])
    newest = found.versions.first()
    context = {
        "access": access,
        "pack": found,
        "gathered": held,
        "problems": problems,
        "as_of": as_of_in(found, access),
        "versions": versions,
        "exports": _exports(found),
        "forms": Form.choices,
        "newest": newest,
        "changed": changed_since(stand(newest, access), held) if newest else [],
        "most": MOST,
    }
    return render(request, "desk/pack.html", context)


def _exports(pack: PressPack) -> list[Export]:
    rows = Export.objects.filter(version__pack=pack).select_related("version", "exported_by")
    return list(rows.defer("version__content")[:MOST_EXPORTS])


@require_http_methods(READ_AND_WRITE)
def change_pack(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_packs(request, slug)
    found = find_pack(access, pk)
    form = ChangePackForm(request.POST or None, access=access, pack=found)
    if form.is_valid():
        filled = dict(form.cleaned_data)
        filled["query"] = found.query if filled.pop("keep_filter", False) else ""
        if _saved(form, lambda: actions.change_pack(pack=found, by=access.member, at=access.at, **filled)):
            messages.success(request, "Saved.")
            return redirect("pack", slug=slug, pk=pk)
    return render(request, "desk/change_pack.html", {"access": access, "pack": found, "form": form})


def _saved(form: Any, save: Callable[[], object]) -> bool:
    """Whether it could be saved; otherwise the form says why, and saving it again is a decision."""
    try:
        with transaction.atomic():
            save()
    except Changed as changed:
        form.add_error(
            None,
            "Somebody else changed this pack while you were editing. Nothing of theirs was overwritten and "
            "nothing of yours is lost: compare in another tab, then save again to keep yours.",
        )
        set_hidden(form, "revision", changed.pack.revision)
        return False
    except ValidationError as error:
        form.add_error(None, error)
        return False
    return True


@require_POST
def remove_pack(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    access = open_packs(request, slug)
    found = find_pack(access, pk)
    try:
        actions.remove_pack(pack=found, by=access.member)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("pack", slug=slug, pk=pk)
    messages.success(request, f"The pack “{found.title}” is removed.")
    return redirect("packs", slug=slug)


# --- What is in it ----------------------------------------------------------------------------------------


@require_http_methods(READ_AND_WRITE)
def put(request: HttpRequest, slug: str) -> HttpResponse:
    """Put one entry, or what a filter of the timeline finds, into a pack; the address says which."""
    access = open_packs(request, slug)
    asked = request.POST if request.method == "POST" else request.GET
    entry, query = asked.get("entry", ""), narrowing(QueryDict(asked.get("timeline", "")[:2_000]))
    of_filter = not entry
    entries, problems = _asked_for(entry, query, access)
    rows = PressPack.objects.filter(campaign=access.campaign)[:MOST_LISTED]
    form = PutForm(request.POST or None, packs=rows, of_filter=of_filter)
    if form.is_valid() and not problems:
        chosen = _put(form, entries, query, access, request)
        return redirect("pack", slug=slug, pk=chosen.pk)
    count = len(entries)
    context = {"access": access, "form": form, "entry": entry, "query": query, "problems": problems}
    context |= {"count": count, "headline": entries[0].headline if entry and entries else "", "most": MOST}
    return render(request, "desk/put_in_pack.html", context)


def _asked_for(entry: str, query: str, access: Access) -> tuple[list[Entry], list[str]]:
    """The entries that are to go into a pack, and what is wrong with the question."""
    if entry:
        known = entry.isascii() and entry.isdecimal() and len(entry) < 19
        found = list(visible.entries(access).filter(pk=int(entry))) if known else []
        if not found:
            raise Http404("No such entry, or not one you may see.")
        return found, []
    narrowed = filter_of(QueryDict(query), access)
    problems = problems_of(narrowed)
    return ([] if problems else list(narrowed.qs.order_by("placed", "pk")[: MOST + 1])), problems


def _put(form: PutForm, entries: list[Entry], query: str, access: Access, request: HttpRequest) -> PressPack:
    by, at = access.member, access.at
    chosen = form.chosen
    with transaction.atomic():
        if chosen is None:
            title = form.cleaned_data["title"]
            chosen = actions.start_pack(campaign=access.campaign, title=title, by=by, at=at)
        if form.cleaned_data.get("take") == "filter":
            actions.save_filter(pack=chosen, query=query or EVERYTHING, by=by, at=at)
            messages.success(request, "The pack takes what the filter finds from now on.")
            return chosen
        done = actions.put(pack=chosen, entries=entries, by=by, at=at)
    messages.success(request, _said_of(done))
    return chosen


def _said_of(done: actions.Put) -> str:
    said = [f"{done.added} {'entry is' if done.added == 1 else 'entries are'} put in the pack."]
    if done.known:
        said.append(f"{done.known} {'was' if done.known == 1 else 'were'} in it already.")
    if done.too_many:
        said.append(f"It is full: it holds {MOST:,}, so the others are left out.")
    return " ".join(said)


@require_POST
def keep_found(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Pick what the saved filter finds now, so that it can be ordered, and let the filter go."""
    access = open_packs(request, slug)
    found = find_pack(access, pk)
    entries, _ = found_by_filter(found, access)
    by, at = access.member, access.at
    with transaction.atomic():
        rows = list(entries.order_by("placed", "pk")[:MOST]) if entries is not None else []
        done = actions.put(pack=found, entries=rows, by=by, at=at)
        actions.save_filter(pack=found, query="", by=by, at=at)
    messages.success(request, _said_of(done))
    return redirect("pack", slug=slug, pk=pk)


@require_POST
def arrange(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Move a thing of the pack up or down, or take it out: the button says which."""
    access = open_packs(request, slug)
    found = find_pack(access, pk)
    what, item = _pressed(request, found)
    try:
        revision = int(request.POST.get("revision", "")[:9])
        _arrange(what, item, revision, access.member, access.at)
    except (Changed, ValueError):
        messages.error(request, CHANGED)
    return redirect(f"{reverse('pack', kwargs={'slug': slug, 'pk': pk})}#things")


def _pressed(request: HttpRequest, pack: PressPack) -> tuple[str, Item]:
    for what in ("up", "down", "out"):
        pk = request.POST.get(what, "")
        if pk.isascii() and pk.isdecimal() and len(pk) < 19:
            item = pack.items.select_related("pack").filter(pk=int(pk)).first()
            if item is not None:
                return what, item
    raise Http404("Nothing of that kind is in this pack.")


def _arrange(what: str, item: Item, revision: int, by: Any, at: datetime) -> None:
    if what == "out":
        actions.take_out(item=item, revision=revision, by=by, at=at)
    else:
        by_places = -1 if what == "up" else 1
        actions.step(item=item, by_places=by_places, revision=revision, by=by, at=at)


@require_http_methods(READ_AND_WRITE)
def add_note(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """A note that stands by itself."""
    access = open_packs(request, slug)
    found = find_pack(access, pk)
    count = found.items.count()
    form = ItemForm(request.POST or None, item=None, place=count + 1, revision=found.revision)
    if form.is_valid() and _saved(
        form,
        lambda: actions.add_note(pack=found, by=access.member, at=access.at, **form.cleaned_data),
    ):
        return redirect(f"{reverse('pack', kwargs={'slug': slug, 'pk': pk})}#things")
    context = {"access": access, "pack": found, "form": form, "count": count}
    return render(request, "desk/pack_item.html", context)


@require_http_methods(READ_AND_WRITE)
def change_item(request: HttpRequest, slug: str, pk: int, item: int) -> HttpResponse:
    """What is written beside an entry, or a note by itself; and where it stands."""
    access = open_packs(request, slug)
    found = find_pack(access, pk)
    of_pack = list(found.items.values_list("pk", flat=True))
    if item not in of_pack:
        raise Http404("Nothing of that kind is in this pack.")
    thing = Item.objects.select_related("pack").get(pk=item)
    place = of_pack.index(item) + 1
    form = ItemForm(request.POST or None, item=thing, place=place, revision=found.revision)
    if form.is_valid() and _saved(
        form,
        lambda: actions.change_item(item=thing, by=access.member, at=access.at, **form.cleaned_data),
    ):
        return redirect(f"{reverse('pack', kwargs={'slug': slug, 'pk': pk})}#i{item}")
    entry = visible.entries(access).filter(pk=thing.entry_id).first() if thing.entry_id else None
    context = {"access": access, "pack": found, "form": form, "item": thing, "entry": entry}
    return render(request, "desk/pack_item.html", context | {"count": len(of_pack)})


# --- Handing it over --------------------------------------------------------------------------------------


@require_POST
def export_pack(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Keep what the pack holds now as a version, and hand that over."""
    access = open_packs(request, slug)
    found = find_pack(access, pk)
    form = _form_asked(request)
    held, _ = gathered(found, access)
    if not held.content.parts:
        messages.error(request, _nothing(held))
        return redirect("pack", slug=slug, pk=pk)
    version = actions.freeze(pack=found, content=held.content, by=access.member, at=access.at)
    return _handed_over(version, form, access)


def _nothing(held: Gathered) -> str:
    if held.left_out:
        return "Nothing in this pack may leave the site at present. The reasons stand beside each entry."
    return "There is nothing to export yet. Put entries in the pack, or write a note."


def _form_asked(request: HttpRequest) -> Form:
    try:
        return Form(request.POST.get("form", ""))
    except ValueError:
        raise Http404("A pack cannot be exported as that.") from None


def find_version(access: Access, pk: int, number: int) -> Version:
    found = find_pack(access, pk).versions.select_related("pack").filter(number=number).first()
    if found is None:
        raise Http404("No such version.")
    return found


@require_POST
def export_version(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """Hand an earlier version over again: what may still be told of it."""
    access = open_packs(request, slug)
    return _handed_over(find_version(access, pk, number), _form_asked(request), access)


def _handed_over(version: Version, form: Form, access: Access) -> HttpResponse:
    stood = stand(version, access)
    path = reverse(
        "version", kwargs={"slug": access.campaign.slug, "pk": version.pack_id, "number": version.number}
    )
    response = _file(version, form, stood) if form in FILES else redirect(path)
    # Once the file is made: what could not be made was not handed over.
    actions.record_export(
        version=version, form=form, entries=stood.held, address=path, by=access.member, at=access.at
    )
    return response


def _file(version: Version, form: Form, stood: Standing) -> HttpResponse:
    file = FILES[form]
    response = HttpResponse(file.make(stood.edition), content_type=file.content_type)
    name = slugify(version.pack.title)[:60] or "press-pack"
    response["Content-Disposition"] = f'attachment; filename="{name}-v{version.number}.{form.value}"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def version(request: HttpRequest, slug: str, pk: int, number: int) -> HttpResponse:
    """A version as a page to read and to print, and what changed since another."""
    access = open_packs(request, slug)
    found = find_version(access, pk, number)
    stood = stand(found, access)
    blocks = blocks_of(stood.edition.content)
    since = _version_before(request, access, found)
    context = {
        "access": access,
        "pack": found.pack,
        "version": found,
        "edition": stood.edition,
        "blocks": blocks,
        "footnotes": footnotes_of(blocks),
        "reasons": _reasons(stood),
        "forms": [pair for pair in Form.choices if pair[0] != Form.PRINT],
        "since": since.version.number if since else None,
        "differences": differences(since.edition.content, stood.edition.content) if since else [],
        "numbers": list(
            found.pack.versions.exclude(pk=found.pk).values_list("number", flat=True)[:MOST_LISTED]
        ),
    }
    return render(request, "desk/version.html", context)


def _version_before(request: HttpRequest, access: Access, version: Version) -> "Since | None":
    """The version to compare with: the one the address names, or the one before."""
    asked = request.GET.get("since", "")
    wanted = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 9 else version.number - 1
    other = version.pack.versions.select_related("pack").filter(number=wanted).first()
    return Since(other, stand(other, access)) if other and other.pk != version.pk else None


class Since:
    """A version that another is compared with, as it may be shown now."""

    def __init__(self, version: Version, stood: Standing) -> None:
        self.version, self.edition = version, stood.edition


def _reasons(stood: Standing) -> list[tuple[int, int, str]]:
    """The number in the pack, the entry, and why it is gone: for staff, who may know."""
    entries = stood.edition.content.entries
    return [
        (number, part.entry, stood.reasons[part.entry])
        for number, part in enumerate(entries, start=1)
        if part.entry is not None and part.entry in stood.reasons
    ]
