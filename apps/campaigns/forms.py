"""The forms of a campaign, its members and its invitations."""

from django import forms

from apps.accounts.models import User
from apps.campaigns.fields import Line, Prose
from apps.campaigns.models import Campaign
from apps.campaigns.roles import Role


class CampaignForm(forms.ModelForm):
    class Meta:
        model = Campaign
        fields = ["name", "summary", "time_zone", "is_public"]
        field_classes = {"name": Line, "summary": Prose, "time_zone": Line}


class InviteForm(forms.Form):
    email = forms.EmailField(label="E-mail address", max_length=254)
    role = forms.ChoiceField(label="As", choices=Role.choices, initial=Role.VOLUNTEER)


class MemberForm(forms.Form):
    role = forms.ChoiceField(choices=Role.choices)
    reminded = forms.BooleanField(label="Gets every reminder", required=False)


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["first_name", "last_name", "time_zone"]
        field_classes = {"first_name": Line, "last_name": Line, "time_zone": Line}
