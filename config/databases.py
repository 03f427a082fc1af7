"""Where PostgreSQL and Redis are: servers named in the environment, or the embedded ones."""

from typing import Any

from psycopg.conninfo import conninfo_to_dict

from config import environment
from config.embedded import paths

OWNER = "owner"
# One for each thread of a web process (config.web.gate): who has to wait for one would be told "later".
CONNECTIONS = 14
# For a page a person waits; work in the background may take minutes, but not for ever; whoever changes tables
# (the owner) has all the time it takes.
DEADLINES = {
    "web": {
        "statement_timeout": "30s",
        "idle_in_transaction_session_timeout": "60s",
        "lock_timeout": "15s",
    },
    "background": {
        "statement_timeout": "15min",
        "idle_in_transaction_session_timeout": "15min",
        "lock_timeout": "5min",
    },
    OWNER: {},
}


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


def django_database(url: str, *, pooled: bool, process: str) -> dict[str, Any]:
    """Return Django's settings for one PostgreSQL address; extra parameters of it go to libpq.

    `process` is one of DEADLINES; options that the address names itself come after ours, and win.
    """
    parts = dict(conninfo_to_dict(url))
    parts["options"] = f"{_deadlines(process)} {parts.get('options') or ''}".strip()
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
        settings["OPTIONS"]["pool"] = {"min_size": 1, "max_size": CONNECTIONS, "timeout": 10}
    return settings


def _deadlines(process: str) -> str:
    return " ".join(f"-c {name}={value}" for name, value in DEADLINES[process].items())


def user_of(url: str) -> str:
    """Return the log-in role that an address names."""
    return str(conninfo_to_dict(url).get("user", ""))
