"""What goes out as JSON about whether a made file may go, and went."""

from datetime import datetime
from typing import Annotated

from ninja import Schema
from pydantic import Field

from declarations.schema.constants import Handover, Reason
from declarations.schema.delivery_constants import HandoverStep
from exchange.rest.example import example

EXAMPLE = {
    "state": "blocked",
    "version": 1,
    "persons": 1,
    "reasons": [{"reason": "objection", "label": "bezwaar", "count": 1}],
    "steps": [
        {"step": "made", "version": 1, "count": 0, "at": "2024-02-02T09:31:00+01:00"},
        {"step": "blocked", "version": 1, "count": 1, "at": "2024-02-02T09:45:10+01:00"},
    ],
}


class BlockReasonOut(Schema):
    """Of how many persons the code may no longer go, for one reason. No reason: it would be another code."""

    reason: Reason
    label: str
    count: int


class HandoverStepOut(Schema):
    """Something that happened to a version; `count`: who blocked it, or who were left out."""

    step: HandoverStep
    version: int
    count: int
    at: datetime


class HandoverOut(Schema):
    """Whether what was made of a file may go to the insurer, and whether it went. Made is not handed over."""

    model_config = example(**EXAMPLE)
    state: Annotated[
        Handover,
        Field(
            description="made: gemaakt, nog niet vrijgegeven; blocked: niet aanleveren, maak het opnieuw; "
            "released: vrijgegeven; delivered: aangeleverd buiten Draagvlak om; leeg: nog niet gemaakt"
        ),
    ]
    version: Annotated[int, Field(description="de hoeveelste keer dat het is gemaakt")]
    persons: Annotated[int, Field(description="van wie de code niet meer mee mag; alleen bij blocked")]
    reasons: list[BlockReasonOut]
    steps: list[HandoverStepOut]
