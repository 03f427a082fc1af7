"""What an organisation agreed with insurers about sending codes on, as rows with dates.

Nothing agreed means nothing is sent on. A change is a new row that ends the one before it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from care.accounts.selectors import DECLARING_PHASES, phase_on
from care.consent import statements
from care.consent.selectors import ENDS_SOON
from care.schema.constants import BasisKind, Phase
from care.schema.models import Client, Insurer, Organisation
from care.schema.statements import LegalBasis
from declarations.agreements import code_tables
from declarations.schema.agreement_models import Agreement, CodeTable
from declarations.schema.constants import DeliveryMode

SENDING_PHASES = DECLARING_PHASES


@dataclass(frozen=True, slots=True)
class AgreementTerms:
    """What is agreed: whether codes are sent on, how, and by which table."""

    sending: bool
    delivery_form: str
    code_table: CodeTable


@dataclass(frozen=True, slots=True)
class Recorded:
    """An agreement, and whether it had to be written."""

    agreement: Agreement
    is_new: bool


@dataclass(frozen=True, slots=True)
class RecordedBasis:
    """A legal basis, and what recording it changed."""

    basis: LegalBasis
    is_new: bool
    is_moved: bool
    agreement_is_new: bool


def in_force(*, organisation: Organisation, insurer: Insurer, day: date) -> Agreement | None:
    """Return the agreement with an insurer on a day."""
    return _of_pair(organisation, insurer).filter(holds_on(day)).select_related("code_table").first()


def holds_on(day: date) -> Q:
    """Return the condition "in force on a day", for agreements and legal bases alike."""
    return Q(valid_from__lte=day) & (Q(valid_until__isnull=True) | Q(valid_until__gt=day))


def _of_pair(organisation: Organisation, insurer: Insurer) -> QuerySet[Agreement]:
    return Agreement.objects.filter(organisation=organisation, insurer=insurer)


@transaction.atomic
def record_basis(
    *,
    organisation: Organisation,
    insurer: Insurer,
    reference: str,
    valid_from: date,
    valid_until: date | None = None,
) -> RecordedBasis:
    """Record a legal basis, and with it the first agreement with that insurer. Twice changes nothing.

    An end that somebody set is moved by naming another, never undone by naming none.
    Raises ValidationError for an end before the beginning.
    """
    known = LegalBasis.objects.filter(
        organisation=organisation, insurer=insurer, reference=reference.strip(), valid_from=valid_from
    ).first()
    basis, is_new = statements.record_legal_basis(
        organisation=organisation,
        insurer=insurer,
        reference=reference,
        valid_from=valid_from,
        valid_until=valid_until or (known.valid_until if known else None),
        kind=BasisKind(known.kind) if known else BasisKind.CONTRACT,
    )
    agreed = agree_once(organisation=organisation, insurer=insurer, valid_from=valid_from)
    is_moved = known is not None and known.valid_until != basis.valid_until
    return RecordedBasis(basis, is_new, is_moved, agreed.is_new)


@transaction.atomic
def agree_once(*, organisation: Organisation, insurer: Insurer, valid_from: date) -> Recorded:
    """Record "sending on, in the file, example code table" from a day on, unless anything was ever agreed."""
    _lock(organisation)
    earliest = _of_pair(organisation, insurer).order_by("valid_from").first()
    if earliest is not None:
        return Recorded(earliest, is_new=False)
    terms = AgreementTerms(sending=True, delivery_form=DeliveryMode.IN_FILE, code_table=code_tables.example())
    return Recorded(_write(organisation, insurer, terms, valid_from, None), is_new=True)


def has_no_agreement_at_first(basis: LegalBasis) -> bool:
    """Tell whether no agreement holds on the first day of a basis, so that it cannot be used from there."""
    return not _of_pair(basis.organisation, basis.insurer).filter(holds_on(basis.valid_from)).exists()


@transaction.atomic
def change(
    *, organisation: Organisation, insurer: Insurer, terms: AgreementTerms, valid_from: date
) -> Recorded:
    """Let other terms hold from a day on, until the next agreement that is recorded already.

    The agreement of that day ends there; one that begins on that very day makes way.
    """
    _lock(organisation)
    before = in_force(organisation=organisation, insurer=insurer, day=valid_from)
    if before is not None and _terms_of(before) == terms:
        return Recorded(before, is_new=False)
    until = before.valid_until if before else _first_after(organisation, insurer, valid_from)
    if before is not None:
        _end(before, valid_from)
    return Recorded(_write(organisation, insurer, terms, valid_from, until), is_new=True)


@transaction.atomic
def switch(*, organisation: Organisation, insurer: Insurer, sending: bool, valid_from: date) -> Recorded:
    """Switch sending on or off from a day on; form and code table stay as they were agreed.

    Where nothing was agreed yet: in the file, with the example code table.
    """
    before = in_force(organisation=organisation, insurer=insurer, day=valid_from)
    terms = AgreementTerms(
        sending=sending,
        delivery_form=before.delivery_form if before else DeliveryMode.IN_FILE,
        code_table=before.code_table if before else code_tables.example(),
    )
    return change(organisation=organisation, insurer=insurer, terms=terms, valid_from=valid_from)


def _first_after(organisation: Organisation, insurer: Insurer, day: date) -> date | None:
    coming = _of_pair(organisation, insurer).filter(valid_from__gt=day).order_by("valid_from")
    return coming.values_list("valid_from", flat=True).first()


def _lock(organisation: Organisation) -> None:
    # Two changes at once would each end the same row.
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)


def _terms_of(agreement: Agreement) -> AgreementTerms:
    return AgreementTerms(agreement.sending, agreement.delivery_form, agreement.code_table)


def _end(agreement: Agreement, day: date) -> None:
    if agreement.valid_from == day:
        agreement.delete()
        return
    agreement.valid_until = day
    agreement.save(update_fields=["valid_until"])


def _write(
    organisation: Organisation, insurer: Insurer, terms: AgreementTerms, valid_from: date, until: date | None
) -> Agreement:
    return Agreement.objects.create(
        organisation=organisation,
        insurer=insurer,
        sending=terms.sending,
        delivery_form=terms.delivery_form,
        code_table=terms.code_table,
        valid_from=valid_from,
        valid_until=until,
    )


@dataclass(frozen=True, slots=True)
class BasisLine:
    """A legal basis and where it stands today: `status` names the look, `standing` says it."""

    basis: LegalBasis
    status: str
    standing: str

    @property
    def can_end(self) -> bool:
        """Tell whether there is an end to set: not for one that is over."""
        return self.status != "ended"

    def asks_on(self, day: date) -> bool:
        """Tell whether it says on a day that each client is asked for consent."""
        basis = self.basis
        return basis.kind == BasisKind.CONSENT and _holds(basis.valid_from, basis.valid_until, day)


@dataclass(frozen=True, slots=True)
class InsurerOverview:
    """All that is recorded about sending codes to one insurer, and what follows from it today."""

    insurer: Insurer
    bases: tuple[BasisLine, ...]
    now: Agreement | None
    coming: tuple[Agreement, ...]
    past: tuple[Agreement, ...]
    is_sending: bool
    verdict: str


def overview(*, organisation: Organisation, today: date) -> list[InsurerOverview]:
    """Return every insurer that the organisation has clients, a basis or an agreement with."""
    bases = LegalBasis.objects.filter(organisation=organisation).order_by("-valid_from", "-id")
    agreed = (
        Agreement.objects.filter(organisation=organisation)
        .select_related("code_table")
        .order_by("valid_from")
    )
    phase = phase_on(organisation, today)
    return [
        _overview_of(
            insurer,
            [basis for basis in bases if basis.insurer_id == insurer.pk],
            [agreement for agreement in agreed if agreement.insurer_id == insurer.pk],
            phase,
            today,
        )
        for insurer in insurers_of(organisation)
    ]


def insurers_of(organisation: Organisation) -> QuerySet[Insurer]:
    """Return the insurers that an organisation has clients, a basis or an agreement with, by number."""
    return Insurer.objects.filter(
        Q(pk__in=Client.objects.filter(organisation=organisation).values("insurer"))
        | Q(pk__in=LegalBasis.objects.filter(organisation=organisation).values("insurer"))
        | Q(pk__in=Agreement.objects.filter(organisation=organisation).values("insurer"))
    ).order_by("uzovi")


def _overview_of(
    insurer: Insurer, bases: Iterable[LegalBasis], agreed: list[Agreement], phase: Phase, today: date
) -> InsurerOverview:
    lines = tuple(_line(basis, today) for basis in bases)
    now = next((one for one in agreed if _holds(one.valid_from, one.valid_until, today)), None)
    has_basis = any(_covers_all(line.basis, today) for line in lines)
    is_sending = phase in SENDING_PHASES and now is not None and now.sending and has_basis
    return InsurerOverview(
        insurer=insurer,
        bases=lines,
        now=now,
        coming=tuple(one for one in agreed if one.valid_from > today),
        past=tuple(one for one in reversed(agreed) if one.valid_until and one.valid_until <= today),
        is_sending=is_sending,
        verdict=_verdict(phase, now, has_basis=has_basis, asks=any(line.asks_on(today) for line in lines)),
    )


def _covers_all(basis: LegalBasis, day: date) -> bool:
    """Tell whether a basis holds on a day for every client; one of consent only says how they are asked."""
    return basis.kind != BasisKind.CONSENT and _holds(basis.valid_from, basis.valid_until, day)


def _holds(valid_from: date, valid_until: date | None, day: date) -> bool:
    return valid_from <= day and (valid_until is None or day < valid_until)


def _verdict(phase: Phase, now: Agreement | None, *, has_basis: bool, asks: bool) -> str:
    if phase not in SENDING_PHASES:
        return _("Er gaat niets mee: je organisatie is in de fase ‘%(phase)s’.") % {"phase": phase.label}
    if now is None or not now.sending:
        return _("Er gaat niets mee: verzenden staat uit.")
    if not has_basis and asks:
        return _("Alleen van cliënten die zelf toestemming gaven, gaat de code mee.")
    if not has_basis:
        return _("Er loopt geen grondslag. Alleen van cliënten die zelf toestemming gaven, gaat de code mee.")
    return _("De profielcode gaat mee bij de declaratie, behalve van cliënten die bezwaar maakten.")


def _line(basis: LegalBasis, today: date) -> BasisLine:
    until = basis.valid_until
    if basis.valid_from > today:
        return BasisLine(basis, "queued", _("begint op %(day)s") % {"day": date_format(basis.valid_from)})
    if until is not None and until <= today:
        return BasisLine(basis, "ended", _("is afgelopen"))
    if until is not None and until - today <= ENDS_SOON:
        return BasisLine(basis, "due", _("eindigt binnen 30 dagen"))
    return BasisLine(basis, "current", _("loopt"))
