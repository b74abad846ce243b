"""A row of a file as an entry: what a person would have typed into the form, checked by that form."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.utils import ErrorDict

from apps.campaigns.access import Access
from apps.campaigns.fields import NameField
from apps.evidence.forms import QuoteForm, StatisticForm
from apps.evidence.models import Series
from apps.intake.sheets.columns import guess
from apps.legislation.forms import MilestoneForm, team
from apps.people.models import Organisation, Person
from apps.sources.models import Source
from apps.timeline.forms import EntryForm, Names
from apps.timeline.models import Kind, Visibility

FORMS: dict[str, type[EntryForm]] = {
    Kind.MILESTONE: MilestoneForm,
    Kind.STATISTIC: StatisticForm,
    Kind.QUOTE: QuoteForm,
    Kind.UPDATE: EntryForm,
}
NOT_ASKED = ("version", "cleared", "submitted")
"""A quote is cleared by whoever has read it, on its own page."""
WHOLE = ""
"""Where an error stands that is no column's."""
NOBODY = "0"
"""An owner that the form knows not to be on the team."""


class Rows:
    """The form of a kind, filled in with row after row. Only for those who see all of the campaign."""

    def __init__(self, access: Access, kind: str) -> None:
        self.form = FORMS[kind]({}, access=access, names=names_of(access), initial={})
        for name in NOT_ASKED:
            self.form.fields.pop(name, None)
        for field in self.form.fields.values():
            if isinstance(field, NameField):
                field.remember()
        self.all = self.form.fields
        self.fields = {name: str(self.form[name].label) for name in self.form.fields}
        self.choices = {
            name: {str(word).casefold(): str(pair[0]) for pair in _pairs(field) for word in pair}
            for name, field in self.form.fields.items()
            if isinstance(field, forms.ChoiceField) and name != "owner"
        }
        self.owners = _owners(access) if "owner" in self.fields else {}
        self.always = {*self.required, "visibility"}
        self.blank = self._clean_blank()

    @property
    def required(self) -> list[str]:
        """What every row must have."""
        return [name for name, field in self.form.fields.items() if field.required and name != "visibility"]

    def guess(self, headers: Iterable[str]) -> list[str]:
        return guess(list(headers), self.fields)

    def fill(self, cells: Mapping[str, str]) -> dict[str, str]:
        """Fill the form in; answers what is wrong, a sentence for each field."""
        form: Any = self.form  # its steps one by one, which the types do not know
        form.data = data = self._data(cells)
        form.remarks = []
        form._errors, form.cleaned_data = ErrorDict(), dict(self.blank)
        form.fields = {name: field for name, field in self.all.items() if name in data or name in self.always}
        form._clean_fields()
        form.fields = self.all
        form._clean_form()
        return {
            WHOLE if name == NON_FIELD_ERRORS else name: self._words(name, str(errors[0]), cells)
            for name, errors in form._errors.items()
        }

    def _clean_blank(self) -> dict[str, Any]:
        """What fields clean to that are left empty: going through them for every row takes long."""
        self.form.data = self._data({})
        self.form.full_clean()
        return {name: value for name, value in self.form.cleaned_data.items() if name not in self.always}

    def _data(self, cells: Mapping[str, str]) -> dict[str, str]:
        data = {"visibility": str(Visibility.TEAM)} | {name: cell for name, cell in cells.items() if cell}
        self._name_the_source(data)
        for name, known in self.choices.items():
            if name in data:
                data[name] = known.get(" ".join(data[name].split()).casefold(), data[name])
        if owner := data.get("owner"):
            data["owner"] = self.owners.get(" ".join(owner.split()).casefold(), NOBODY)
        return data

    def label_of(self, name: str, value: str) -> str:
        """What a choice is called; of all else, the value."""
        pairs = _pairs(self.all[name]) if name in self.choices else []
        return next((str(label) for known, label in pairs if str(known) == value), value)

    def _name_the_source(self, data: dict[str, str]) -> None:
        """A row describes its source each time it names it. Where that one is here already, by title and
        address, the description is none of a new one; another address under the same title is another."""
        field = cast(NameField, self.all["source"])
        title = " ".join(data.get("source", "").split())
        known = field.called(title, "title") if title else []
        url = data.get("source_url", "")
        same = [source for source in known if not url or source.url in (url, f"https://{url}")]
        field.as_new = bool(known) and not same
        if same:
            data["source"] = f"{title} [{same[0].pk}]" if url else title
            for name in self.form.only_if_new:
                data.pop(name, None)

    def _words(self, name: str, error: str, cells: Mapping[str, str]) -> str:
        if name == "owner":
            who = cells["owner"][:80]
            return f"Nobody on this campaign is called “{who}”. Give a name or e-mail address of the team."
        if name in self.choices and cells.get(name):
            offered = [str(label) for value, label in _pairs(self.all[name]) if value]
            return f"“{cells[name][:80]}” is none of: {', '.join(offered)}."
        return error


def _pairs(field: forms.Field) -> list[tuple[Any, Any]]:
    """The choices of a field: value and label."""
    return list(cast(Any, field).choices)


def names_of(access: Access) -> Names:
    """All names of the campaign."""
    here = {"campaign": access.campaign}
    return Names(
        persons=Person.objects.filter(**here),
        organisations=Organisation.objects.filter(**here),
        sources=Source.objects.filter(**here),
        series=Series.objects.filter(**here),
    )


def _owners(access: Access) -> dict[str, str]:
    """The key of everybody on the team by name, sign-in name and address; where two share one, of neither."""
    known: dict[str, set[str]] = {}
    for user in team(access):
        for word in {user.name, user.username, user.email} - {""}:
            known.setdefault(" ".join(word.split()).casefold(), set()).add(str(user.pk))
    return {word: keys.pop() for word, keys in known.items() if len(keys) == 1}
