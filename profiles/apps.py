"""The app of profiles in time."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ProfilesConfig(AppConfig):
    """What follows from the answers."""

    name = "profiles"
    verbose_name = "profielen"

    def ready(self) -> None:
        """Register pages, and load the shipped casemix model once the tables have been brought up to date."""
        from profiles import shown

        post_migrate.connect(_load_versions, sender=self)
        shown.register()


def _load_versions(**_arguments: Any) -> None:
    from profiles.timeline import versions

    versions.load_shipped()
