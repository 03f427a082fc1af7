"""Reads what is known about the persons of a batch: a fixed number of queries, however many persons."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Q

from care.accounts.selectors import declaring_periods
from care.days import Period
from care.schema.constants import BasisKind
from care.schema.facts import fact_tables
from care.schema.models import Client, Insurer
from care.schema.periods import CarePeriod
from care.schema.receivers import Receiver
from care.schema.statements import Consent, LegalBasis, Objection
from declarations.decisions.decision import Decision, as_correction, decide, decide_late
from declarations.decisions.inputs import Insured, KnownClient, SendingConditions, SendingTerms
from declarations.decisions.stored import performances_from_json
from declarations.schema.agreement_models import Agreement
from declarations.schema.constants import AttachmentKind, DeliveryMode
from profiles.timeline.selectors import profiles_of

# Every table that a decision rests on; a look at them tells cheaply whether anything was written.
COLUMNS = (
    "id",
    "kind",
    "number",
    "state",
    "reason",
    "detail",
    "bsn_hash",
    "uzovi",
    "date_of_birth",
    "performances",
    "told_deceased",
    "attach_rest",
    "client_id",
    "file__uzovi",
)


@dataclass(frozen=True, slots=True)
class Item:
    """A row of the queue as a decision needs it: `uzovi` is its 0204, `addressee` its file's 0108."""

    id: int
    kind: str
    number: int
    state: str
    reason: str
    detail: dict[str, Any]
    bsn_hash: bytes | None
    uzovi: str
    date_of_birth: date | None
    performances: list[list[Any]]
    told_deceased: bool
    attach_rest: bool
    client_id: int | None
    addressee: str

    @property
    def insured(self) -> Insured:
        """What the file says about the person."""
        return Insured(
            has_number=self.bsn_hash is not None,
            date_of_birth=self.date_of_birth,
            performances=performances_from_json(self.performances),
            attach_rest=self.attach_rest,
        )


@dataclass(frozen=True, slots=True)
class Decided:
    """An item with its outcome and the client that it was found to be about.

    `told_deceased`: its file says that this client died; not where the dates of birth are others.
    """

    item: Item
    client_id: int | None
    outcome: Decision
    told_deceased: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about the persons of a batch. Clients by hash of their BSN, conditions by 0108 and 0204.

    `consents` says of client and 0204 whether a consent stands; False: it was withdrawn.
    """

    clients: Mapping[bytes, KnownClient]
    consents: Mapping[tuple[int, str], bool]
    conditions: Mapping[tuple[str, str], SendingConditions]

    def decide(self, item: Item, *, is_late: bool = False) -> Decided:
        """Return the item with its outcome; `is_late`: the file in which the care was declared has gone."""
        client = self.clients.get(item.bsn_hash) if item.bsn_hash else None
        stands = self.consents.get((client.client_id, item.uzovi)) if client is not None else None
        if client is not None and stands is not None:
            client = replace(client, has_consent=stands, took_back=not stands)
        rules = decide_late if is_late else decide
        outcome = rules(item.insured, client, self.conditions[item.addressee, item.uzovi])
        if item.kind == AttachmentKind.CORRECTION:
            outcome = as_correction(outcome)
        if client is None:
            return Decided(item, None, outcome)
        told = item.told_deceased and item.date_of_birth == client.date_of_birth
        return Decided(item, client.client_id, outcome, told)


def items(rows: Iterable[tuple[Any, ...]]) -> list[Item]:
    """Return rows of COLUMNS as items."""
    return [_item(row) for row in rows]


def _item(row: tuple[Any, ...]) -> Item:
    values = dict(zip(COLUMNS, row, strict=True))
    hashed, addressee = values.pop("bsn_hash"), values.pop("file__uzovi")
    return Item(bsn_hash=None if hashed is None else bytes(hashed), addressee=addressee, **values)


def facts_about(organisation_id: int, wanted: Sequence[Item], *, today: date) -> Facts:
    """Return what is known today about these items of one organisation."""
    pairs = {(item.addressee, item.uzovi) for item in wanted}
    hashes = {item.bsn_hash for item in wanted if item.bsn_hash is not None}
    rows = _client_rows(organisation_id, hashes)
    ids = [row[0] for row in rows]
    objections, profiles, care = _objections(ids, today), profiles_of(ids), _care(ids)
    clients = {
        bytes(bsn_hash): KnownClient(
            client_id=client_id,
            date_of_birth=born,
            care=tuple(care[client_id]),
            has_objection=client_id in objections,
            profiles=profiles.get(client_id, ()),
        )
        for client_id, bsn_hash, born in rows
    }
    return Facts(clients, _consents(ids, today), _conditions(organisation_id, pairs))


def _client_rows(organisation_id: int, hashes: Collection[bytes]) -> list[tuple[Any, ...]]:
    clients = Client.objects.filter(organisation=organisation_id, bsn_hash__in=hashes)
    return list(clients.values_list("id", "bsn_hash", "date_of_birth"))


def _care(client_ids: Collection[int]) -> dict[int, list[Period]]:
    found: dict[int, list[Period]] = defaultdict(list)
    spells = CarePeriod.objects.filter(client__in=client_ids).order_by("client", "period")
    for client_id, period in spells.values_list("client_id", "period"):
        found[client_id].append(Period(period.lower, period.upper))
    return found


def _objections(client_ids: Collection[int], today: date) -> frozenset[int]:
    made = Objection.objects.filter(client__in=client_ids, made_on__lte=today).filter(_not_withdrawn(today))
    return frozenset(made.values_list("client_id", flat=True))


def _consents(client_ids: Collection[int], today: date) -> dict[tuple[int, str], bool]:
    found: dict[tuple[int, str], bool] = {}
    given = Consent.objects.filter(client__in=client_ids, given_on__lte=today)
    for client_id, uzovi, withdrawn_on in given.values_list("client_id", "insurer__uzovi", "withdrawn_on"):
        stands = withdrawn_on is None or withdrawn_on > today
        found[client_id, uzovi] = stands or found.get((client_id, uzovi), False)
    return found


def _not_withdrawn(today: date) -> Q:
    return Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gt=today)


def _conditions(
    organisation_id: int, pairs: Collection[tuple[str, str]]
) -> dict[tuple[str, str], SendingConditions]:
    """Return what holds for each pair of addressee (0108) and insurer (0204)."""
    uzovis = {uzovi for pair in pairs for uzovi in pair}
    insurers = dict(Insurer.objects.filter(uzovi__in=uzovis).values_list("id", "uzovi"))
    declaring = tuple(Period(*days) for days in declaring_periods(organisation_id))
    bases, terms = _bases(organisation_id, insurers), _terms(organisation_id, insurers)
    receivers = _receivers(organisation_id, insurers)
    return {
        (addressee, uzovi): SendingConditions(
            bases=tuple(bases[uzovi]),
            terms=tuple(terms[uzovi]),
            declaring=declaring,
            receivers=None if addressee == uzovi else tuple(receivers[addressee, uzovi]),
        )
        for addressee, uzovi in pairs
    }


def _receivers(organisation_id: int, insurers: Mapping[int, str]) -> dict[tuple[str, str], list[Period]]:
    found: dict[tuple[str, str], list[Period]] = defaultdict(list)
    rows = Receiver.objects.filter(organisation=organisation_id, addressee__in=insurers, insurer__in=insurers)
    for addressee, insurer, first, until in rows.values_list(
        "addressee_id", "insurer_id", "valid_from", "valid_until"
    ):
        found[insurers[addressee], insurers[insurer]].append(Period(first, until))
    return found


def _bases(organisation_id: int, insurers: Mapping[int, str]) -> dict[str, list[Period]]:
    """Return the bases that cover everybody; one of consent does not: the consent of each client covers."""
    found: dict[str, list[Period]] = defaultdict(list)
    bases = LegalBasis.objects.filter(organisation=organisation_id, insurer__in=insurers)
    bases = bases.exclude(kind=BasisKind.CONSENT)
    for insurer_id, first, until in bases.values_list("insurer_id", "valid_from", "valid_until"):
        found[insurers[insurer_id]].append(Period(first, until))
    return found


def _terms(organisation_id: int, insurers: Mapping[int, str]) -> dict[str, list[SendingTerms]]:
    """Return the agreements, the latest begun first: should two overlap, it is the later one that counts."""
    found: dict[str, list[SendingTerms]] = defaultdict(list)
    agreements = Agreement.objects.filter(organisation=organisation_id, insurer__in=insurers)
    for agreement in agreements.select_related("code_table").order_by("-valid_from"):
        found[insurers[agreement.insurer_id]].append(_terms_of(agreement))
    return found


def _terms_of(agreement: Agreement) -> SendingTerms:
    table = agreement.code_table
    return SendingTerms(
        period=Period(agreement.valid_from, agreement.valid_until),
        sending=agreement.sending,
        form=DeliveryMode(agreement.delivery_form),
        list_code=table.list_code,
        time_unit=table.time_unit,
        codes=table.codes,
    )


def fingerprint(today: date) -> str:
    """Return a text that changes whenever a fact of the organisation in scope is written, or the day turns.

    A row's xmin is the transaction that wrote it; unlike a time stamp it also gives away a transaction that
    began early and committed late.
    """
    looks = " union all ".join(
        f"select '{table}' as name, count(*), coalesce(sum(xmin::text::bigint), 0) from {table}"  # noqa: S608
        for table in fact_tables()
    )
    with connection.cursor() as cursor:
        cursor.execute(f"{looks} order by name")
        seen = " ".join(f"{count}-{written}" for _name, count, written in cursor.fetchall())
    return hashlib.sha256(f"{today:%Y%m%d} {seen}".encode("ascii")).hexdigest()
