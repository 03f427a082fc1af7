"""The app of instruments and anamneses."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class QuestionnairesConfig(AppConfig):
    """What is asked, and what was answered."""

    name = "questionnaires"
    verbose_name = "vragenlijsten"

    def ready(self) -> None:
        """Register pages, and load the shipped questionnaire once the tables have been brought up to date."""
        from questionnaires import shown

        post_migrate.connect(_load_versions, sender=self)
        shown.register()


def _load_versions(**_arguments: Any) -> None:
    from questionnaires.anamneses import versions

    versions.load_shipped()
