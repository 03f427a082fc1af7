"""The app of people and organisations."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Who gives and who gets care, and on which legal ground data may travel."""

    name = "care"
    verbose_name = "mensen en organisaties"

    def ready(self) -> None:
        """Register the checks on unsafe settings."""
        from care import checks  # noqa: F401
