"""Reading what clients said about handing codes on, and legal bases."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from care.schema.models import Client, Organisation
from care.schema.statements import Consent, LegalBasis, Objection

ENDS_SOON = timedelta(days=30)


@dataclass(frozen=True)
class StandingStatements:
    """What a client said about handing codes on that still stands.

    Consent is to the client's present insurer; `elsewhere` has that of each other insurer: the one that
    stands, or else the last one that was taken back.
    """

    objection: Objection | None
    consent: Consent | None
    taken_back: Consent | None = None
    elsewhere: tuple[Consent, ...] = ()


NOTHING_SAID = StandingStatements(objection=None, consent=None)


def standing_statements(client: Client) -> StandingStatements:
    """Return what stands of what a client said; of a consent that does not stand, that it was taken back."""
    last = _last_consents(client)
    own = last.pop(client.insurer_id, None)
    stands = own is not None and own.withdrawn_on is None
    return StandingStatements(
        objection=Objection.objects.filter(client=client, withdrawn_on__isnull=True).first(),
        consent=own if stands else None,
        taken_back=None if stands else own,
        elsewhere=tuple(sorted(last.values(), key=lambda consent: consent.insurer.name)),
    )


def _last_consents(client: Client) -> dict[int, Consent]:
    """Return by insurer the consent that stands, or else the last that was taken back."""
    rows = Consent.objects.filter(client=client).select_related("insurer")
    in_order = rows.order_by(F("withdrawn_on").asc(nulls_last=True), "pk")
    return {consent.insurer_id: consent for consent in in_order}


def consents_taken_back() -> QuerySet[Consent]:
    """Return the last consent per client and insurer that was withdrawn, where none was given anew."""
    same = Consent.objects.filter(client=OuterRef("client"), insurer=OuterRef("insurer"))
    later = Q(withdrawn_on__isnull=True) | Q(pk__gt=OuterRef("pk"))
    return Consent.objects.filter(~Exists(same.filter(later)), withdrawn_on__isnull=False)


def ending_bases(organisation: Organisation, today: date) -> list[LegalBasis]:
    """Return the legal bases that end within 30 days and that no other follows, soonest first."""
    bases = LegalBasis.objects.filter(organisation=organisation, valid_from__lte=today)
    ending = bases.filter(valid_until__gt=today, valid_until__lte=today + ENDS_SOON)
    goes_on = LegalBasis.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gt=OuterRef("valid_until")),
        organisation=organisation,
        insurer=OuterRef("insurer"),
        valid_from__lte=OuterRef("valid_until"),
    )
    return list(ending.exclude(Exists(goes_on)).select_related("insurer").order_by("valid_until", "id"))
