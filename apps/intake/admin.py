"""The review queue in the admin, to be read: what waits is decided on at the site's own pages."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from apps.intake.models import Article, Decision, Monitor, Pair, Proposal, Reading


class ReadOnly(admin.ModelAdmin):
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Article)
class ArticleAdmin(ReadOnly):
    list_display = ("source", "campaign", "way", "added_by", "added_at")
    list_filter = ("way",)
    list_select_related = ("source", "campaign", "added_by")


@admin.register(Proposal)
class ProposalAdmin(ReadOnly):
    list_display = ("id", "kind", "sort", "campaign", "state", "proposed_by", "proposed_at", "assignee")
    list_filter = ("sort", "kind", "state")
    list_select_related = ("campaign", "proposed_by", "assignee")


@admin.register(Decision)
class DecisionAdmin(ReadOnly):
    list_display = ("proposal", "outcome", "because", "entry", "decided_by", "decided_at")
    list_filter = ("outcome",)
    list_select_related = ("proposal", "entry", "decided_by")


@admin.register(Reading)
class ReadingAdmin(ReadOnly):
    list_display = ("proposal", "figure", "read_by", "read_at")
    list_select_related = ("proposal", "read_by")


@admin.register(Pair)
class PairAdmin(ReadOnly):
    list_display = ("proposal", "two", "because", "said_by", "said_at")
    list_filter = ("two",)
    list_select_related = ("proposal", "said_by")


@admin.register(Monitor)
class MonitorAdmin(ReadOnly):
    list_display = ("name", "campaign", "state", "words", "added_by", "added_at")
    list_filter = ("state",)
    list_select_related = ("campaign", "added_by")
