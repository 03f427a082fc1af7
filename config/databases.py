"""Where PostgreSQL and Redis are: servers named in the environment, or the embedded ones."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from config import environment
from config.embedded import paths

OWNER = "owner"


def postgres_url(role: str) -> str:
    """Return the address of the database for "owner" (schema, tests) or "app" (everything else)."""
    if environment.is_embedded():
        return paths.postgres_url(
            environment.var_folder(), "draagvlak_owner" if role == OWNER else "draagvlak_app"
        )
    return environment.text("DATABASE_OWNER_URL" if role == OWNER else "DATABASE_URL")


def redis_url() -> str:
    """Return the address of Redis as Celery reads it."""
    if environment.is_embedded():
        return paths.redis_url(environment.var_folder())
    return environment.text("REDIS_URL")


def plain_redis_url() -> str:
    """Return the address of Redis as Redis's own client reads it."""
    if environment.is_embedded():
        return paths.plain_redis_url(environment.var_folder())
    return environment.text("REDIS_URL")


def django_database(url: str, *, pooled: bool) -> dict[str, Any]:
    """Return Django's settings for one PostgreSQL address; extra parameters of it go to libpq."""
    parts = dict(conninfo_to_dict(url))
    settings: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.pop("dbname", ""),
        "USER": parts.pop("user", ""),
        "PASSWORD": parts.pop("password", None) or "",
        "HOST": parts.pop("host", ""),
        "PORT": str(parts.pop("port", "") or ""),
        "OPTIONS": dict(parts),
    }
    if pooled:
        settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 8, "timeout": 10}
    return settings


def user_of(url: str) -> str:
    """Return the log-in role that an address names."""
    return str(conninfo_to_dict(url).get("user", ""))
