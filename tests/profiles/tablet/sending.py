"""What a tablet sends for one anamnese: begun, changed, finished; and how it is stored."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.test import Client as Browser
from django.urls import reverse

from care.schema.models import Client
from questionnaires.schema.models import Anamnese
from questionnaires.schema.payload import payload_hash
from tests.actors import Actor, House
from tests.factories import anamneses
from tests.profiles.dkdl import DKDL_2_0

DAY = date(2026, 3, 2)


def payload(nurse: Actor, client: Client, /, **changed: Any) -> dict[str, Any]:
    """Return a new draft with one answer, but for what is changed, with its hash."""
    organisation = nurse.membership.organisation
    assert organisation is not None
    fields: dict[str, Any] = {
        "id": str(uuid4()),
        "nurse": str(nurse.user.public_id),
        "organisation": str(organisation.public_id),
        "client": str(client.public_id),
        "date": DAY.isoformat(),
        "version": "2.0",
        "revision": 0,
        "answers": {"Q2": "1"},
        "corrects": None,
        "reason": "",
        "finish": False,
        "derived": None,
        "active_seconds": 61,
    } | changed
    return fields | {"hash": payload_hash(fields)}


def finishing(nurse: Actor, client: Client, code: str = "DKDL-01", /, **changed: Any) -> dict[str, Any]:
    """Return a whole anamnese that leads to a profile, to be finished at once."""
    derived = {"code": code, "ruleset_hash": DKDL_2_0.ruleset_hash}
    complete = {"answers": anamneses.answers_for(code), "finish": True, "derived": derived}
    return payload(nurse, client, **(complete | changed))


def change(sent: Mapping[str, Any], **changed: Any) -> dict[str, Any]:
    """Return the same with other values, and the hash of those."""
    fields = {**sent, **changed}
    return fields | {"hash": payload_hash(fields)}


def put(browser: Browser, sent: Mapping[str, Any]) -> Any:
    """Send it as a tablet does and return the answer."""
    return browser.put(
        reverse("tablet-anamnese", args=[sent["id"]]),
        json.dumps(sent),
        content_type="application/json",
        headers={"X-Requested-With": "fetch"},
    )


def throw_away(browser: Browser, sent: Mapping[str, Any]) -> Any:
    """Throw its draft away as a tablet does and return the answer."""
    return browser.delete(
        reverse("tablet-anamnese", args=[sent["id"]]),
        json.dumps({"nurse": sent["nurse"], "organisation": sent["organisation"]}),
        content_type="application/json",
        headers={"X-Requested-With": "fetch"},
    )


def rows(thuis: House) -> list[Anamnese]:
    """Return everything that is stored of the organisation, oldest first."""
    with thuis.scope():
        return list(Anamnese.objects.order_by("id"))
