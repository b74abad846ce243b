"""The project: settings, addresses and the Celery application. Rooms live in apps/."""

from campaigntracker.celery import app as celery_app

__all__ = ["celery_app"]
