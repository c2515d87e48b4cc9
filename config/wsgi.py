"""The WSGI application that servers load."""

import os
from typing import Any

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from articles.upkeep import read_only
from config.database_setting import read_at_once
from config.proxy import BehindProxy
from config.site_setting import read_site_address

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application: Any = get_wsgi_application()
read_only.enforce()
read_at_once(settings.DATABASES)
# It needs the models, which are loaded now. Without these lines every page is made anew.
if not settings.DEBUG:
    from config.pagecache import PageCache

    application = PageCache(application)
# Outermost: whatever else looks at a request sees it as the reader sent it.
if settings.TRUSTED_PROXIES:
    application = BehindProxy(application, read_site_address(settings.SITE_URL))
