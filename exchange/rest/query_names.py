"""What may stand behind the question mark of a call: a name that is not known is refused, never passed by."""

import inspect
import re
from collections.abc import Callable
from functools import wraps
from typing import Any, get_type_hints

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from ninja import Schema
from ninja.files import UploadedFile

from exchange.rest.problems import ApiProblem, Code, Found

# A name that was sent can be anything, a number of a person too: only one like ours is told back.
_LIKE_OURS = re.compile(r"[A-Za-z_]{1,40}")
_SENT_OTHERWISE = (Schema, UploadedFile, HttpRequest, HttpResponse)


def only_known(view: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse a call with a name in its query that it does not know, or that is empty or there twice."""
    hints = get_type_hints(inspect.unwrap(view))
    names = [
        name
        for name in list(inspect.signature(view).parameters)[1:]
        if not _is_sent_otherwise(hints.get(name))
    ]

    @wraps(view)
    def known(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        in_path = request.resolver_match.kwargs if request.resolver_match else {}
        refuse_unknown(request.GET, [name for name in names if name not in in_path])
        return view(request, *args, **kwargs)

    return known


def _is_sent_otherwise(hint: Any) -> bool:
    return isinstance(hint, type) and issubclass(hint, _SENT_OTHERWISE)


def refuse_unknown(query: QueryDict, known: list[str]) -> None:
    """Raise ApiProblem (422) that names what is wrong in a query, and all that may stand in it."""
    found = [_found(name, sentence) for name, sentence in _wrong(query, known)]
    if not found:
        return
    named = ", ".join(known)
    detail = (
        _("Dit adres kent alleen deze namen achter het vraagteken: %(known)s.") % {"known": named}
        if known
        else _("Dit adres kent geen namen achter het vraagteken.")
    )
    raise ApiProblem(422, Code.INVALID_REQUEST, detail, found=found)


def _wrong(query: QueryDict, known: list[str]) -> list[tuple[str, str]]:
    wrong = []
    for name, values in query.lists():
        if name not in known:
            wrong.append((name, _("Deze naam is hier niet bekend.")))
        elif len(values) > 1:
            wrong.append((name, _("Deze naam staat er meer dan één keer.")))
        elif not values[0]:
            wrong.append((name, _("Hier hoort een waarde achter te staan.")))
    return wrong


def _found(name: str, sentence: str) -> Found:
    told = name if _LIKE_OURS.fullmatch(name) else ""
    return Found(0, told, told, sentence)
