"""An insurer that joins the register after files were read in for it is named in them."""

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from care.accounts import organisations
from care.schema.models import Insurer
from declarations.schema.models import DeclarationFile
from tests.database import by_hand
from tests.declarations.office import Office

pytestmark = pytest.mark.django_db
UZOVI = "9997"


def insert() -> None:
    Insurer(uzovi=UZOVI, name="Verzekeraar").save()


def nameless(office: Office) -> DeclarationFile:
    """Return a file for an insurer that is not in the register yet."""
    file = office.imported()
    with office.facts():
        DeclarationFile.objects.filter(pk=file.pk).update(uzovi=UZOVI, insurer=None)
    return file


def test_the_command_names_it_in_the_files_of_everybody(office: Office, office_elsewhere: Office) -> None:
    files = [(one, nameless(one)) for one in (office, office_elsewhere)]
    call_command("add_insurer", UZOVI, "Verzekeraar")
    assert [one.fresh(file).insurer.uzovi for one, file in files] == [UZOVI, UZOVI]  # type: ignore[union-attr]


def test_another_name_changes_nothing(office: Office) -> None:
    file = office.imported()
    before = office.fresh(file).insurer_id
    organisations.add_insurer(uzovi=file.uzovi, name="Een andere naam")
    assert office.fresh(file).insurer_id == before


def test_who_goes_past_the_service_is_refused(office: Office) -> None:
    nameless(office)
    with pytest.raises(IntegrityError, match="use add_insurer"):
        by_hand(insert)


def test_by_hand_it_can_be_added_where_no_file_waits_for_it(office: Office) -> None:
    by_hand(insert)
    assert Insurer.objects.filter(uzovi=UZOVI).exists()
