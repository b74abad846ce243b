"""Statistics and quotes in the admin."""

from django.contrib import admin
from simple_history.admin import SimpleHistoryAdmin

from apps.evidence.models import Quote, Statistic


@admin.register(Statistic)
class StatisticAdmin(SimpleHistoryAdmin):
    list_display = ("measure", "figure", "unit", "area", "period")
    search_fields = ("measure", "area")
    autocomplete_fields = ("entry",)
    readonly_fields = ("period_earliest", "period_latest")


@admin.register(Quote)
class QuoteAdmin(SimpleHistoryAdmin):
    list_display = ("words", "cleared_by", "cleared_at")
    search_fields = ("words",)
    autocomplete_fields = ("entry", "post", "snapshot", "cleared_by")
    # Where the words stand in the source is found, and sign-off is given, on the site's own pages.
    readonly_fields = ("start", "end", "cleared_by", "cleared_at")
