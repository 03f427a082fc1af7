"""The Celery application (`-A config.celery:app`): it carries "go and look", never the work itself."""

import os
import sys

import django
from celery import Celery
from celery.signals import beat_init, celeryd_init, setup_logging, worker_init

from config import servers

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("draagvlak")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.set_default()  # also in threads that did not import this module


@celeryd_init.connect
@beat_init.connect
def start_servers(**_signal: object) -> None:
    """Make the embedded servers answer, and stay for as long as this worker or scheduler lives."""
    servers.start()


@worker_init.connect
def stop_with_other_keys(**_signal: object) -> None:
    """Do no work with keys that are not those of the database (only what is no error passes a signal)."""
    django.setup()
    from care.tenancy.keys import WrongKeysError, confirm_keys

    try:
        confirm_keys()
    except WrongKeysError as error:
        sys.exit(str(error))


@setup_logging.connect
def keep_settings(**_signal: object) -> None:
    """Leave logging to Django's settings: Celery's own would write the values of a fault down."""
