"""What stands in the database is no plain text, cannot be altered, and cannot be moved."""

import os

import pytest
from django.db import connection
from django.db.models import BinaryField, Value
from django.db.models.functions import Cast
from pytest_django import Settings

from care.schema import crypto
from care.schema.models import Client
from tests.actors import House
from tests.factories import people

COLUMNS = ("bsn", "surname", "initials", "prefix", "insured_number")


def client(house: House) -> Client:
    return people.client(
        house.north, surname="Wilgenhof", initials="Q.Z.", prefix="van den", insured_number="4433221100"
    )


def stored(column: str) -> bytes:
    raw = Client.objects.values_list(Cast(column, BinaryField()), flat=True).get()
    return bytes(raw)


def store(column: str, token: bytes) -> None:
    Client.objects.update(**{column: Value(token, output_field=BinaryField())})


def test_the_whole_row_holds_no_plain_text(thuis: House) -> None:
    with thuis.scope(), connection.cursor() as cursor:
        made = client(thuis)
        cursor.execute("select care_client::text from care_client")
        text = cursor.fetchone()[0]
        raw = b"".join(stored(column) for column in (*COLUMNS, "bsn_hash"))
    for secret in (getattr(made, column) for column in COLUMNS):
        assert secret not in text
        assert secret.encode() not in raw
        assert secret.encode().hex() not in text


def test_equal_values_are_stored_differently(thuis: House) -> None:
    with thuis.scope():
        people.client(thuis.north, surname="Gelijk", initials="Gelijk")
        assert stored("surname") != stored("initials")
        first = stored("surname")
        Client.objects.get().save()
        assert stored("surname") != first


@pytest.mark.parametrize("column", COLUMNS)
def test_a_token_that_was_altered_is_refused(thuis: House, column: str) -> None:
    with thuis.scope():
        client(thuis)
        token = bytearray(stored(column))
        token[-1] ^= 1
        store(column, bytes(token))
        with pytest.raises(crypto.UnreadableValueError):
            Client.objects.get()


def test_a_token_of_another_column_is_refused(thuis: House) -> None:
    with thuis.scope():
        client(thuis)
        store("surname", stored("initials"))
        with pytest.raises(crypto.UnreadableValueError):
            Client.objects.get()


def test_every_byte_of_a_token_counts() -> None:
    token = crypto.encrypt(b"geheim", purpose="a.b")
    assert crypto.decrypt(token, purpose="a.b") == b"geheim"
    for place in range(len(token)):
        altered = bytearray(token)
        altered[place] ^= 1
        with pytest.raises(crypto.UnreadableValueError):
            crypto.decrypt(bytes(altered), purpose="a.b")


@pytest.mark.parametrize("length", range(40))
def test_a_token_that_was_cut_off_is_refused(length: int) -> None:
    token = crypto.encrypt(b"een wat langer geheim", purpose="a.b")
    with pytest.raises(crypto.UnreadableValueError):
        crypto.decrypt(token[:length], purpose="a.b")


def test_a_new_key_writes_and_the_old_one_still_reads(settings: Settings) -> None:
    old = settings.FIELD_KEYS
    token = crypto.encrypt(b"geheim", purpose="a.b")
    settings.FIELD_KEYS = {"new": os.urandom(32)} | old
    assert crypto.decrypt(token, purpose="a.b") == b"geheim"
    fresh = crypto.encrypt(b"geheim", purpose="a.b")
    assert fresh[2:5] == b"new"
    settings.FIELD_KEYS = old
    with pytest.raises(crypto.UnreadableValueError):
        crypto.decrypt(fresh, purpose="a.b")


def test_a_hash_of_a_bsn_is_of_no_use_in_another_organisation() -> None:
    bsn = people.bsn()
    assert crypto.bsn_hash(bsn, organisation_id=1) == crypto.bsn_hash(bsn, organisation_id=1)
    assert crypto.bsn_hash(bsn, organisation_id=1) != crypto.bsn_hash(bsn, organisation_id=2)
    assert len(crypto.bsn_hash(bsn, organisation_id=1)) == 32
