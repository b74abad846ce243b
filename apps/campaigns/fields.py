"""The form fields that every room's forms share: text, partial dates, and names of things in a campaign."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db.models import Model, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_datetime

from apps.dates import BadDate, PartialDate, in_words, read

MOST_REMEMBERED = 20_000
_ALLOWED_CONTROLS = {"\n", "\r", "\t"}
_NUMBERED = re.compile(r"^(?P<name>.*\S)\s*\[(?P<pk>\d{1,18})\]$", re.DOTALL)


def no_control_characters(value: str) -> None:
    """Raise ValidationError where the text holds characters that cannot be seen or printed."""
    for character in value:
        if unicodedata.category(character) in ("Cc", "Cs") and character not in _ALLOWED_CONTROLS:
            raise ValidationError(
                "This has a hidden control character in it. Paste it as plain text, or type it again."
            )


class Line(forms.CharField):
    """One line of text: spaces folded, nothing invisible."""

    default_validators = [no_control_characters]

    def to_python(self, value: Any) -> str:
        return " ".join(str(super().to_python(value)).split())


class Prose(forms.CharField):
    """Several lines of text."""

    widget = forms.Textarea(attrs={"rows": 4})
    default_validators = [no_control_characters]

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class WebAddress(forms.URLField):
    """An address that a browser opens as a page."""

    default_validators = [URLValidator(schemes=["http", "https"])]


def web_address(*, label: str = "Web address") -> WebAddress:
    """An optional http or https address; one typed without either is taken as https."""
    return WebAddress(label=label, max_length=1000, required=False, assume_scheme="https")


class PartialDateField(forms.Field):
    """A date as far as it is known, typed as people write it. Cleans to a PartialDate, or None when empty."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "maxlength": 80, "class": "short"})

    def to_python(self, value: Any) -> PartialDate | None:
        if not value or not str(value).strip():
            return None
        try:
            return read(str(value))
        except BadDate as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """Show stored EDTF text in words; leave what was typed as it is."""
        return in_words(value.text) if isinstance(value, PartialDate) else value


class LocalMomentField(forms.DateTimeField):
    """A day and a time on the clocks of some place. Cleans to a moment that does not know its zone, which
    another field of the form says."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")

    def to_python(self, value: Any) -> datetime | None:
        typed = str(value or "").strip()
        if not typed:
            return None
        try:
            moment = parse_datetime(typed)
        except ValueError:
            moment = None
        if moment is None or moment.tzinfo is not None:
            raise ValidationError("Give a day and a time, such as 2026-03-12 10:00.")
        return moment


def suggested_date(typed: str) -> PartialDate | str:
    """What an address fills a date field with: as it was typed where it is no date; the form says so."""
    typed = typed[:100].replace("\x00", "")
    try:
        return read(typed) if typed else ""
    except BadDate:
        return typed


class NameField(forms.CharField):
    """The name of a person, organisation or source of the campaign, found as it is typed.

    Cleans to the row of that name, to the name itself where there is none (the form adds it on the spot), or
    to None when empty. Where two share a name the person picks by number: "Jo Smith [12]".
    """

    default_validators = [no_control_characters]

    def __init__(self, *, find: str, also: Sequence[str] = (), by: str = "name", **kwargs: Any) -> None:
        """`find` names the kind of thing for suggestions; `by` is its naming field, `also` others it is
        known by."""
        super().__init__(max_length=300, **kwargs)
        self.find, self.names = find, (by, *also)
        self.longest_new = 200 if by == "name" else 300
        self.rows: QuerySet[Any] | None = None
        self.remembered: dict[str, Any] | None = None
        self.keys: dict[str, dict[str, list[int]]] = {}
        self.as_new = False
        self.widget.attrs |= {"autocomplete": "off", "data-find": find}

    def remember(self) -> None:
        """Read all names once, from now on: for forms that are filled in again and again. `as_new` then says
        of the next one that it is of something new, whatever is called so already."""
        self.remembered, self.keys = {}, {field: {} for field in self.names}
        if self.rows is None:
            return
        rows = self.rows.order_by("pk").values_list("pk", *self.names)
        for pk, *names in rows.iterator(chunk_size=5_000):
            for field, name in zip(self.names, names, strict=True):
                if name:
                    self.keys[field].setdefault(name.casefold(), []).append(pk)

    def called(self, name: str, field: str) -> list[Any]:
        """Those whose `field` is this, capitals aside; five at most."""
        assert self.rows is not None
        if self.remembered is None:
            return list(self.rows.filter(**{f"{field}__iexact": name})[:5])
        keys = self.keys[field].get(name.casefold(), [])[:5]
        return list(self.rows.filter(pk__in=keys)) if keys else []

    def prepare_value(self, value: Any) -> Any:
        return label(value) if isinstance(value, Model) else value

    def clean(self, value: Any) -> Any:
        name = " ".join(super().clean(value).split())
        if not name or self.rows is None:
            return name or None
        if self.as_new:
            return self._new(name)
        if self.remembered is None:
            return self._found(name)
        if name not in self.remembered:
            if len(self.remembered) >= MOST_REMEMBERED:
                self.remembered.clear()
            self.remembered[name] = self._found(name)
        return self.remembered[name]

    def _found(self, name: str) -> Any:
        if numbered := _NUMBERED.match(name):
            return self._numbered(int(numbered["pk"]), name)
        found = self._named(name)
        if len(found) > 1:
            choices = " or ".join(f"{name} [{row.pk}]" for row in found)
            raise ValidationError(f"There is more than one {name} here. Say which: {choices}.")
        return found[0] if found else self._new(name)

    def _new(self, name: str) -> str:
        if len(name) > self.longest_new:
            raise ValidationError(f"A name has at most {self.longest_new} characters; this has {len(name)}.")
        return name

    def _numbered(self, pk: int, name: str) -> Any:
        assert self.rows is not None
        row = self.rows.filter(pk=pk).first()
        if row is None:
            raise ValidationError(
                f"There is nothing here called “{name[:80]}”. Leave out the number to add it."
            )
        return row

    def _named(self, name: str) -> list[Any]:
        return next((found for field in self.names if (found := self.called(name, field))), [])


def set_hidden(form: forms.Form, name: str, value: object) -> None:
    """Change what a submitted form will carry when it is shown again, so that saving again is a decision."""
    data = cast(QueryDict, form.data).copy()
    data[name] = str(value)
    form.data = data


def label(row: Any) -> str:
    """What stands in a NameField for a row: its naming text."""
    return str(getattr(row, "title", "") or row.name)


class TagsField(forms.CharField):
    """Tags separated by commas. Cleans to a tuple of names, each once."""

    default_validators = [no_control_characters]

    def prepare_value(self, value: Any) -> Any:
        return value if isinstance(value, str) or value is None else ", ".join(value)

    def clean(self, value: Any) -> Any:
        names: dict[str, str] = {}
        for part in super().clean(value).split(","):
            name = " ".join(part.split())
            if len(name) > 50:
                raise ValidationError(f"A tag has at most 50 characters: “{name[:50]}…” is longer.")
            if name:
                names.setdefault(name.casefold(), name)
        if len(names) > 20:
            raise ValidationError("An entry has at most 20 tags.")
        return tuple(names.values())
