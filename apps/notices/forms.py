"""The forms that add a channel. What is typed as its address is never shown again, not even when refused."""

from django import forms
from django.core.exceptions import ValidationError

from apps.campaigns.fields import Line, no_control_characters
from apps.notices.models import Kind


class ChannelForm(forms.Form):
    """A name for the channel, and its address, secret and all."""

    kind: Kind

    name = Line(max_length=60, help_text="What you call it: “team Slack”.")
    address = forms.CharField(
        max_length=2000,
        validators=[no_control_characters],
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class WebhookForm(ChannelForm):
    kind = Kind.WEBHOOK

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["address"].help_text = "It begins with https:// and is not shown again."

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if not address.lower().startswith("https://"):
            raise ValidationError("Give an address that begins with https://, so that nobody reads along.")
        return address


class ServiceForm(ChannelForm):
    kind = Kind.SERVICE

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["address"].help_text = "As apprise writes it, token and all. It is not shown again."


FORMS: dict[str, type[ChannelForm]] = {form.kind.value: form for form in (WebhookForm, ServiceForm)}
