"""The WSGI door, for gunicorn or any other server."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaigntracker.settings")
application = get_wsgi_application()

# The pages are loaded now rather than with the first one asked for, and what is loaded stays: the collector
# need not walk it again in the middle of somebody's page.
_ = get_resolver().url_patterns
gc.collect()
gc.freeze()
