"""Settings: everything from the environment; nothing unsafe by default, no secret in the repository."""

from urllib.parse import urlsplit

from celery.schedules import crontab
from csp.constants import NONE, SELF

from config import address, databases, environment, local_tls, mail, secrets

BASE_DIR = environment.ROOT
VAR_DIR = environment.var_folder()
EMBEDDED = environment.is_embedded()
BASE_URL = address.of_site(VAR_DIR)
DEMO = environment.flag("DRAAGVLAK_DEMO", default=EMBEDDED)

_secrets = secrets.load(embedded=EMBEDDED, var=VAR_DIR)
SECRET_KEY = _secrets.signing
FIELD_KEYS = _secrets.field_keys
LOOKUP_KEY = _secrets.lookup_key
SECRET_KEY_FALLBACKS = environment.listed("DRAAGVLAK_OLD_SECRET_KEYS")

DEBUG = environment.flag("DRAAGVLAK_DEBUG")
HOST = urlsplit(BASE_URL).hostname or "localhost"
ALLOWED_HOSTS = [HOST, "localhost", "127.0.0.1", "[::1]", *environment.listed("DRAAGVLAK_HOSTS")]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "care",
    "questionnaires",
    "profiles",
    "declarations",
    "exchange",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.compression.SmallerAnswersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "care.accounts.languages.LanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "care.accounts.middleware.PrivateResponseMiddleware",
    "care.accounts.middleware.ScopeMiddleware",
    "config.strangers.StrangersMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "config.form_renderer.FormRenderer"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "care.accounts.menu.shell",
                "profiles.timeline.context.reassessment",
            ],
        },
    },
]

_app_url = databases.postgres_url("app")
RUNTIME_ROLE = databases.user_of(_app_url)
AS_OWNER = environment.text("DRAAGVLAK_DATABASE_ROLE") == databases.OWNER
POOLED = environment.flag("DRAAGVLAK_DATABASE_POOL")
PROCESS = environment.text("DRAAGVLAK_PROCESS", "background")  # config.wsgi says "web"
DATABASES = {
    "default": databases.django_database(
        databases.postgres_url(databases.OWNER) if AS_OWNER else _app_url,
        pooled=POOLED and not AS_OWNER,
        process=databases.OWNER if AS_OWNER else PROCESS,
    )
}
DATABASES["default"]["CONN_MAX_AGE"] = 0 if POOLED else 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "care.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "start"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_RESET_TIMEOUT = 3 * 24 * 3600
PASSWORD_HASHERS = ["care.accounts.hashing.OneAtATimeHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "care.accounts.passwords.NotOneself", "OPTIONS": {"user_attributes": ("email", "name")}},
    {"NAME": "care.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 12}},
    {"NAME": "care.accounts.passwords.NotCommon"},
]

_mail = mail.load(in_files=EMBEDDED or DEMO, var=VAR_DIR)
MAIL_IS_ON = _mail.is_on
EMAIL_BACKEND = _mail.backend
EMAIL_FILE_PATH = _mail.folder
EMAIL_HOST, EMAIL_PORT = _mail.host, _mail.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _mail.user, _mail.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _mail.safety == "starttls", _mail.safety == "tls"
EMAIL_TIMEOUT = mail.PATIENCE
DEFAULT_FROM_EMAIL = environment.text("DRAAGVLAK_MAIL_FROM", f"Draagvlak <noreply@{HOST}>")

LANGUAGE_CODE = "nl"
# Each named in itself; nobody gets another language than Dutch without having asked for it.
LANGUAGES = [("nl", "Nederlands"), ("en", "English")]
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Europe/Amsterdam"
USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]

STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "config" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "config.staticfiles.HashedStaticFilesStorage"
    },
}
CRISPY_ALLOWED_TEMPLATE_PACKS = "bootstrap5"
CRISPY_TEMPLATE_PACK = "bootstrap5"
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "worker-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
SECURE_TLS = BASE_URL.startswith("https://")
SESSION_COOKIE_SECURE = SECURE_TLS
LANGUAGE_COOKIE_SECURE = SECURE_TLS
CSRF_COOKIE_SECURE = SECURE_TLS
CSRF_TRUSTED_ORIGINS = [BASE_URL] if SECURE_TLS else []
LOCAL_TLS = environment.flag("DRAAGVLAK_TLS")
WHITENOISE_ROOT = local_tls.public_folder(VAR_DIR) if LOCAL_TLS else None
# Not for a certificate of one's own: the same name without it would be closed for a year.
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if SECURE_TLS and not LOCAL_TLS else 0
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if environment.flag("DRAAGVLAK_BEHIND_PROXY") else None
)
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# The longest that an organisation may choose: what it did choose is kept to by care.accounts.sessions.
SESSION_COOKIE_AGE = 24 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "care.accounts.views.session.csrf_failure"
SILENCED_SYSTEM_CHECKS: list[str] = []

REDIS_URL = databases.plain_redis_url()
CELERY_BROKER_URL = databases.redis_url()
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
# Celery itself finds only `tasks` at the top of an app (care), not those of rooms.
CELERY_IMPORTS = [
    "questionnaires.anamneses.tasks",
    "profiles.timeline.tasks",
    "declarations.rounds",
    *(f"{room}.tasks" for room in ("declarations.matching", "declarations.delivery", "declarations.replies")),
    "exchange.webhooks.tasks",
]
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
# A Redis that takes no part any more (a frozen machine, a line that swallows everything) must not keep a page
# waiting: what could not be announced is found in its table by a scheduled round.
BROKER_SECONDS = 2.0
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_keepalive": True,
    "socket_timeout": BROKER_SECONDS,
    "socket_connect_timeout": BROKER_SECONDS,
}
# Once more on a new connection: the old one may be that of a Redis that was started anew.
CELERY_TASK_PUBLISH_RETRY_POLICY = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_BEAT_SCHEDULE = {
    "let planned moves begin": {
        "task": "care.tasks.let_planned_moves_begin",
        "schedule": crontab(minute="1-59/10"),
    },
    "forget old sessions": {"task": "care.tasks.forget_old_sessions", "schedule": crontab(minute="7")},
    "close drafts of who left": {
        "task": "questionnaires.anamneses.tasks.close_drafts_of_who_left",
        "schedule": crontab(minute="2-59/10"),
    },
    "forget what was thrown away": {
        "task": "questionnaires.anamneses.tasks.forget_what_was_thrown_away",
        "schedule": crontab(minute="17"),
    },
    # By the clock on the wall, outside the hour that one night skips and another has twice. More than once:
    # what a mail server refused is tried again, what was sent is not sent twice.
    "send daily summaries": {
        "task": "profiles.timeline.tasks.send_daily_summaries",
        "schedule": crontab(hour="6", minute="15,45"),
    },
    "look for due attachments": {"task": "declarations.rounds.look_for_due_work", "schedule": 10.0},
    "look for due exports": {"task": "declarations.rounds.look_for_due_exports", "schedule": 10.0},
    "keep references": {"task": "declarations.rounds.keep_references", "schedule": 30.0},
    # After the hour that one night skips and another has twice.
    "count every file": {
        "task": "declarations.matching.tasks.count_every_file",
        "schedule": crontab(hour="3", minute="40"),
    },
    "forget the unconfirmed": {
        "task": "declarations.rounds.forget_the_unconfirmed",
        "schedule": crontab(hour="4", minute="5"),
    },
    "tell who waits too long": {
        "task": "declarations.matching.tasks.tell_who_waits_too_long",
        "schedule": crontab(minute="11"),
    },
    "send due webhooks": {"task": "exchange.webhooks.tasks.send_due_webhooks", "schedule": 10.0},
    "forget old webhooks": {
        "task": "exchange.webhooks.tasks.forget_old_webhooks",
        "schedule": 24 * 3600.0,
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {
            "()": "config.logs.WithoutValues",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": environment.text("DRAAGVLAK_LOG", "INFO")},
    "loggers": {
        "django.request": {"level": "ERROR"},
        "django.server": {"level": "WARNING"},
        # Anybody who scans the internet would fill the log.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "celery": {"level": "WARNING"},
    },
}

# Whoever is queued for longer than this is told of on the officer's start page, and in the log.
QUEUE_ALARM_MINUTES = environment.whole_number("DRAAGVLAK_QUEUE_MINUTES", 15, least=1, most=1440)
# How many files are made, and lists of answers recorded, at one moment, over all machines: every one keeps a
# worker process for seconds. From two on, one of these places is kept for what is short.
EXPORTS_AT_ONCE = environment.whole_number("DRAAGVLAK_EXPORTS", 2, least=1, most=64)
POPULATION_THRESHOLD = environment.whole_number("DRAAGVLAK_THRESHOLD", 10, least=2, most=1000)
