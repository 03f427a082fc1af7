"""The app of doors for other systems."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """What other systems ask and are told: the API with its tokens, and webhooks."""

    name = "exchange"
    verbose_name = "koppelingen"

    def ready(self) -> None:
        """Register pages."""
        from exchange import shown

        shown.register()
