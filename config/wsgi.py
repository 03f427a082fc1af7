"""The WSGI application that the web server loads."""

import os

from django.core.wsgi import get_wsgi_application

from config import servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
servers.start()
application = get_wsgi_application()
