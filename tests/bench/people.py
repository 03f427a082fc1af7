"""The files that are interrupted, by the number that they have, and the insured persons in them.

Most have the same ten persons, who were there from the beginning. What goes apart never goes twice for a day,
so such a file has ten of its own, who come in with it: needs Django set up.
"""

import re
from datetime import date
from itertools import islice
from pathlib import Path

from config import environment
from declarations.aw319 import sample_files
from tests.bench.installation import (
    AGB,
    ANAMNESES_FILE,
    CLIENTS_FILE,
    UZOVI,
    spec,
    write_people,
)

PERSONS = 10
#: How a file is called whose profiles go in it, one whose profiles come late, one of which it was agreed so.
ALONG, LATE, APART = "FOUT", "LAAT", "APART"
#: With whom it was agreed.
APART_UZOVI, AGREED_FROM = "9992", date(2020, 1, 1)
DIGITS = re.compile(r"[0-9]+$")


def goes_apart(number: str) -> bool:
    """Tell whether the profiles of a file go in another one."""
    return number.startswith((LATE, APART))


def uzovi_of(number: str) -> str:
    """Return to whom a file is addressed (0108)."""
    return APART_UZOVI if number.startswith(APART) else UZOVI


def people_of(number: str) -> list[sample_files.SampleInsured]:
    """Return the insured persons of a file."""
    at = PERSONS * int(DIGITS.findall(number)[0]) if goes_apart(number) else 0
    everybody = sample_files.population(spec(number, uzovi_of(number)), sample_files.Population(at + PERSONS))
    return list(islice(everybody, at, None))


def content_of(number: str) -> bytes:
    """Return the file with an invoice number."""
    return b"".join(sample_files.build(spec(number, uzovi_of(number)), people_of(number)))


def let_come(number: str) -> None:
    """Take the persons of a file in as clients."""
    write_people(_folder(number), people_of(number))
    _take_in("import_clients", number, CLIENTS_FILE)


def let_be_assessed(number: str) -> None:
    """Take in an anamnese of each of them."""
    _take_in("import_anamneses", number, ANAMNESES_FILE)


def agree_apart() -> None:
    """Let it be agreed with one insurer that profiles go in files of their own."""
    from care.schema.models import Insurer, Organisation
    from care.tenancy import scope
    from declarations.agreements import code_tables, services
    from declarations.schema.constants import DeliveryMode

    whose = Organisation.objects.get(agb=AGB)
    with scope.organisation(whose.pk):
        services.change(
            organisation=whose,
            insurer=Insurer.objects.get(uzovi=APART_UZOVI),
            terms=services.AgreementTerms(
                sending=True, delivery_form=DeliveryMode.SEPARATE, code_table=code_tables.example()
            ),
            valid_from=AGREED_FROM,
        )


def _take_in(command: str, number: str, name: str) -> None:
    from django.core.management import call_command

    with Path("/dev/null").open("w") as nowhere:
        call_command(command, str(_folder(number) / name), "--organisation", AGB, stdout=nowhere)


def _folder(number: str) -> Path:
    folder = environment.var_folder() / number
    folder.mkdir(exist_ok=True)
    return folder
