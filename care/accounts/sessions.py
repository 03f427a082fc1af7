"""How long a log-in opens something: until she locks it, is away too long, or has been in for too long.

A locked session knows whose it is and opens nothing. The tablet opens it again with a token that it keeps
behind the PIN; everybody else logs in. After the absolute limit only the password helps. What counts for the
limits is a request, so a page that asks by itself keeps a session open no longer than the absolute limit.
"""

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.timezone import now

from care.schema.models import Membership, Organisation

KEY = "log-in"
#: What the tablet's app asks for; the browser looks for a newer worker by itself when the tablet is taken up.
OF_THE_APP = ("/tablet/", "/versies/", "/sw.js")
WRITTEN_EVERY = timedelta(minutes=1)
ELSEWHERE = timedelta(minutes=5)


class SessionState(Enum):
    """What a session opens."""

    OPEN = auto()
    LOCKED = auto()
    OVER = auto()


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session stays open without a request, and at most."""

    idle: timedelta
    absolute: timedelta


def limits_of(membership: Membership | None) -> Limits:
    """Return the limits of the organisation that somebody works in; elsewhere those of a new one."""
    organisation = (membership and membership.organisation) or Organisation()
    return Limits(
        idle=timedelta(minutes=organisation.session_idle_minutes),
        absolute=timedelta(hours=organisation.session_hours),
    )


def begin(session: SessionBase) -> None:
    """Note that somebody has just logged in."""
    at = now().timestamp()
    session[KEY] = {"id": secrets.token_hex(16), "begun": at, "seen": at, "page": at, "locked": False}


def on_log_in(request: HttpRequest | None = None, **_about: Any) -> None:
    """Begin, whichever way somebody logged in (Django's user_logged_in)."""
    if request is not None:
        begin(request.session)


def look(request: HttpRequest, limits: Limits) -> SessionState:
    """Return what the session of a request opens, and count the request as a sign of life."""
    session, at = request.session, now()
    if KEY not in session:  # logged in by a version that kept no limits
        begin(session)
    login = session[KEY]
    if at - _moment(login["begun"]) >= limits.absolute:
        return SessionState.OVER
    if login["locked"] or at - _moment(login["seen"]) >= limits.idle:
        return SessionState.LOCKED
    _touch(session, at=at, is_page=not request.path_info.startswith(OF_THE_APP))
    return SessionState.OPEN


def lock(session: SessionBase, *, unless_busy_elsewhere: bool = False) -> bool:
    """Let a session open nothing until the token or a password comes; return whether it is locked.

    The session goes on under another key, so that a request that is still under way cannot write the open
    one back. `unless_busy_elsewhere`: not while pages outside the tablet are used in the same browser.
    """
    login = session.get(KEY)
    if login is None:
        return True
    if unless_busy_elsewhere and now() - _moment(login["page"]) < ELSEWHERE:
        return False
    session[KEY] = login | {"locked": True}
    session.cycle_key()
    return True


def reopen(session: SessionBase, token: str) -> bool:
    """Open a locked session with its token; tell whether that fits."""
    login = session.get(KEY)
    if login is None or not hmac.compare_digest(_token(login["id"]).encode(), token.encode()):
        return False
    session[KEY] = login | {"locked": False, "seen": now().timestamp()}
    return True


def reopening_token(session: SessionBase) -> str:
    """Return what opens this session after it was locked: to be kept where the PIN keeps it."""
    return _token(session[KEY]["id"])


def _token(login_id: str) -> str:
    text = f"session.reopen:{login_id}"
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), hashlib.sha256).hexdigest()


def _touch(session: SessionBase, *, at: datetime, is_page: bool) -> None:
    login = session[KEY]
    stamps = ("seen", "page") if is_page else ("seen",)
    if all(at - _moment(login[stamp]) < WRITTEN_EVERY for stamp in stamps):
        return
    session[KEY] = login | dict.fromkeys(stamps, at.timestamp())


def _moment(stamp: float) -> datetime:
    return datetime.fromtimestamp(stamp, tz=now().tzinfo)
