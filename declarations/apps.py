"""The app of declaration files."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class DeclarationsConfig(AppConfig):
    """Where a profile goes: declaration files, the queue, and what insurers receive."""

    name = "declarations"
    verbose_name = "declaraties"

    def ready(self) -> None:
        """Register pages, and load the shipped code table after each migration."""
        from declarations import shown

        post_migrate.connect(_load_example, sender=self)
        shown.register()


def _load_example(**signal: Any) -> None:
    from declarations.agreements import code_tables

    code_tables.after_migrate(**signal)
