"""What is asked of a pack and of the things in it."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.campaigns.access import Access
from apps.campaigns.fields import Line, Prose
from apps.dates import BadDate, in_words, long_day
from apps.press.models import Item, PressPack
from apps.timeline.windows import day_in


class Capped(Prose):
    """Several lines of text with an end, which says how to get below it."""

    def __init__(self, *, most: int, what: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.most, self.what = most, what

    def clean(self, value: Any) -> str:
        text = self.to_python(value).strip()
        if len(text) > self.most:
            raise ValidationError(
                f"{self.what} has at most {self.most:,} characters; this has {len(text):,}. Shorten it."
            )
        return str(super().clean(text))


class _OfRevision(forms.Form):
    """A form that changes a pack says which revision its page showed."""

    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("revision"):
            raise ValidationError("This page is incomplete. Open it again before saving.")
        return cleaned


class PackForm(forms.Form):
    title = Line(max_length=200, help_text="It stands at the top of every export.")
    introduction = Capped(
        most=10_000, what="An introduction", required=False, help_text="What the pack is for, in a few lines."
    )
    as_of = forms.CharField(
        label="As of",
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "short"}),
        help_text="Like 17 October 2024: the entries as they were known at the end of that day. Empty: now. "
        "Embargo, clearance and consent always count as of now.",
    )

    def __init__(self, *args: Any, access: Access, pack: PressPack | None = None, **kwargs: Any) -> None:
        self.access = access
        if pack is not None:
            kwargs["initial"] = {
                "title": pack.title,
                "introduction": pack.introduction,
                "as_of": in_words(pack.as_of.isoformat()) if pack.as_of else "",
                "revision": pack.revision,
            } | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)

    def clean_as_of(self) -> date | None:
        typed = self.cleaned_data["as_of"].replace("\x00", "").strip()
        if not typed:
            return None
        try:
            day = day_in(typed, latest=True, like="Type a day, like 17 October 2024.")
        except BadDate as wrong:
            raise ValidationError(str(wrong)) from wrong
        if day > self.access.today:
            raise ValidationError(f"{long_day(day)} has not come yet: name a day up to today.")
        return day if day < self.access.today else None


class ChangePackForm(_OfRevision, PackForm):
    keep_filter = forms.BooleanField(
        label="Take what the saved filter finds",
        required=False,
        help_text="Its entries follow those that you picked, as they are found when the pack is opened.",
    )
    field_order = ("title", "introduction", "as_of", "keep_filter", "revision")

    def __init__(self, *args: Any, access: Access, pack: PressPack, **kwargs: Any) -> None:
        kwargs["initial"] = {"keep_filter": True} | kwargs.get("initial", {})
        super().__init__(*args, access=access, pack=pack, **kwargs)
        if not pack.query:
            del self.fields["keep_filter"]


class ItemForm(_OfRevision):
    text = Capped(most=5_000, what="A note", required=False, label="Note")
    place = forms.IntegerField(
        label="Place in the pack", min_value=1, max_value=9_999, help_text="1 is the first."
    )
    field_order = ("text", "place", "revision")

    def __init__(self, *args: Any, item: Item | None, place: int, revision: int, **kwargs: Any) -> None:
        kwargs["initial"] = {"text": item.text if item else "", "place": place, "revision": revision}
        super().__init__(*args, **kwargs)
        if item is None or item.entry_id is None:
            self.fields["text"].required = True


NEW = "new"


class PutForm(forms.Form):
    """Into which pack entries go: one there is, or a new one."""

    pack = forms.ChoiceField(widget=forms.RadioSelect, label="Which pack")
    title = Line(max_length=200, required=False, label="Title of a new pack")
    take = forms.ChoiceField(
        widget=forms.RadioSelect,
        label="What goes in",
        choices=[
            ("entries", "The entries that are found now, so that they can be put in order"),
            ("filter", "The filter: whatever it finds when the pack is opened"),
        ],
    )

    def __init__(self, *args: Any, packs: Iterable[PressPack], of_filter: bool, **kwargs: Any) -> None:
        self.packs = {str(pack.pk): pack for pack in packs}
        kwargs["initial"] = {"pack": next(iter(self.packs), NEW), "take": "entries"}
        super().__init__(*args, **kwargs)
        choices = [(pk, pack.title) for pk, pack in self.packs.items()]
        choice: Any = self.fields["pack"]
        choice.choices = [*choices, (NEW, "A new pack")]
        if not of_filter:
            del self.fields["take"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("pack") == NEW and not cleaned.get("title"):
            self.add_error("title", "Give the new pack a title.")
        return cleaned

    @property
    def chosen(self) -> PressPack | None:
        return self.packs.get(self.cleaned_data["pack"])
