"""Celery says only "look now": every task here is a knock on the door of rows that hold the truth."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaigntracker.settings")

app = Celery("campaigntracker")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
