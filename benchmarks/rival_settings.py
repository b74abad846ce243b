"""The site's settings with django-celery-beat beside it: for the benchmark that compares with it, only."""

from campaigntracker.settings import *  # noqa: F403
from campaigntracker.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "django_celery_beat"]
