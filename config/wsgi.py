"""What the web server loads: `gate`, or on other servers the WSGI application behind it."""

import os
import sys

from django.core.wsgi import get_wsgi_application
from django.urls import reverse

from config import servers
from config.web.gate import Gate

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("DRAAGVLAK_PROCESS", "web")
servers.start()
application = get_wsgi_application()

from care.tenancy.keys import WrongKeysError, confirm_keys  # noqa: E402 - only once Django is set up

try:
    confirm_keys()
except WrongKeysError as error:
    sys.exit(str(error))
# Where a password is looked at: that costs a fifth of a second of a core, and has threads of its own.
gate = Gate(application, doors=tuple(map(reverse, ("login", "password_change", "tablet-keys"))))
