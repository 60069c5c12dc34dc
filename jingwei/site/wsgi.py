"""The door for the web server."""

import gc
import os

from django.conf import settings
from django.core.cache import close_caches
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, reset_queries
from django.urls import get_resolver

from jingwei.site.lending import Lending

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jingwei.site.settings")
application = Lending(get_wsgi_application(), settings.THREADS)

from jingwei.site.live import feed  # noqa: E402  (it has models, which want Django set up)

feed.most = settings.LISTENERS

# What Django does around every request and nothing here needs: statements are not logged, no cache is open, and a connection
# that broke is noticed when the next request starts.
request_started.disconnect(reset_queries)
request_finished.disconnect(close_caches)
request_finished.disconnect(close_old_connections)

# The program is loaded whole before the first request; what it consists of is no garbage, and no collection walks through it again.
get_resolver().url_patterns  # noqa: B018
gc.collect()
gc.freeze()
