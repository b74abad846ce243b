"""The WSGI door, for gunicorn or any other server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaigntracker.settings")
application = get_wsgi_application()

# What is loaded stays: the collector need not walk it again in the middle of somebody's page.
gc.collect()
gc.freeze()
