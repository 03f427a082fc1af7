"""The app of people and organisations."""

from django.apps import AppConfig


class CareConfig(AppConfig):
    """Who gives and who gets care, and on which legal ground data may travel."""

    name = "care"
    verbose_name = "mensen en organisaties"

    def ready(self) -> None:
        """Register the checks on unsafe settings, and what a log-in begins."""
        from django.contrib.auth.signals import user_logged_in

        from care import shown
        from care.accounts import checks, sessions  # noqa: F401

        shown.register()
        user_logged_in.connect(sessions.on_log_in, dispatch_uid="begin session")
