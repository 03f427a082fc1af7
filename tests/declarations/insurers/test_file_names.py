"""The names under which files go out."""

import pytest

from care.schema.models import Organisation
from declarations.delivery.manifest import manifest_name
from declarations.schema.constants import FileKind
from declarations.schema.models import DeclarationFile
from declarations.storage.file_names import download_name, file_name


def named(number: str, *, kind: FileKind = FileKind.RECEIVED, is_test: bool = False) -> DeclarationFile:
    organisation = Organisation(agb="75999001")
    return DeclarationFile(organisation=organisation, invoice_number=number, kind=kind, is_test=is_test)


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("F2024-01", "75999001-f2024-01-met-profielen.txt"),
        ("20240001", "75999001-20240001-met-profielen.txt"),
        ("R04", "75999001-r04-met-profielen.txt"),
        ("r04", "75999001-r04-1f9f11-met-profielen.txt"),
    ],
)
def test_a_name_is_the_number_in_small_letters(number: str, name: str) -> None:
    assert file_name(named(number)) == name


def test_two_invoices_never_share_a_name() -> None:
    numbers = [
        "R04",
        "r04",
        "A-1",
        "A.1",
        "A/1",
        "A 1",
        "a-1",
        "A-1-",
        "-A-1",
        "A--1",
        "É1",
        "--",
        "..",
        "aB",
        "Ab",
    ]
    for name in (file_name, manifest_name, download_name):
        names = {name(named(number)).lower() for number in numbers}
        assert len(names) == len(numbers)
    assert {file_name(named(number)).endswith(".txt") for number in numbers} == {True}
