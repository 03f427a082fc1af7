"""The decision against the oracle: a sample of what is measured at length, and some through the database."""

from dataclasses import replace
from itertools import count
from random import Random

import pytest

from care.schema.models import Client, Insurer, PhasePeriod
from care.schema.periods import CarePeriod
from care.schema.receivers import Receiver
from care.schema.statements import Consent, LegalBasis, Objection
from declarations.agreements import code_tables
from declarations.aw319 import sample_files
from declarations.decisions.decision import Decision
from declarations.decisions.stored import detail_from_json
from declarations.matching.after_export import records_of
from declarations.schema.agreement_models import Agreement, CodeTable
from declarations.schema.constants import AttachmentState, Reason
from declarations.schema.models import Attachment, DeclarationFile
from profiles.schema.models import ClientProfile
from tests.bench import lawfulness
from tests.declarations import fictional, worlds
from tests.declarations.fictional import care, credit, insured, zero
from tests.declarations.office import Office
from tests.declarations.oracle import differences
from tests.declarations.worlds import Line, Rules, World
from tests.factories import anamneses, people

SAMPLE = 500
ORGANISATIONS, PERSONS = 3, 8


def test_no_code_is_said_that_may_not_be_and_none_is_kept_that_may() -> None:
    wrong, kinds = lawfulness.compared(SAMPLE)
    assert wrong == 0
    assert {kind.split()[0] for kind in kinds} == {"attached", "held", "excluded"}
    assert len(kinds) > 12


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(ORGANISATIONS))
def test_the_facts_are_gathered_as_they_were_written(office: Office, seed: int) -> None:
    """Through a file, the queue and the database; the rules are those of one organisation for all persons."""
    random = Random(seed)  # noqa: S311 - not for secrets
    rules = worlds.random_rules(random)
    people_of = [_fit(worlds.random_world(random, rules, corrected=0)) for _ in range(PERSONS)]
    _write_rules(office, rules)
    numbers = [_write_person(office, number, world) for number, world in enumerate(people_of)]
    file = office.take_in(_content(office, people_of, to_another=rules.receivers is not None))
    office.attach(file)
    for number, (world, profiles) in enumerate(zip(people_of, numbers, strict=True)):
        found = differences(world, _outcome(office, file, number + 1, profiles))
        assert not found, f"seed {seed} person {number}: {found}"


def _fit(world: World) -> World:
    """Leave out what only an officer decides, and what the checker does not let in."""
    lines = tuple(line for line in world.lines if not line.is_taken_back) or (
        Line(worlds.day(3), worlds.day(9)),
    )
    return replace(world, lines=lines, has_number=True, attach_rest=False)


def _write_rules(office: Office, rules: Rules) -> None:
    with office.facts():
        house = office.house.organisation
        for model in (Agreement, LegalBasis, PhasePeriod):
            model.objects.all().delete()
        insurer, other = Insurer.objects.get(uzovi="9991"), people.insurer(uzovi="9992")
        for number, (first, until) in enumerate(rules.bases):
            LegalBasis.objects.create(
                organisation=house,
                insurer=insurer,
                reference=f"Basis {number}",
                valid_from=first,
                valid_until=until,
            )
        for first, until in dict(rules.receivers or ()).items():
            Receiver.objects.create(
                organisation=house, addressee=other, insurer=insurer, valid_from=first, valid_until=until
            )
        for first, phase in rules.phases:
            PhasePeriod.objects.create(organisation=house, phase=phase, valid_from=first)
        for number, one in enumerate(rules.agreements):
            Agreement.objects.create(
                organisation=house,
                insurer=insurer,
                code_table=_table(office, number, one.table),
                sending=one.sending,
                delivery_form=one.form,
                valid_from=one.first,
                valid_until=one.until,
            )


def _table(office: Office, number: int, codes: dict[str, str]) -> CodeTable:
    return CodeTable.objects.create(
        organisation=office.house.organisation,
        name="Proef",
        version=str(number),
        list_code="990",
        time_unit=code_tables.example().time_unit,
        codes=codes,
    )


def _write_person(office: Office, number: int, world: World) -> dict[int, int]:
    """Write what is known of a person; return the number of the anamnese of each profile."""
    if world.born is None:
        return {}
    with office.facts():
        client = people.client(
            office.house.north,
            bsn=fictional.BSNS[number],
            date_of_birth=world.born,
            in_care_from=worlds.LONG_AGO,
        )
        _write_statements(client, world)
        made: dict[int, ClientProfile] = {}
        for one in world.anamneses:
            made[one.number] = (
                anamneses.corrected(made[one.corrects], office.nurse, code=one.code)
                if one.corrects
                else anamneses.finished(client, office.nurse, day=one.day, code=one.code)
            )
        CarePeriod.objects.filter(client=client).delete()
        for stay in world.care:
            CarePeriod.objects.create(organisation_id=client.organisation_id, client=client, period=stay)
    return {profile.pk: anamnese for anamnese, profile in made.items()}


def _write_statements(client: Client, world: World) -> None:
    about = {"organisation_id": client.organisation_id, "client": client}
    for given, withdrawn in world.consents:
        Consent.objects.create(**about, insurer=client.insurer, given_on=given, withdrawn_on=withdrawn)
    for made, withdrawn in world.objections:
        Objection.objects.create(**about, made_on=made, withdrawn_on=withdrawn)


def _content(office: Office, people_of: list[World], *, to_another: bool) -> bytes:
    spec = replace(
        fictional.SPEC,
        agb=office.house.organisation.agb,
        uzovi="9992" if to_another else "9991",
        period_last=worlds.day(worlds.LAST_DAY),
        invoice_date=worlds.day(worlds.LAST_DAY),
    )
    earlier = (f"F2023-12 {number:04d}" for number in count(1))
    persons = [
        insured(
            number,
            *(_performance(line, next(earlier)) for line in world.lines),
            date_of_birth=world.born_in_file,
        )
        for number, world in enumerate(people_of)
    ]
    return fictional.content(*persons, spec=spec)


def _performance(line: Line, earlier: str) -> sample_files.Care:
    days = line.first.isoformat(), line.last.isoformat()
    if not line.is_debit:
        return credit(*days, earlier_reference=earlier)
    if line.is_zero:
        return zero(*days, list_code=line.list_code, code=line.code)
    return care(*days)


def _outcome(office: Office, file: DeclarationFile, number: int, profiles: dict[int, int]) -> Decision:
    """Return what was decided on a person, with the profiles by the numbers of their anamneses."""
    with office.facts():
        item = Attachment.objects.get(file=file, number=number)
        written = records_of([item.pk]).get(item.pk, [])
    detail = detail_from_json(item.detail)
    records = tuple(replace(record, profile_id=profiles[record.profile_id]) for record in written)
    return Decision(
        state=AttachmentState(item.state),
        reason=Reason(item.reason),
        missing=detail.missing,
        left_out=detail.left_out,
        records=records,
    )
