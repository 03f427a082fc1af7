"""Two records of one person become one: what `care` knows of them. The rest: profiles.timeline.joining.

Where the two say different things, the careful one holds: an objection of either stands, and so does a
consent that was taken back.
"""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from care.schema.corrections import CorrectableFact, FactCorrection
from care.schema.death_notices import DeathNotice, NoticeState
from care.schema.models import Client, User
from care.schema.periods import CarePeriod, InsurerPeriod, TeamPeriod
from care.schema.statements import Consent, Objection

Days = tuple[date, date | None]
DAY = timedelta(days=1)


def join_records(*, gone: Client, stays: Client, user: User | None, ends_on: date | None = None) -> None:
    """Unite care, consents and objections of two locked clients with the one that stays.

    `ends_on` is the first day without care, where somebody chose that of one of the two. The other is found
    by no BSN any more, belongs to no team and is in care on no day; its row and the log of who looked at it
    stay.
    """
    _join_statements(gone, stays, user)
    _join_care(gone, stays, ends_on)
    _join_deaths(gone, stays)
    for gone_periods in (TeamPeriod.objects.filter(client=gone), InsurerPeriod.objects.filter(client=gone)):
        gone_periods.delete()
    _close(gone, stays)
    FactCorrection.objects.bulk_create(
        FactCorrection(
            organisation_id=stays.organisation_id,
            client=client,
            fact=CorrectableFact.JOINED,
            before=str(gone.public_id),
            after=str(stays.public_id),
            user=user,
        )
        for client in (gone, stays)
    )


def _close(gone: Client, stays: Client) -> None:
    # A number that is wrong may be that of somebody else, who can be added one day.
    gone.bsn_hash = hashlib.sha256(b"joined" + gone.public_id.bytes).digest()
    gone.joined_into = stays
    gone.save(update_fields=["bsn_hash", "joined_into"])
    Client.objects.filter(joined_into=gone).update(joined_into=stays)


def end_in_doubt(gone: Client, stays: Client, today: date) -> date | None:
    """Return the first day without care by one record, where care goes on by the other; else nothing.

    Who was taken into care again later is in care: that is no contradiction.
    """
    one, other = _last_spell(gone), _last_spell(stays)
    if one is None or other is None:
        return None
    ended, goes_on = sorted((one, other), key=lambda spell: spell[1] or date.max)
    end = ended[1]
    is_over = end is not None and end <= today and goes_on[0] < end
    return end if is_over and (goes_on[1] is None or goes_on[1] > today) else None


def _last_spell(client: Client) -> Days | None:
    last = CarePeriod.objects.filter(client=client).order_by("period").last()
    return (last.period.lower, last.period.upper) if last else None


def _join_care(gone: Client, stays: Client, ends_on: date | None) -> None:
    spells = [spell.period for spell in CarePeriod.objects.filter(client__in=[gone, stays])]
    united = united_days((spell.lower, spell.upper) for spell in spells)
    if ends_on and united:
        united[-1] = (united[-1][0], ends_on)
    Client.objects.filter(pk=gone.pk).update(in_care_from=gone.in_care_from, in_care_until=gone.in_care_from)
    if united:
        first, until = united[-1]
        Client.objects.filter(pk=stays.pk).update(in_care_from=first, in_care_until=until)
    # The database has followed the rows, which hold one period each: what is known of both is written last.
    CarePeriod.objects.filter(client__in=[gone, stays]).delete()
    CarePeriod.objects.bulk_create(
        CarePeriod(organisation_id=stays.organisation_id, client=stays, period=DateRange(first, until))
        for first, until in united
    )


def death_problem(gone: Client, stays: Client) -> str | None:
    """Return why two records cannot be joined for what they say of a death, in a sentence."""
    died_on = gone.died_on or stays.died_on
    if died_on is None:
        return None
    if gone.died_on and stays.died_on and gone.died_on != stays.died_on:
        return _("De dagen van overlijden zijn niet gelijk. Zoek uit welke klopt en verbeter die eerst.")
    after = CarePeriod.objects.filter(client__in=[gone, stays], period__endswith__gt=died_on + DAY)
    endless = CarePeriod.objects.filter(client__in=[gone, stays], period__endswith__isnull=True)
    if after.exists() or endless.exists():
        return _(
            "Het ene dossier zegt dat de cliënt is overleden, in het andere loopt de zorg door. "
            "Zoek uit wat klopt en verbeter dat eerst."
        )
    return None


def _join_deaths(gone: Client, stays: Client) -> None:
    """Take along what was told and answered; what both have one of stays with the record it was told of."""
    Client.objects.filter(pk=stays.pk).update(died_on=gone.died_on or stays.died_on)
    once = [NoticeState.OPEN, NoticeState.CONFIRMED]
    here = list(DeathNotice.objects.filter(client=stays, state__in=once).values_list("state", flat=True))
    DeathNotice.objects.filter(client=gone).exclude(state__in=here).update(client=stays)
    if gone.died_on or stays.died_on:
        DeathNotice.objects.filter(client=stays, state=NoticeState.OPEN).delete()


def united_days(spells: Iterable[Days]) -> list[Days]:
    """Return half-open spells without overlap, in order of time; what meets is one spell."""
    united: list[Days] = []
    for first, until in sorted(spells, key=lambda spell: spell[0]):
        last = united[-1] if united else None
        if last is None or (last[1] is not None and last[1] < first):
            united.append((first, until))
        elif last[1] is not None and (until is None or until > last[1]):
            united[-1] = (last[0], until)
    return united


def _join_statements(gone: Client, stays: Client, user: User | None) -> None:
    today = timezone.localdate()
    objections = Objection.objects.filter(client__in=[gone, stays], withdrawn_on=None)
    _keep_one(list(objections.order_by("made_on", "pk")), today, user)
    Objection.objects.filter(client=gone).update(client=stays)
    for insurer_id in _insurers_of_consents(gone, stays):
        consents = Consent.objects.filter(client__in=[gone, stays], insurer=insurer_id)
        standing = list(consents.filter(withdrawn_on=None).order_by("given_on", "pk"))
        is_taken_back = _is_taken_back(gone, insurer_id) or _is_taken_back(stays, insurer_id)
        _keep_one(standing, today, user, keep=not is_taken_back)
    Consent.objects.filter(client=gone).update(client=stays)


def _insurers_of_consents(gone: Client, stays: Client) -> list[int]:
    consents = Consent.objects.filter(client__in=[gone, stays])
    return list(consents.order_by().values_list("insurer", flat=True).distinct())


def _is_taken_back(client: Client, insurer_id: int) -> bool:
    """Tell whether a client gave a consent for an insurer, and none stands."""
    given = Consent.objects.filter(client=client, insurer=insurer_id)
    return given.exists() and not given.filter(withdrawn_on=None).exists()


def _keep_one(
    standing: list[Objection] | list[Consent], today: date, user: User | None, *, keep: bool = True
) -> None:
    """Let the first of what stands stand, or none; two of a kind cannot stand at once."""
    for statement in standing[1:] if keep else standing:
        statement.withdrawn_on, statement.withdrawn_by = _last_day(statement, today), user
        statement.save(update_fields=["withdrawn_on", "withdrawn_by"])


def _last_day(statement: Objection | Consent, today: date) -> date:
    begun = statement.made_on if isinstance(statement, Objection) else statement.given_on
    return max(begun, today)
