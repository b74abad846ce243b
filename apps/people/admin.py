"""People in the admin."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from apps.people.models import Organisation, Person, Post


class PostInline(admin.TabularInline):
    model = Post
    extra = 0
    autocomplete_fields = ("organisation",)
    readonly_fields = ("from_day", "to_day")


@admin.register(Person)
class PersonAdmin(SimpleHistoryAdmin):
    list_display = ("name", "campaign")
    search_fields = ("name",)
    autocomplete_fields = ("campaign",)
    inlines = (PostInline,)


@admin.register(Organisation)
class OrganisationAdmin(SimpleHistoryAdmin):
    list_display = ("name", "campaign")
    search_fields = ("name",)
    autocomplete_fields = ("campaign",)


@admin.register(Post)
class PostAdmin(SimpleHistoryAdmin):
    list_display = ("person", "role", "organisation", "held_from", "held_to")
    search_fields = ("person__name", "role")
    autocomplete_fields = ("person", "organisation")
    readonly_fields = ("from_day", "to_day")
