"""The app questionnaires."""

from django.apps import AppConfig


class QuestionnairesConfig(AppConfig):
    """What is asked"""

    name = "questionnaires"
    verbose_name = " instruments and anamneses.:vragenlijsten"
