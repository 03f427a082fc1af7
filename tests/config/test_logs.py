"""Faults in a log: their kind and place, and nothing of what they were about."""

import io
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest
from celery.signals import setup_logging
from django.conf import settings
from django.db import Error, connection

from config.celery import app
from config.logs import WithoutValues

SECRET = "Wilgenhofstee 999000001"
LOGGING: Any = settings.LOGGING
PLAIN = LOGGING["formatters"]["plain"]


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """What is written by a handler like that of the settings."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.config.DictConfigurator(LOGGING).configure_formatter(dict(PLAIN)))
    root = logging.getLogger()
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)


def fail_twice() -> None:
    """Fail with a secret in the text, while dealing with a failure that has it too."""
    try:
        int(SECRET)
    except ValueError as error:
        raise LookupError(SECRET) from error


def test_it_tells_kinds_and_places_of_the_whole_chain(log: io.StringIO) -> None:
    try:
        fail_twice()
    except LookupError:
        logging.getLogger("care").exception("import_failed file=%s", 7)
    text = log.getvalue()
    assert "import_failed file=7" in text
    assert text.index("builtins.ValueError") < text.index("builtins.LookupError")
    assert "in fail_twice" in text
    assert "Wilgenhofstee" not in text


def test_another_handler_neither_gives_nor_takes_the_text(log: io.StringIO) -> None:
    """The logging module keeps an exception's text on the record for whoever comes next."""
    try:
        fail_twice()
    except LookupError as error:
        record = logging.LogRecord("care", logging.ERROR, "a.py", 1, "x", None, (type(error), error, None))
    assert SECRET in logging.Formatter().format(record)
    assert SECRET not in WithoutValues().format(record)
    assert SECRET in logging.Formatter().format(record)


@pytest.mark.django_db
def test_it_names_what_the_database_refused_without_the_row(log: io.StringIO) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("select %s::date", [SECRET])
    except Error:
        logging.getLogger("care").exception("query_failed")
    assert "InvalidDatetimeFormat 22007" in log.getvalue()
    assert "Wilgenhofstee" not in log.getvalue()


def test_a_task_that_fails_keeps_its_values(log: io.StringIO) -> None:
    @app.task(name="tests.fail", ignore_result=True, shared=False)
    def fail(_words: str) -> None:
        fail_twice()

    fail.apply(args=(SECRET,))
    assert "tests.fail" in log.getvalue()
    assert "builtins.LookupError" in log.getvalue()
    assert "Wilgenhofstee" not in log.getvalue()


def test_workers_log_as_the_settings_say() -> None:
    """With a receiver of this signal Celery leaves logging alone; its own writes values down."""
    assert setup_logging.receivers
