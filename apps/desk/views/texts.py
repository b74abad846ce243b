"""Handing in a text, and the page on which what was found in it is reviewed beside its words."""

from datetime import date
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import READ_AND_WRITE, Access, open_campaign
from apps.campaigns.fields import suggested_date
from apps.campaigns.roles import May
from apps.dates import BadDate, PartialDate, parse
from apps.desk import proposed, visible
from apps.desk.downloads import original_of
from apps.desk.moments import moment
from apps.desk.once import once
from apps.desk.remembered import remember
from apps.desk.reviewing import Place, answer, others_at
from apps.evidence.actions import find_quotes_again
from apps.intake import actions
from apps.intake.files import open_file
from apps.intake.forms import REASONS, MarkForm, TextForm
from apps.intake.held import find_held, hold
from apps.intake.models import Article, Held, Proposal
from apps.intake.opening import Opened, read
from apps.intake.pages import Page, read_again, read_page, without_trackers
from apps.intake.proposing import by_hand, found_in
from apps.intake.texts import BadText, cleaned, is_markup
from apps.sources.models import Snapshot, Source

MOST_RECENT = 20
SHARED = ("url", "text", "title")
LONGEST_SHARED = 6_000
A_SENTENCE = 200
"""What is shared beside an address and shorter than this is the title once more, and no text to read."""


class LooksLike(Exception):
    """Nothing was taken in: it is nearly the same as a text that is here already. `page` is what was fetched
    to see that."""

    def __init__(self, like: actions.Like, page: Page | None) -> None:
        super().__init__("This looks like a text that is here already.")
        self.like, self.page = like, page


@require_http_methods(READ_AND_WRITE)
@once
def add_text(request: HttpRequest, slug: str) -> HttpResponse:
    """Take a text in: pasted, fetched from its address, or out of a file."""
    access = open_campaign(request, slug, May.ADD)
    like = None
    if request.method == "POST":
        form = TextForm(request.POST, request.FILES, held=held_of(Held.Form.TEXT, request, access))
    else:
        form = TextForm(initial=shared_in(request))
    if form.is_valid():
        try:
            article = take_in(form, access, request)
        except BadText as refusal:
            form.add_error(_field_of(form), str(refusal))
        except LooksLike as found:
            like = found.like
            _hold(form, access, found.page)
        else:
            if form.held:
                form.held.delete()
            remember(request, access.campaign)
            return redirect("article", slug=slug, pk=article.pk)
    elif request.method == "POST":
        _hold(form, access, None)
    recent = proposed.articles(access).select_related("source", "added_by")[:MOST_RECENT]
    context = {"access": access, "form": form, "recent": list(recent), "like": like}
    return render(request, "desk/add_text.html", context)


def held_of(form: Held.Form, request: HttpRequest, access: Access) -> Held | None:
    """The file that came with this form before, unless it is to be left out."""
    if request.POST.get("leave"):
        return None
    return find_held(request.POST.get("held", ""), form=form, by=access.member, at=access.at)


def _hold(form: TextForm, access: Access, page: Page | None) -> None:
    """Keep what came with a form that goes back: a file, or the page that was fetched for it."""
    upload = getattr(form, "cleaned_data", {}).get("upload")
    if page is not None:
        form.held = hold(
            form=Held.Form.TEXT,
            name=f"page.{page.kind}",
            content=page.body,
            url=page.url,
            by=access.member,
            at=access.at,
        )
    elif upload and not form.errors.get("upload"):
        upload.seek(0)
        form.held = hold(
            form=Held.Form.TEXT,
            name=upload.name or "",
            content=upload.read(),
            by=access.member,
            at=access.at,
        )


def shared_in(request: HttpRequest) -> dict[str, Any]:
    """What another program, or a bookmark, shared with this one: see views/ways_in.py."""
    given = {name: request.GET.get(name, "").replace("\x00", "")[:LONGEST_SHARED] for name in SHARED}
    found = _address_found(given)
    # What is marked on a page is sent with its address, and is seldom all of it.
    part = bool(found["url"] and found["text"].strip())
    return {**found, "excerpt": part, "published": suggested_date(request.GET.get("published", ""))}


def _address_found(given: dict[str, str]) -> dict[str, str]:
    """Phones often share an address as text: then it is moved to where addresses go."""
    text = given["text"].strip()
    last = text.split()[-1] if text else ""
    if given["url"] or not last.startswith(("http://", "https://")):
        return given
    said = text.removesuffix(last).strip()
    return given | {"url": last, "text": said if len(said) > A_SENTENCE else ""}


def _field_of(form: TextForm) -> str:
    filled = form.cleaned_data
    return "text" if filled.get("text", "").strip() else "upload" if filled.get("upload") else "url"


def take_in(form: TextForm, access: Access, request: HttpRequest) -> Article:
    """Keep the text, and propose what is found in it. Raises BadText, LooksLike."""
    filled = form.cleaned_data
    opened, way, url, page = _opened(form, request)
    text = cleaned(opened.text)
    among = proposed.read_already(access)
    if known := actions.known_among(among, text):
        _say_it_is_known(request, known, url)
        return known
    if not request.POST.get("anyway") and (like := actions.like_among(among, access.campaign, text)):
        raise LooksLike(like, page)
    published = filled["published"] or _day(opened.published)
    handed = actions.Handed(
        text=text,
        way=way,
        title=filled["title"] or " ".join(opened.title.split()) or _first_line(text),
        url=url,
        publisher=filled["publisher"] or " ".join(opened.site.split()),
        published=published,
        author=" ".join(opened.author.split()),
        source=_source(text, url, access),
        excerpt=filled["excerpt"] and way == Article.Way.PASTED,
        kind=page.kind if page else "",
        original=page.body if page else b"",
    )
    found = found_in(text, published=_whole_day(published), today=access.today)
    try:
        article = actions.take_in(
            campaign=access.campaign,
            handed=handed,
            found=found,
            sent=access.may(May.EDIT),
            by=access.member,
            at=access.at,
            among=among,
        )
    except actions.Known as first:
        _say_it_is_known(request, first.article, url)
        return first.article
    if handed.source:
        find_quotes_again(source=handed.source, by=access.member, at=access.at)
    return article


def _opened(form: TextForm, request: HttpRequest) -> tuple[Opened, str, str, Page | None]:
    """What was given, which way, its address, and the page that was fetched there. Raises BadText."""
    filled, held = form.cleaned_data, form.held
    url = without_trackers(filled["url"])
    if filled["text"].strip():
        text = filled["text"]
        if is_markup(text):
            messages.info(request, "What you pasted was a page’s code, so its text was taken out of it.")
            return read("html", text.encode("utf-8", "replace")), Article.Way.PASTED, url, None
        return Opened(text), Article.Way.PASTED, url, None
    if upload := filled["upload"]:
        return open_file(upload.name or "", upload.read()), Article.Way.FILE, url, None
    if held and not held.url:
        return open_file(held.name, bytes(held.content)), Article.Way.FILE, url, None
    if held and held.url == url:  # only what the site itself fetched there is the page of that address
        page = read_again(url, Path(held.name).suffix.removeprefix("."), bytes(held.content))
    elif not url:
        raise BadText("There is nothing here yet. Paste a text, give a link or choose a file.")
    else:
        page = read_page(url)
    if page.remark:
        messages.warning(request, page.remark)
    return page.opened, Article.Way.LINK, page.url, page


def _say_it_is_known(request: HttpRequest, known: Article, url: str) -> None:
    who = known.added_by.name if known.added_by else "somebody who has left"
    who = "a monitor" if known.way == Article.Way.FEED else who
    elsewhere = f", from {known.source.url}" if url and known.source.url and known.source.url != url else ""
    messages.info(
        request,
        f"This text is here already: handed in by {who}, {moment(known.added_at)}{elsewhere}. "
        "Nothing was added a second time.",
    )


def _source(text: str, url: str, access: Access) -> Source | None:
    """The source that is here already. Only those who may keep texts of others' sources add to one: its
    newest text is what quotes are held against."""
    if not access.may(May.EDIT):
        return None
    sources = visible.sources(access)
    if url and (known := sources.filter(url=url).order_by("pk").first()):
        return known
    kept = Snapshot.objects.filter(source__in=sources, text=text).select_related("source").first()
    return kept.source if kept else None


def _first_line(text: str) -> str:
    line = " ".join(text.strip().partition("\n")[0].split())
    return line if len(line) <= 120 else line[:120].rsplit(" ", 1)[0] + " …"


def _day(text: str) -> PartialDate | None:
    try:
        return parse(text) if text else None
    except BadDate:
        return None


def _whole_day(when: PartialDate | None) -> date | None:
    return when.latest if when else None


# --- The review page ----------------------------------------------------------------------------------------


def find_article(access: Access, pk: int) -> Article:
    rows = proposed.articles(access).select_related("source", "snapshot__original", "added_by")
    found = rows.defer("snapshot__original__packed").filter(pk=pk).first()
    if found is None:
        raise Http404("No such text, or not one you may see.")
    return found


@require_safe
def article(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The text, and beside it what was found in it, to be accepted, changed or rejected."""
    access = proposed.open_to_senders(request, slug)
    found = find_article(access, pk)
    return render(request, "desk/article.html", _page(found, access, MarkForm(article=found)))


@require_safe
def article_now(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """For the page that is open: who else reviews the text, and how what it shows was decided meanwhile."""
    access = proposed.open_to_senders(request, slug)
    if not proposed.articles(access).filter(pk=pk).exists():
        raise Http404("No such text, or not one you may see.")
    rows = [row for row in proposed.proposals(access).filter(article=pk) if row.state != Proposal.State.LEFT]
    return answer(request, rows, place=_place(pk), access=access, progress=progress_of(rows))


def _place(pk: int) -> Place:
    return Place(f"text {pk}", "this text")


@require_safe
def article_original(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The page that the text was taken out of, as a file, for whoever sees the text."""
    access = proposed.open_to_senders(request, slug)
    return original_of(find_article(access, pk).snapshot)


def _page(found: Article, access: Access, mark: MarkForm) -> dict[str, object]:
    rows = list(
        proposed.with_parts(proposed.proposals(access).filter(article=found)).order_by("start", "end", "pk")
    )
    cards = proposed.cards_of([row for row in rows if row.state != Proposal.State.LEFT], access)
    marked = [card.row for card in cards]
    return {
        "access": access,
        "article": found,
        "cards": cards,
        "left_out": len(rows) - len(cards),
        "unsent": [card for card in cards if card.row.state == Proposal.State.UNSENT and card.mine],
        "pieces": proposed.pieces_of(found.snapshot.text, marked),
        "progress": progress_of(marked),
        "others": others_at(_place(found.pk), rows, access),
        "mark": mark,
        "reasons": REASONS,
    }


def progress_of(rows: list[Proposal]) -> str:
    """ "7 of 11 decided"."""
    handed = [row for row in rows if row.state != Proposal.State.UNSENT]
    done = [row for row in handed if row.state != Proposal.State.WAITING]
    return f"{len(done)} of {len(handed)} decided" if handed else ""


@require_POST
def send_found(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Send what is ticked for review; leave out the rest."""
    access = proposed.open_to_senders(request, slug)
    found = find_article(access, pk)
    keep = [int(each) for each in request.POST.getlist("keep") if each.isdecimal() and len(each) < 19]
    count = actions.send(article=found, keep=keep, by=access.member, at=access.at)
    if count:
        things = "1 thing is" if count == 1 else f"{count} things are"
        messages.success(request, f"Sent: {things} waiting for review. You will hear what becomes of each.")
    else:
        messages.info(request, "Nothing was ticked, so nothing was sent. The text is kept.")
    return redirect("sent", slug=slug)


@require_POST
@once
def mark_found(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Propose something that nobody found but the person reading."""
    access = proposed.open_to_senders(request, slug)
    found = find_article(access, pk)
    form = MarkForm(request.POST, article=found)
    if not form.is_valid():
        return render(request, "desk/article.html", _page(found, access, form))
    start, end = form.cleaned_data["span"]
    text = found.snapshot.text
    day = found.source.published_day or access.today
    made = actions.add_found(
        article=found,
        found=by_hand(form.cleaned_data["kind"], text, start, end, day=day),
        sent=access.may(May.EDIT),
        by=access.member,
        at=access.at,
    )
    messages.success(request, "Marked. Fill in what is missing.")
    return redirect("proposal", slug=slug, pk=made.pk)
