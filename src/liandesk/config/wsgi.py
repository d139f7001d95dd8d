"""The WSGI application, for granian or any other server."""

from __future__ import annotations

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liandesk.config.settings")
application = get_wsgi_application()

_ = get_resolver().url_patterns  # loaded now, not while the first reader waits
gc.collect()
gc.freeze()  # what is loaded stays: collections that walk over it again hold requests up for a fifth of a second
