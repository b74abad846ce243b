"""Every address of the site's own pages."""

from django.urls import URLPattern, path, register_converter

from apps.desk.converters import CampaignSlug, RowId
from apps.desk.views import (
    deadlines,
    entries,
    home,
    links,
    messages,
    milestones,
    people,
    reminders,
    sources,
    team,
    timeline,
)

register_converter(RowId, "id")
register_converter(CampaignSlug, "campaign")

HERE = "c/<campaign:slug>/"
ENTRY = f"{HERE}entries/<id:pk>/"
PERSON = f"{HERE}people/<id:pk>/"

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("healthz", home.healthz, name="healthz"),
    path("deadlines/", deadlines.deadlines, name="deadlines"),
    path("messages/", messages.messages, name="messages"),
    path("messages/<id:pk>/", messages.message, name="message"),
    path("me/", home.profile, name="profile"),
    path("campaigns/new/", home.start_campaign, name="start_campaign"),
    path("invitations/<str:token>/", team.invitation, name="invitation"),
    path(HERE, home.campaign, name="campaign"),
    path(f"{HERE}timeline/", timeline.timeline, name="timeline"),
    path(f"{HERE}find/<slug:what>/", timeline.find, name="find"),
    path(f"{HERE}add/<slug:kind>/", entries.add_entry, name="add_entry"),
    path(ENTRY, entries.entry, name="entry"),
    path(f"{ENTRY}edit/", entries.edit_entry, name="edit_entry"),
    path(f"{ENTRY}approve/", entries.set_state, {"to": "approve"}, name="approve"),
    path(f"{ENTRY}withdraw/", entries.set_state, {"to": "withdraw"}, name="withdraw"),
    path(f"{ENTRY}restore/", entries.set_state, {"to": "restore"}, name="restore"),
    path(f"{ENTRY}clear/", entries.clear_quote, name="clear_quote"),
    path(f"{ENTRY}revoke-clearance/", entries.revoke_clearance, name="revoke_clearance"),
    path(f"{ENTRY}move/", milestones.move, name="move"),
    path(f"{ENTRY}mark/", milestones.mark, name="mark"),
    path(f"{ENTRY}reopen/", milestones.open_again, name="reopen"),
    path(f"{ENTRY}link/", links.add_link, name="add_link"),
    path(f"{ENTRY}links/<id:link>/remove/", links.remove_link, name="remove_link"),
    path(f"{HERE}people/", people.people, name="people"),
    path(f"{HERE}people/new/", people.edit, {"what": people.PERSON}, name="add_person"),
    path(PERSON, people.person, name="person"),
    path(f"{PERSON}edit/", people.edit, {"what": people.PERSON}, name="edit_person"),
    path(f"{PERSON}posts/new/", people.add_post, name="add_post"),
    path(f"{PERSON}posts/<id:post>/remove/", people.remove_post, name="remove_post"),
    path(f"{HERE}organisations/new/", people.edit, {"what": people.ORGANISATION}, name="add_organisation"),
    path(f"{HERE}organisations/<id:pk>/", people.organisation, name="organisation"),
    path(
        f"{HERE}organisations/<id:pk>/edit/",
        people.edit,
        {"what": people.ORGANISATION},
        name="edit_organisation",
    ),
    path(f"{HERE}sources/", sources.sources, name="sources"),
    path(f"{HERE}sources/new/", sources.edit_source, name="add_source"),
    path(f"{HERE}sources/<id:pk>/", sources.source, name="source"),
    path(f"{HERE}sources/<id:pk>/edit/", sources.edit_source, name="edit_source"),
    path(f"{HERE}sources/<id:pk>/text/", sources.add_snapshot, name="add_snapshot"),
    path(f"{HERE}members/", team.members, name="members"),
    path(f"{HERE}members/invite/", team.invite, name="invite"),
    path(f"{HERE}members/<id:pk>/change/", team.change_member, name="change_member"),
    path(f"{HERE}members/<id:pk>/remove/", team.remove_member, name="remove_member"),
    path(f"{HERE}invitations/<id:pk>/withdraw/", team.withdraw_invitation, name="withdraw_invitation"),
    path(f"{HERE}settings/", team.campaign_settings, name="campaign_settings"),
    path(f"{HERE}reminders/", reminders.reminders, name="reminders"),
]
