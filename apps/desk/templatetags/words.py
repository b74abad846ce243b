"""The words of dates, figures and kinds, for templates."""

import secrets
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django import template
from django.http import QueryDict
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from apps import dates
from apps.desk.moments import moment
from apps.desk.newer import covered, on_or_in
from apps.desk.phrases import amount, change_of, last_day, out_of_use, times
from apps.evidence.figures import long, with_unit
from apps.evidence.figures import plain as plain_number
from apps.evidence.models import Statistic
from apps.timeline.layout import Lane
from apps.timeline.models import Entry, Kind
from apps.timeline.svg import draw_columns, draw_mark, draw_tick, outline
from apps.timeline.windows import Window
from apps.words import Piece

register = template.Library()
register.filter("moment", moment)
register.filter("amount", amount)
register.filter("covered", covered)
register.filter("on_or_in", on_or_in)
register.filter("change_of", change_of)
register.filter("times", times)
register.filter("out_of_use", out_of_use)
register.filter("last_day", last_day)
register.simple_tag(draw_mark, name="drawn")
register.simple_tag(draw_tick, name="drawn_tick")
register.filter("outline", outline)
MARKS = {Kind.MILESTONE: "◆", Kind.STATISTIC: "●", Kind.QUOTE: "⚑", Kind.UPDATE: "–"}


@register.filter
def in_words(text: str | None) -> str:
    """An EDTF date as a person says it."""
    return dates.in_words(text) if text else ""


@register.filter
def marked(pieces: Iterable[Piece]) -> SafeString:
    """A text with its hits marked."""
    shown = (f"<mark>{escape(text)}</mark>" if hit else escape(text) for text, hit in pieces)
    return mark_safe("".join(shown))  # noqa: S308  # each piece is escaped


@register.filter
def how_sure(text: str) -> str:
    return dates.how_sure(text)


@register.filter
def days(count: int) -> str:
    """664 → "664 days"."""
    return dates.days(abs(count))


@register.filter
def number(count: int) -> str:
    """1204 → "1,204"."""
    return f"{abs(count):,}"


@register.filter
def long_day(day: date | None) -> str:
    return dates.long_day(day) if day else ""


@register.filter
def weekday(day: date | None) -> str:
    """With the day of the week: "Thursday 3 September 2020"."""
    return dates.long_day(day, weekday=True) if day else ""


@register.filter
def countdown(day: date, today: date) -> str:
    return dates.countdown(day, today)


@register.filter
def overdue_by(day: date, today: date) -> str:
    return dates.days((today - day).days)


@register.filter
def plain(number: Decimal | None) -> str:
    return plain_number(number) if number is not None else ""


@register.filter
def baseline(statistic: Statistic) -> str:
    """The earlier figure that a change is measured from, with its unit."""
    return with_unit(long(statistic.baseline or Decimal(0), statistic.baseline_step), statistic.unit)


@register.filter
def of(found: Mapping[int, Any], key: int) -> Any:
    """What there is under that key, if anything."""
    return found.get(key)


@register.filter
def mark(kind: str) -> str:
    """The shape of a kind, which says it without colour."""
    return MARKS[Kind(kind)]


@register.filter
def address(entry: Entry) -> str:
    return reverse("entry", kwargs={"slug": entry.campaign.slug, "pk": entry.pk})


@register.filter
def late(entry: Entry, today: date) -> int:
    """Days past the first promised date."""
    return entry.milestone.late_days(today)


@register.simple_tag
def add_to(query: str, **parameters: Any) -> str:
    """An address's query with these parameters set."""
    made = QueryDict(query, mutable=True)
    for name, value in parameters.items():
        made[name] = str(value)
    return "?" + made.urlencode()


@register.simple_tag
def narrowed_to(query: str, wanted: Mapping[str, str]) -> str:
    """An address's query narrowed further, listed and no longer summed up."""
    made = QueryDict(query, mutable=True)
    made.pop("by", None)
    for name, value in wanted.items():
        made[name] = value
    return "?" + made.urlencode()


@register.filter
def address_in(entry: Entry, slug: str) -> str:
    """The address of an entry whose campaign is known, so that none needs to be fetched."""
    return reverse("entry", kwargs={"slug": slug, "pk": entry.pk})


@register.simple_tag
def once() -> SafeString:
    """The number by which a page's form is known when it is sent twice: see desk/once.py."""
    return format_html('<input type="hidden" name="once" value="{}">', secrets.token_urlsafe(16))


@register.simple_tag
def look(query: str, window: Window) -> str:
    """The address of the same timeline, with that window."""
    return add_to(query, **window.address)


@register.simple_tag
def columns(lane: Lane, query: str) -> str:
    """The lane's columns, each a link to the same timeline with its days as the window."""
    made = QueryDict(query, mutable=True)
    for name in ("from", "to"):
        made.pop(name, None)
    return draw_columns(lane, made.urlencode())


@register.simple_tag
def fold(query: str, kind: str, folds: Collection[str]) -> str:
    """The address of the same picture with this lane folded, or unfolded."""
    made = QueryDict(query, mutable=True)
    made.setlist("fold", sorted(set(folds) ^ {kind}))
    return "?" + made.urlencode()
