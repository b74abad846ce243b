"""The forms of a campaign, its members and its invitations."""

from datetime import time
from typing import Any

from django import forms
from django.utils.encoding import punycode

from apps.accounts.models import User
from apps.campaigns.fields import Line, Prose
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role


class CampaignForm(forms.ModelForm):
    class Meta:
        model = Campaign
        fields = ["name", "summary", "time_zone", "is_public", "embeddable", "checks_live_pages"]
        field_classes = {"name": Line, "summary": Prose, "time_zone": Line}


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(label="As", choices=Role.choices, initial=Role.VOLUNTEER)

    def clean_email(self) -> str:
        """Letters of any language may stand after the @, as long as a mail can be sent there: in ASCII they
        grow, and may be too long for a name."""
        email = str(self.cleaned_data["email"])
        try:
            punycode(email.rpartition("@")[2])
        except UnicodeError:
            raise forms.ValidationError(
                "No mail server has the name after the @. Look for a typing mistake."
            ) from None
        return email


class MemberForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)
    reminded = forms.BooleanField(label="Gets every reminder", required=False)


def clock() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class ProfileForm(forms.ModelForm):
    """Oneself, and when word may reach one. A field that was not sent stays as it is."""

    class Meta:
        model = User
        fields = [
            *("first_name", "last_name", "time_zone"),
            *("digest", "digest_at", "quiet_from", "quiet_until"),
        ]  # and letter_keys, which a box could not leave as it is
        field_classes = {"first_name": Line, "last_name": Line, "time_zone": Line}
        labels = {
            "digest": "Reminders come",
            "digest_at": "Gathered ones at",
            "quiet_from": "Quiet from",
            "quiet_until": "Quiet until",
        }
        help_texts = {
            "digest_at": "In your own time zone.",
            "quiet_from": "Nothing rings then; it comes at their end.",
            "quiet_until": "Empty, both: no quiet hours.",
        }
        widgets = {name: clock() for name in ("digest_at", "quiet_from", "quiet_until")}

    letter_keys = forms.ChoiceField(
        label="Keys of one letter",
        choices=[("on", "On"), ("off", "Off")],
        required=False,
        help_text="/ goes to the search box, ? lists the keys. Off, if you dictate or touch them by chance.",
    )

    WHEN = ("digest", "digest_at", "quiet_from", "quiet_until")
    REPLANS = {"time_zone", *WHEN}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("digest", "digest_at"):
            self.fields[name].required = False
        self.initial["letter_keys"] = "on" if self.instance.letter_keys else "off"

    def oneself(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in self.WHEN]

    def when(self) -> list[forms.BoundField]:
        return [self[name] for name in self.WHEN]

    def clean_digest(self) -> str:
        return self.cleaned_data["digest"] or self.instance.digest

    def save(self, commit: bool = True) -> User:
        if asked := self.cleaned_data["letter_keys"]:
            self.instance.letter_keys = asked == "on"
        return super().save(commit)

    def clean_digest_at(self) -> time:
        return self.cleaned_data["digest_at"] or self.instance.digest_at

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if self.errors.keys() & {"quiet_from", "quiet_until"}:
            return cleaned
        start, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (start is None) != (end is None):
            missing = "quiet_from" if start is None else "quiet_until"
            self.add_error(missing, "Quiet hours need a start and an end. Give both, or leave both empty.")
        elif start is not None and start == end:
            self.add_error("quiet_until", "They would end as they start. Give another time.")
        return cleaned

    def changes_when(self) -> bool:
        """Whether reminders have to be planned again."""
        return bool(self.REPLANS & set(self.changed_data))
