"""The ground under handing profile codes on: legal bases, consents and objections.

All days are half-open: a basis, consent or objection counts from its first day until, not on, its last.
"""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from care.schema.constants import BasisKind
from care.schema.models import Client, Insurer, Organisation, User
from care.schema.statements import Consent, LegalBasis, Objection


def record_legal_basis(
    *,
    organisation: Organisation,
    insurer: Insurer,
    reference: str,
    valid_from: date,
    valid_until: date | None = None,
    kind: BasisKind = BasisKind.CONTRACT,
) -> tuple[LegalBasis, bool]:
    """Record why codes may go to an insurer; return it and whether it is new.

    The same reference from the same day is one basis: its kind and end are then set to these.
    """
    _refuse_end_before(valid_from, valid_until)
    return LegalBasis.objects.update_or_create(
        organisation=organisation,
        insurer=insurer,
        reference=reference.strip(),
        valid_from=valid_from,
        defaults={"valid_until": valid_until, "kind": kind},
    )


def end_legal_basis(*, basis: LegalBasis, valid_until: date | None) -> None:
    """Let a basis count until a day, or without an end. Raises ValidationError on `valid_until`."""
    _refuse_end_before(basis.valid_from, valid_until)
    basis.valid_until = valid_until
    basis.save(update_fields=["valid_until"])


@transaction.atomic
def record_consent(*, client: Client, insurer: Insurer, day: date, user: User | None) -> Consent:
    """Record that a client allows handing codes to an insurer; a consent that stands is returned as it is."""
    _refuse_future(day)
    standing = _standing_consent(client, insurer)
    return standing or Consent.objects.create(
        organisation_id=client.organisation_id,
        client=client,
        insurer=insurer,
        given_on=day,
        recorded_by=user,
    )


@transaction.atomic
def withdraw_consent(*, client: Client, insurer: Insurer, day: date, user: User | None) -> Consent | None:
    """End the consent that stands, if one does, and return it. Raises ValidationError on `day`."""
    _refuse_future(day)
    consent = _standing_consent(client, insurer)
    if consent is None:
        return None
    _refuse_before(consent.given_on, day)
    consent.withdrawn_on, consent.withdrawn_by = day, user
    consent.save(update_fields=["withdrawn_on", "withdrawn_by"])
    return consent


@transaction.atomic
def record_objection(*, client: Client, day: date, user: User | None) -> Objection:
    """Record that a client objects to handing codes on; an objection that stands is returned as it is."""
    _refuse_future(day)
    standing = _standing_objection(client)
    return standing or Objection.objects.create(
        organisation_id=client.organisation_id, client=client, made_on=day, recorded_by=user
    )


@transaction.atomic
def withdraw_objection(*, client: Client, day: date, user: User | None) -> Objection | None:
    """End the objection that stands, if one does, and return it. Raises ValidationError on `day`."""
    _refuse_future(day)
    objection = _standing_objection(client)
    if objection is None:
        return None
    _refuse_before(objection.made_on, day)
    objection.withdrawn_on, objection.withdrawn_by = day, user
    objection.save(update_fields=["withdrawn_on", "withdrawn_by"])
    return objection


def _standing_consent(client: Client, insurer: Insurer) -> Consent | None:
    return (
        Consent.objects.select_for_update()
        .filter(client=client, insurer=insurer, withdrawn_on__isnull=True)
        .first()
    )


def _standing_objection(client: Client) -> Objection | None:
    return Objection.objects.select_for_update().filter(client=client, withdrawn_on__isnull=True).first()


def _refuse_future(day: date) -> None:
    if day > timezone.localdate():
        raise ValidationError({"day": _("Deze dag is nog niet geweest.")})


def _refuse_before(first: date, day: date) -> None:
    if day < first:
        raise ValidationError({"day": _("Intrekken kan niet vóór de dag waarop het begon.")})


def _refuse_end_before(first: date, end: date | None) -> None:
    if end and end <= first:
        raise ValidationError({"valid_until": _("De einddatum hoort na de begindatum te liggen.")})
