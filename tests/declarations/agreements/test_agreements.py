"""Agreements as dated rows, the shipped code table, and the command add_legal_basis."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from care.accounts.organisations import set_phase
from care.consent.statements import end_legal_basis, record_legal_basis
from care.schema.constants import BasisKind, Phase
from care.schema.models import Insurer
from care.schema.statements import LegalBasis
from declarations.agreements import code_tables, services
from declarations.management.commands import add_legal_basis
from declarations.schema.agreement_models import Agreement, CodeTable
from declarations.schema.constants import DeliveryMode
from tests.actors import House
from tests.factories import people
from tests.profiles.dkdl import DKDL_2_0

AsOwner = Callable[[], AbstractContextManager[None]]
NEW_YEAR = date(2024, 1, 1)


def rows(house: House) -> list[tuple[date, date | None, bool]]:
    with house.scope():
        return list(
            Agreement.objects.order_by("valid_from").values_list("valid_from", "valid_until", "sending")
        )


def switch(house: House, insurer: Insurer, *, sending: bool, day: date) -> bool:
    with house.scope():
        recorded = services.switch(
            organisation=house.organisation, insurer=insurer, sending=sending, valid_from=day
        )
    return recorded.is_new


def test_it_sends_nothing_while_nothing_was_agreed(thuis: House, insurer: Insurer) -> None:
    with thuis.scope():
        assert services.in_force(organisation=thuis.organisation, insurer=insurer, day=NEW_YEAR) is None


def test_it_starts_with_the_example_table_in_the_file(thuis: House, insurer: Insurer) -> None:
    switch(thuis, insurer, sending=True, day=NEW_YEAR)
    with thuis.scope():
        agreed = services.in_force(organisation=thuis.organisation, insurer=insurer, day=NEW_YEAR)
    assert agreed is not None
    assert (agreed.sending, agreed.delivery_form) == (True, DeliveryMode.IN_FILE)
    assert agreed.code_table.is_example


def test_it_writes_a_change_as_a_new_row_that_ends_the_one_before(thuis: House, insurer: Insurer) -> None:
    switch(thuis, insurer, sending=True, day=NEW_YEAR)
    switch(thuis, insurer, sending=False, day=date(2024, 3, 1))
    assert rows(thuis) == [(NEW_YEAR, date(2024, 3, 1), True), (date(2024, 3, 1), None, False)]


def test_it_changes_nothing_when_it_is_so_already(thuis: House, insurer: Insurer) -> None:
    switch(thuis, insurer, sending=True, day=NEW_YEAR)
    assert not switch(thuis, insurer, sending=True, day=date(2024, 2, 1))
    assert rows(thuis) == [(NEW_YEAR, None, True)]


def test_it_replaces_what_begins_on_the_same_day(thuis: House, insurer: Insurer) -> None:
    switch(thuis, insurer, sending=True, day=NEW_YEAR)
    switch(thuis, insurer, sending=False, day=NEW_YEAR)
    assert rows(thuis) == [(NEW_YEAR, None, False)]


def test_it_lets_a_change_hold_until_the_next_one_that_is_planned(thuis: House, insurer: Insurer) -> None:
    switch(thuis, insurer, sending=True, day=date(2024, 6, 1))
    switch(thuis, insurer, sending=False, day=NEW_YEAR)
    assert rows(thuis) == [(NEW_YEAR, date(2024, 6, 1), False), (date(2024, 6, 1), None, True)]


def test_it_keeps_the_agreements_of_two_insurers_apart(thuis: House, insurer: Insurer) -> None:
    switch(thuis, insurer, sending=True, day=NEW_YEAR)
    switch(thuis, people.insurer(uzovi="9992"), sending=False, day=date(2024, 2, 1))
    assert rows(thuis) == [(NEW_YEAR, None, True), (date(2024, 2, 1), None, False)]


def test_it_shows_no_agreement_of_another_organisation(thuis: House, elders: House, insurer: Insurer) -> None:
    switch(elders, insurer, sending=True, day=NEW_YEAR)
    assert rows(thuis) == []


# The overview: where each basis stands, and what follows.


def overview(house: House, today: date) -> services.InsurerOverview:
    with house.scope():
        (only,) = services.overview(organisation=house.organisation, today=today)
    return only


def basis(house: House, insurer: Insurer, *, until: date | None = None) -> LegalBasis:
    with house.scope():
        made, _is_new = record_legal_basis(
            organisation=house.organisation,
            insurer=insurer,
            reference="Experiment 12",
            valid_from=NEW_YEAR,
            valid_until=until,
        )
    return made


@pytest.mark.parametrize(
    ("today", "standing"),
    [
        (date(2023, 12, 31), "begint op 1 januari 2024"),
        (NEW_YEAR, "loopt"),
        (date(2024, 5, 1), "loopt"),
        (date(2024, 5, 2), "eindigt binnen 30 dagen"),
        (date(2024, 5, 31), "eindigt binnen 30 dagen"),
        (date(2024, 6, 1), "is afgelopen"),
    ],
)
def test_it_says_where_a_basis_stands(thuis: House, insurer: Insurer, today: date, standing: str) -> None:
    basis(thuis, insurer, until=date(2024, 6, 1))
    (line,) = overview(thuis, today).bases
    assert line.standing == standing
    assert line.basis.last_day == date(2024, 5, 31)


def test_it_says_that_codes_go_along_only_with_basis_agreement_and_phase(
    thuis: House, insurer: Insurer
) -> None:
    basis(thuis, insurer)
    assert "verzenden staat uit" in overview(thuis, NEW_YEAR).verdict
    switch(thuis, insurer, sending=True, day=NEW_YEAR)
    assert overview(thuis, NEW_YEAR).is_sending
    with thuis.scope():
        set_phase(organisation=thuis.organisation, phase=Phase.REGISTER, valid_from=date(2024, 2, 1))
    later = overview(thuis, date(2024, 2, 1))
    assert not later.is_sending
    assert "fase ‘registreren’" in later.verdict


def test_it_says_so_when_sending_is_on_without_a_basis(thuis: House, insurer: Insurer) -> None:
    switch(thuis, insurer, sending=True, day=NEW_YEAR)
    alone = overview(thuis, NEW_YEAR)
    assert not alone.is_sending
    assert "geen grondslag" in alone.verdict


def test_it_lists_an_insurer_as_soon_as_a_client_is_insured_there(thuis: House, insurer: Insurer) -> None:
    with thuis.scope():
        people.client(thuis.north, insurer=insurer)
    assert overview(thuis, NEW_YEAR).insurer == insurer


# The shipped code table.


def test_it_ships_an_example_table_for_every_profile() -> None:
    shipped = code_tables.read()
    assert shipped.codes.keys() == DKDL_2_0.labels.keys()
    assert (shipped.list_code, shipped.time_unit) == ("990", "00")
    assert (shipped.codes["DKDL-01"], shipped.codes["TIJDELIJK"]) == ("DK01", "TYD")
    assert len(set(shipped.codes.values())) == len(shipped.codes)


def test_it_loads_the_example_table_with_the_migrations_for_everybody(thuis: House) -> None:
    with thuis.scope():
        loaded = code_tables.example()
    assert loaded.is_example
    assert loaded.codes == code_tables.read().codes


def test_it_loads_the_same_table_once(db: None, as_owner: AsOwner) -> None:
    with as_owner():
        code_tables.load_example(code_tables.read())
        code_tables.after_migrate(using="default")
        assert CodeTable.objects.filter(organisation=None).count() == 1


def test_it_refuses_a_changed_table_under_the_same_version(db: None, as_owner: AsOwner) -> None:
    changed = replace(code_tables.read(), time_unit="04")
    with as_owner(), pytest.raises(code_tables.ChangedCodeTableError, match="Draagvlak 1"):
        code_tables.load_example(changed)


def test_it_never_changes_a_table_that_was_loaded(db: None, as_owner: AsOwner) -> None:
    with as_owner(), pytest.raises(DatabaseError, match="do not change"), transaction.atomic():
        CodeTable.objects.filter(organisation=None).update(time_unit="04")


# add_legal_basis


def run(house: House, *more: str, uzovi: str = "9991", reference: str = "Experiment 12") -> None:
    call_command(
        "add_legal_basis",
        f"--organisation={house.organisation.agb}",
        f"--uzovi={uzovi}",
        f"--reference={reference}",
        *more,
    )


def bases(house: House) -> list[tuple[str, date, date | None]]:
    with house.scope():
        return list(LegalBasis.objects.values_list("reference", "valid_from", "valid_until").order_by("id"))


def test_it_records_basis_and_agreement(
    thuis: House, insurer: Insurer, capsys: pytest.CaptureFixture[str]
) -> None:
    run(thuis, "--from=2024-01-01", "--until=2025-01-01")
    assert bases(thuis) == [("Experiment 12", NEW_YEAR, date(2025, 1, 1))]
    assert rows(thuis) == [(NEW_YEAR, None, True)]
    said = capsys.readouterr().out
    assert "vastgelegd" in said
    assert "geldt tot en met 31 december 2024" in said


def test_it_records_the_same_once(thuis: House, insurer: Insurer, capsys: pytest.CaptureFixture[str]) -> None:
    run(thuis, "--from=2024-01-01")
    capsys.readouterr()
    run(thuis, "--from=2024-01-01")
    assert "niets veranderd" in capsys.readouterr().out
    assert len(bases(thuis)) == len(rows(thuis)) == 1


def test_it_leaves_an_agreement_that_exists_as_it_is(
    thuis: House, insurer: Insurer, capsys: pytest.CaptureFixture[str]
) -> None:
    switch(thuis, insurer, sending=False, day=date(2024, 6, 1))
    run(thuis, "--from=2024-01-01")
    assert rows(thuis) == [(date(2024, 6, 1), None, False)]
    assert "Let op" in capsys.readouterr().out


def test_it_does_not_undo_an_end_that_somebody_set(thuis: House, insurer: Insurer) -> None:
    ended = basis(thuis, insurer)
    with thuis.scope():
        end_legal_basis(basis=ended, valid_until=date(2024, 3, 1))
    run(thuis, "--from=2024-01-01")
    assert bases(thuis) == [("Experiment 12", NEW_YEAR, date(2024, 3, 1))]


def test_it_moves_the_end_when_another_is_named(
    thuis: House, insurer: Insurer, capsys: pytest.CaptureFixture[str]
) -> None:
    run(thuis, "--from=2024-01-01")
    run(thuis, "--from=2024-01-01", "--until=2024-03-01")
    assert bases(thuis) == [("Experiment 12", NEW_YEAR, date(2024, 3, 1))]
    assert "einde is aangepast" in capsys.readouterr().out


def test_it_leaves_the_kind_of_a_known_basis(thuis: House, insurer: Insurer) -> None:
    with thuis.scope():
        record_legal_basis(
            organisation=thuis.organisation,
            insurer=insurer,
            reference="Wet 1",
            valid_from=NEW_YEAR,
            kind=BasisKind.STATUTE,
        )
    run(thuis, "--from=2024-01-01", reference="Wet 1")
    with thuis.scope():
        assert LegalBasis.objects.get().kind == BasisKind.STATUTE


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--from=2024-01-01", "--until=2024-01-01"], "einddatum"),
        (["--from=2024-01-01", "--uzovi=9998"], "UZOVI-nummer 9998"),
        (["--from=2024-01-01", "--organisation=49999999"], "AGB-code 49999999"),
    ],
)
def test_it_refuses_what_cannot_be(
    thuis: House,
    insurer: Insurer,
    arguments: list[str],
    sentence: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as left:
        run(thuis, *arguments)
    assert left.value.code == 1
    assert sentence in capsys.readouterr().err
    assert bases(thuis) == []
    assert rows(thuis) == []


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--from=1-1-2024"],
        ["--from=2024-02-30"],
        ["--from=2024-01-01", "--uzovi=991"],
        ["--from=2024-01-01", "--organisation=1234567x"],
        ["--from=2024-01-01", "--reference= "],
    ],
)
def test_it_does_not_take_wrong_use(thuis: House, insurer: Insurer, arguments: list[str]) -> None:
    named = [f"--organisation={thuis.organisation.agb}", "--uzovi=9991", "--reference=Experiment 12"]
    with pytest.raises(SystemExit) as left:
        add_legal_basis.Command().run_from_argv(["manage.py", "add_legal_basis", *named, *arguments])
    assert left.value.code == 2
    assert bases(thuis) == []
