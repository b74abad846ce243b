"""The forms of a ladder, and of what one person wants otherwise."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from apps.reminders.models import Ladder, Rule, Wish, WorkingDays

MOST_DAYS = 730
MOST_RUNGS = 12


def days_typed(text: str) -> list[int]:
    """ "30, 7, 0" as numbers, most first, each once. Raises ValidationError."""
    days = set()
    for part in text.split(","):
        typed = part.strip()
        if not re.fullmatch(r"[0-9]{1,4}", typed) or int(typed) > MOST_DAYS:
            raise ValidationError(
                f"“{typed[:20]}” is not a number of days from 0 to {MOST_DAYS}. Write them like 30, 7, 0."
            )
        days.add(int(typed))
    if len(days) > MOST_RUNGS:
        raise ValidationError(f"A ladder has at most {MOST_RUNGS} rungs.")
    return sorted(days, reverse=True)


def clock_field(**more: Any) -> forms.TimeField:
    return forms.TimeField(widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"), **more)


class LadderForm(forms.Form):
    """When to warn: so many days before, and whether to go on while overdue."""

    days = forms.CharField(
        label="Days before the last day",
        max_length=200,
        help_text="With commas between; 0 is the day itself: 30, 14, 7, 1, 0",
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    overdue_every = forms.IntegerField(
        label="While overdue, again every so many days",
        required=False,
        min_value=1,
        max_value=365,
        help_text="Empty: not at all.",
    )
    time = clock_field(label="At", help_text="In the campaign’s time zone.")
    working_days = forms.ChoiceField(
        label="On which days",
        choices=WorkingDays.choices,
        required=False,
        help_text="What would fall on a day off comes on the working day before.",
    )
    escalate_after = forms.IntegerField(
        label="Tell the owners when nobody has answered for so many days",
        required=False,
        min_value=1,
        max_value=60,
        help_text="Empty: never.",
    )

    def clean_days(self) -> list[int]:
        return days_typed(self.cleaned_data["days"])

    def rungs(self) -> list[tuple[int, int | None]]:
        """(days before, repeat every so many days), as the action takes them."""
        every = self.cleaned_data["overdue_every"]
        plain: list[tuple[int, int | None]] = [(days, None) for days in self.cleaned_data["days"]]
        return [*plain, (-every, every)] if every else plain

    def ladder(self) -> dict[str, Any]:
        """All of it, as the action takes it."""
        filled = self.cleaned_data
        return {
            "rungs": self.rungs(),
            "clock": filled["time"],
            "working_days": filled["working_days"],
            "escalate_after": filled["escalate_after"],
        }


def ladder_as_typed(ladder: Ladder, rungs: Iterable[Rule]) -> dict[str, object]:
    """A ladder as its form shows it."""
    rungs = list(rungs)
    every = [rung.repeat_days for rung in rungs if rung.repeat_days]
    return {
        "days": ", ".join(str(rung.days_before) for rung in rungs if not rung.repeat_days),
        "overdue_every": every[0] if every else None,
        "time": rungs[0].time if rungs else "09:00",
        "working_days": ladder.working_days,
        "escalate_after": ladder.escalate_after,
    }


# --- What one person wants otherwise ----------------------------------------------------------------------

AS_IT_IS, EARLIER, MUTED = "as it is", "earlier", "muted"
SPECIAL = {Rule.Kind.CHANGE: "the date moved", Rule.Kind.ESCALATION: "nobody answered (to owners)"}
"""Rules that are no rungs, which a person may mute."""


@dataclass(frozen=True)
class Choice:
    """One line of the form: a rule, and the two fields that say what the person wants of it."""

    label: str
    how: forms.BoundField
    days: forms.BoundField | None


class WishForm(forms.Form):
    """One person's wishes in one campaign: of each rung of its ladder, their own rungs, and all of it."""

    muted = forms.BooleanField(label="Send me nothing of this campaign", required=False)
    own_days = forms.CharField(
        label="Days of my own besides",
        max_length=200,
        required=False,
        help_text="With commas between: 60, 3. Empty: none.",
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off"}),
    )
    own_time = clock_field(label="At", required=False, help_text="In the campaign’s time zone.")

    def __init__(
        self, *args: Any, rungs: Iterable[Rule], stands: Mapping[str, Wish], own: list[Rule], **kwargs: Any
    ) -> None:
        """`stands`: the wishes there are, by the name of what they are of ("" is the campaign)."""
        self.rungs, self.stands, self.own = list(rungs), stands, own
        super().__init__(*args, **kwargs)
        self.initial = {
            "muted": "" in stands and stands[""].muted,
            "own_days": ", ".join(str(rung.days_before) for rung in own),
            "own_time": own[0].time if own else time(9),
        }
        for rung in self.rungs:
            self._add(f"rung_{rung.pk}", str(rung), with_days=True)
        for kind, label in SPECIAL.items():
            self._add(_name_of(kind), label, with_days=False)

    def _add(self, name: str, label: str, *, with_days: bool) -> None:
        wish = self.stands.get(name)
        hows = (AS_IT_IS, EARLIER, MUTED) if with_days else (AS_IT_IS, MUTED)
        self.fields[name] = forms.ChoiceField(
            label=label, choices=[(how, how) for how in hows], required=False
        )
        self.initial[name] = MUTED if wish and wish.muted else EARLIER if wish else AS_IT_IS
        if with_days:
            self.fields[f"{name}_days"] = forms.IntegerField(
                label=f"How many days earlier: {label}", required=False, min_value=1, max_value=365
            )
            self.initial[f"{name}_days"] = wish.earlier_days if wish and wish.earlier_days else None

    def choices(self) -> list[Choice]:
        """The lines of the form's table."""
        names = [f"rung_{rung.pk}" for rung in self.rungs] + [*map(_name_of, SPECIAL)]
        return [
            Choice(
                str(self.fields[name].label),
                self[name],
                self[f"{name}_days"] if f"{name}_days" in self.fields else None,
            )
            for name in names
        ]

    def clean_own_days(self) -> list[int]:
        typed = self.cleaned_data["own_days"]
        return days_typed(typed) if typed.strip() else []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in [name for name in self.fields if name.endswith("_days") and name != "own_days"]:
            asked = cleaned.get(name.removesuffix("_days")) == EARLIER
            if asked and name not in self.errors and not cleaned.get(name):
                self.add_error(name, "Say how many days earlier.")
        if cleaned.get("own_days") and "own_time" not in self.errors and not cleaned.get("own_time"):
            self.add_error("own_time", "Say at what time.")
        return cleaned

    def wanted(self) -> dict[str, tuple[bool, int]]:
        """What changes, by name: muted or not, and how many days earlier."""
        filled = self.cleaned_data
        changed = {}
        for name in ["muted", *(f"rung_{rung.pk}" for rung in self.rungs), *map(_name_of, SPECIAL)]:
            if name == "muted":
                new, old = (filled["muted"], 0), self.stands.get("")
            else:
                how = filled[name] or AS_IT_IS
                earlier = filled.get(f"{name}_days") or 0
                new, old = (how == MUTED, earlier if how == EARLIER else 0), self.stands.get(name)
            if new != ((old.muted, old.earlier_days) if old else (False, 0)):
                changed["" if name == "muted" else name] = new
        return changed

    def own_changed(self) -> bool:
        days, clock = self.cleaned_data["own_days"], self.cleaned_data["own_time"]
        stands = [rung.days_before for rung in self.own]
        return days != stands or any(rung.time != clock for rung in self.own)


def _name_of(kind: Rule.Kind) -> str:
    return f"kind_{kind.value}"
