"""Tokens: made once and shown once, found by a keyed hash, used and revoked."""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from care.schema.models import Organisation, User
from care.tenancy import scope
from declarations.schema.tokens import ApiScope, ApiToken, TokenState
from exchange.rest.constants import CALLS_PER_MINUTE

MARK = "dv_"  # so that scanners for secrets, and people, know one when they see it
TOKEN_BYTES = 32
SHOWN = len(MARK) + 6
MINUTE = timedelta(minutes=1)

log = logging.getLogger(__name__)


class TooManyCallsError(Exception):
    """The token was used too often in this minute; `seconds` until the next one."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True)
class NewToken:
    """A token with its text, which is stored nowhere: whoever made it sees it once."""

    row: ApiToken
    text: str


def make_token(
    *,
    organisation: Organisation,
    name: str,
    scopes: Sequence[ApiScope],
    by: User,
    expires_at: datetime | None = None,
) -> NewToken:
    """Make a token for an organisation."""
    text = MARK + secrets.token_urlsafe(TOKEN_BYTES)
    row = ApiToken.objects.create(
        organisation=organisation,
        name=name,
        prefix=text[:SHOWN],
        token_hash=_hash(text),
        scopes=sorted(scopes, key=list(ApiScope).index),
        expires_at=expires_at,
        made_by=by,
    )
    log.info("api_token_made token=%s user=%s", row.public_id, by.public_id)
    return NewToken(row, text)


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """Let a token open nothing from now on. Revoking twice changes nothing."""
    standing = ApiToken.objects.filter(pk=token.pk, state=TokenState.ACTIVE)
    if standing.update(state=TokenState.REVOKED, revoked_by=by):
        log.info("api_token_revoked token=%s user=%s", token.public_id, by.public_id)


def tokens_of(organisation: Organisation) -> QuerySet[ApiToken]:
    """Return the tokens of an organisation, newest first."""
    return ApiToken.objects.filter(organisation=organisation).select_related("made_by").order_by("-id")


def token_for(organisation: Organisation, public_id: UUID) -> ApiToken:
    """Return one token. Raises Http404 for another organisation's."""
    found = tokens_of(organisation).filter(public_id=public_id).first()
    if found is None:
        raise Http404(_("Deze sleutel bestaat niet in jouw organisatie."))
    return found


def use(text: str) -> ApiToken | None:
    """Return the token with this text, and count the call; none when it opens nothing (any more).

    Raises TooManyCallsError. The count is kept in a transaction of its own, whatever comes of the call.
    """
    hashed = _hash(text)
    organisation_id = _organisation_of(hashed)
    if organisation_id is None:
        return None
    with scope.organisation(organisation_id):
        locked = ApiToken.objects.select_for_update(of=("self",)).select_related("organisation")
        token = locked.get(token_hash=hashed)
        now = timezone.now()
        if not token.opens(now):
            log.info("api_token_refused token=%s", token.public_id)
            return None
        _count(token, now)
    return token


def _count(token: ApiToken, now: datetime) -> None:
    if token.window_start is None or now >= token.window_start + MINUTE:
        token.window_start, token.window_calls = now, 0
    if token.window_calls >= CALLS_PER_MINUTE:
        raise TooManyCallsError(int((token.window_start + MINUTE - now).total_seconds()) + 1)
    token.window_calls += 1
    token.last_used_at = now
    token.save(update_fields=["window_start", "window_calls", "last_used_at"])


def _organisation_of(hashed: bytes) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute("select organisation_of_api_token(%s)", [hashed])
        found: int | None = cursor.fetchone()[0]
    return found


def _hash(text: str) -> bytes:
    return hmac.digest(settings.LOOKUP_KEY, b"api-token:" + text.encode(), hashlib.sha256)
