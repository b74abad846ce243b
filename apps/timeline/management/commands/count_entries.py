"""Counts the entries of every campaign anew, for the columns of its picture."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.campaigns.models import Campaign
from apps.timeline import density


class Command(BaseCommand):
    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        for campaign in Campaign.objects.order_by("pk"):
            number = density.rebuild(campaign)
            self.stdout.write(f"{campaign.name}: {number:,} entries counted.")
