"""What goes out as JSON about the insured persons of a file: no name, BSN or amount of ours.

What an insurer wrote is passed on as it was recorded, and nobody knows what stands in it.
"""

from datetime import date, datetime
from typing import Annotated, Literal
from uuid import UUID

from ninja import Schema
from pydantic import Field

from declarations.schema.constants import AttachmentKind, AttachmentState, MissingPart, Reason
from declarations.schema.delivery_constants import ReplyStatus
from exchange.rest.example import example
from exchange.rest.schemas import ID, OTHER_ID, FoundOut


class RecordOut(Schema):
    """One profile record of a person, as it stands now, and what the insurer last said of it."""

    reference: Annotated[str, Field(description="0431")]
    profile: UUID
    first_day: Annotated[date, Field(description="0414")]
    last_day: Annotated[date, Field(description="0415")]
    separate_file: Annotated[
        UUID | None,
        Field(description="het aparte bestand waarin de regel ging; leeg: in dit bestand, of nog nergens"),
    ]
    answer: Annotated[ReplyStatus | Literal[""], Field(description="leeg: nog geen antwoord")]
    answer_reason: Annotated[
        str,
        Field(
            description="de woorden van de verzekeraar, zoals vastgelegd; die kunnen over een persoon gaan"
        ),
    ]


class DaysOut(Schema):
    """Days from first to last, both included."""

    first_day: date
    last_day: date


class ItemOut(Schema):
    """One insured person of a file, without a name: `client` where the person is a client."""

    id: UUID
    number: int
    kind: AttachmentKind
    client: UUID | None
    state: AttachmentState
    reason: Reason
    label: str
    detail: Annotated[
        MissingPart,
        Field(description="welk deel van de reden het is; leeg: de reden zelf, of niets"),
    ]
    advice: Annotated[str, Field(description="wat je eraan kunt doen; leeg: er is geen reden")]
    left_out: Annotated[
        list[DaysOut],
        Field(
            description="prestaties van vóór de fase waarin profielen worden gedeclareerd; die gaan niet mee"
        ),
    ]
    changed_at: datetime
    records: list[RecordOut]


class ItemsOut(Schema):
    """A stretch of the persons of a file; `next` goes into `after` for the following one (none: the end)."""

    model_config = example(
        items=[
            {
                "id": ID,
                "number": 1,
                "kind": "regular",
                "client": OTHER_ID,
                "state": "rejected",
                "reason": "",
                "label": "afgekeurd",
                "detail": "",
                "advice": "",
                "left_out": [],
                "changed_at": "2024-02-02T09:30:04+01:00",
                "records": [
                    {
                        "reference": "DVA7K2M5QXW3ZB6RT4NC",
                        "profile": ID,
                        "first_day": "2024-01-01",
                        "last_day": "2024-01-31",
                        "separate_file": None,
                        "answer": "afgekeurd",
                        "answer_reason": "Onbekende code",
                    }
                ],
            }
        ],
        next=None,
    )
    items: list[ItemOut]
    next: int | None


class WarningsOut(Schema):
    """What our checker found in a file when it was read in: `total` of it, the first thousand by line."""

    model_config = example(
        total=1,
        counts={"performance.twice": 1},
        warnings=[
            {
                "line": 4,
                "field": "",
                "name": "",
                "message": "Dezelfde prestatie staat al op regel 3, met een ander referentienummer.",
                "rule": "performance.twice",
                "return_code": "0587",
            }
        ],
    )

    total: int
    counts: Annotated[dict[str, int], Field(description="hoe vaak per vaste code")]
    warnings: list[FoundOut]
