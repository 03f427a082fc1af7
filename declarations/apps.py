"""The app declarations."""

from django.apps import AppConfig


class DeclarationsConfig(AppConfig):
    """Where a profile goes"""

    name = "declarations"
    verbose_name = " declaration files, the queue, and what insurers receive.:declaraties"
