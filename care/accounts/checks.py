"""Numbered checks that stop an unsafe start."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

from config import databases


@register(Tags.security)
def unsafe_settings(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Refuse combinations that would take the ground away under row-level security or encryption."""
    errors: list[CheckMessage] = []
    owner = databases.user_of(databases.postgres_url(databases.OWNER))
    if owner == settings.RUNTIME_ROLE:
        errors.append(
            Error(
                "DATABASE_URL and DATABASE_OWNER_URL use one role: row-level security would not bind.",
                hint="Give the runtime a log-in role of its own that owns nothing.",
                id="draagvlak.E001",
            )
        )
    if settings.DEBUG and not settings.EMBEDDED:
        errors.append(
            Error(
                "DRAAGVLAK_DEBUG is on with servers of your own: error pages would show personal data.",
                hint="Leave DRAAGVLAK_DEBUG out.",
                id="draagvlak.E002",
            )
        )
    return errors
