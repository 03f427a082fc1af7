"""The demo's second organisation, where an insurer gets its profiles in a file of its own, by consent."""

from datetime import date, timedelta

from care.accounts import phases
from care.consent import evidence, receivers, statements
from care.schema.constants import BasisKind, Phase
from care.schema.models import Client, Insurer, Organisation, User
from care.schema.statements import LegalBasis
from care.tenancy.commands import ImportProblems, Row
from declarations.agreements import code_table_versions, code_tables
from declarations.agreements import services as agreements
from declarations.schema.agreement_models import CodeTable
from declarations.schema.constants import DeliveryMode

CONSENTS = 5
ENDS_IN = timedelta(days=20)


def by_consent(
    organisation: Organisation, insurer: Insurer, *, addressee: Insurer, today: date
) -> list[Client]:
    """Agree on separate files with codes of their own, by consent; return who consents, all but the last.

    Files are addressed to another insurer of the same concern (`addressee`). The basis ends within a month,
    so that this is announced; what the last says, comes after a file went.
    """
    begins = date(today.year - 1, 1, 1)
    basis, _new = statements.record_legal_basis(
        organisation=organisation,
        insurer=insurer,
        reference="Toestemmingsformulier cliëntprofielen",
        valid_from=begins,
        valid_until=today + ENDS_IN,
        kind=BasisKind.CONSENT,
    )
    receivers.record_receiver(
        organisation=organisation, addressee=addressee, insurer=insurer, valid_from=begins
    )
    evidence.add_evidence(basis=basis, location="Archief kwaliteit, map 12", user=None)
    agreements.change(
        organisation=organisation,
        insurer=insurer,
        terms=agreements.AgreementTerms(
            sending=True, delivery_form=DeliveryMode.SEPARATE, code_table=_table(organisation, today)
        ),
        valid_from=begins,
    )
    clients = list(
        Client.objects.filter(organisation=organisation, insurer=insurer).order_by("id")[:CONSENTS]
    )
    for client in clients[:-1]:
        consent(client, today=today)
    return clients


def consent(client: Client, *, today: date, user: User | None = None) -> None:
    """Let a client consent since a year."""
    day = max(client.in_care_from, today - timedelta(days=365))
    statements.record_consent(client=client, insurer=client.insurer, day=min(day, today), user=user)


def _table(organisation: Organisation, today: date) -> CodeTable:
    """Take in a table of the insurer's own: codes that begin otherwise."""
    shipped = code_tables.example().codes
    rows = (
        Row(line, (profile, "990", f"W{number:02d}", "00"))
        for line, (number, profile) in enumerate(enumerate(sorted(shipped), 1), 2)
    )
    taken = code_table_versions.take_in(
        organisation=organisation,
        name="Waterkant",
        version=str(today.year),
        rows=rows,
        problems=ImportProblems(),
    )
    return taken.table


def plan_contract(organisation: Organisation, *, today: date) -> None:
    """Plan the last phase, and keep where the agreement with the first insurer lies."""
    phases.plan_phases(
        organisation=organisation,
        starts={Phase.CONTRACT: date(today.year + 1, 7, 1)},
        today=today,
        user=None,
    )
    basis = LegalBasis.objects.filter(organisation=organisation).order_by("id")[0]
    evidence.add_evidence(basis=basis, location="Contractarchief, overeenkomst 14", user=None)
