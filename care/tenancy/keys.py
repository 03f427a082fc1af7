"""Are the keys of this start those of this database? With others it stops before anything is written.

With other keys nothing can be read, page after page would fail, and what people give meanwhile would be
sealed with keys that the right ones cannot open.
"""

import hashlib
import hmac

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext as _

from care.schema import crypto
from care.schema.key_canary import KeyCanary
from care.schema.models import Client
from care.tenancy import scope
from care.tenancy.each_organisation import organisation_ids

PURPOSE = "care.keycanary.sealed"
TEXT = b"draagvlak"


class WrongKeysError(Exception):
    """The keys of this start are not those of this database; the text says what to do."""


def confirm_keys() -> None:
    """Return if the keys of this process open this database; at the first start they become its keys.

    So does a newer field key when it first writes: from then on a start without it stops too.

    Raises WrongKeysError. A database without tables yet has nothing to open.
    """
    if KeyCanary._meta.db_table not in connection.introspection.table_names():
        return
    rows = list(KeyCanary.objects.all())
    if not rows:
        _confirm_by_a_client()
    if not all(map(_opens, rows)):
        raise WrongKeysError(_sentence())
    newest = next(iter(settings.FIELD_KEYS))
    if newest not in {crypto.key_id_of(bytes(row.sealed)) for row in rows}:
        sealed = crypto.encrypt(TEXT, purpose=PURPOSE)
        KeyCanary.objects.create(sealed=sealed, looked_up=_lookup())


def _opens(row: KeyCanary) -> bool:
    if not hmac.compare_digest(bytes(row.looked_up), _lookup()):
        return False
    try:
        return crypto.decrypt(bytes(row.sealed), purpose=PURPOSE) == TEXT
    except crypto.UnreadableValueError:
        return False


def _confirm_by_a_client() -> None:
    """Hold the keys against a client of an installation that was made before it had a canary."""
    for organisation_id in organisation_ids():
        with scope.organisation(organisation_id):
            if _has_client_that_opens(organisation_id):
                return


def _has_client_that_opens(organisation_id: int) -> bool:
    """Return whether there is a client; raises WrongKeysError for one that these keys do not open."""
    try:
        client = Client.objects.order_by("-id").first()
    except crypto.UnreadableValueError as error:
        raise WrongKeysError(_sentence()) from error
    if client is None:
        return False
    if bytes(client.bsn_hash) != crypto.bsn_hash(client.bsn, organisation_id=organisation_id):
        raise WrongKeysError(_sentence())
    return True


def _lookup() -> bytes:
    return hmac.digest(settings.LOOKUP_KEY, PURPOSE.encode("ascii"), hashlib.sha256)


def _sentence() -> str:
    places = "DRAAGVLAK_FIELD_KEYS, DRAAGVLAK_LOOKUP_KEY"
    return _(
        "De sleutels (%(where)s) zijn niet die van deze database: namen en bestanden zijn er niet mee te "
        "lezen. Zet de sleutels terug waarmee deze installatie begon. Er is niets veranderd."
    ) % {"where": settings.VAR_DIR / "secrets.json" if settings.EMBEDDED else places}
