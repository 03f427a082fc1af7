"""What goes in and out as JSON. Names of persons go out only with one client; a BSN and amounts never do."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from declarations.schema.constants import AttachmentKind, AttachmentState, FileKind, FileState, Reason
from exchange.rest.constants import ROWS_PER_CALL
from exchange.rest.example import example
from exchange.rest.example_profile import ANSWERS, MODEL_NAME, SCORE_TEXTS, SCORED_CODE, SCORES
from exchange.rest.schemas_handover import EXAMPLE, HandoverOut
from profiles.schema.models import ProfileKind, ProfileStatus

ID = "0197a3a0-5a55-7c3e-9d0a-3f1f2b6c7d8e"
OTHER_ID = "0197a3a0-6b66-7d4f-8e1b-4a2a3c7d8e9f"


class Incoming(Schema):
    """What a caller sends: a name that is not known is an error, and not silently passed over."""

    model_config = ConfigDict(extra="forbid")


Text = Annotated[str, Field(max_length=200)]
Day = Annotated[str, Field(max_length=10, description="JJJJ-MM-DD", json_schema_extra={"format": "date"})]

# A pattern or a list of values is told here and judged with the row: all that is wrong comes in one answer.
Bsn = Annotated[
    str,
    Field(
        max_length=20,
        description="9 cijfers die aan de 11-proef voldoen; gaat alleen in de inhoud, nooit in een adres",
        json_schema_extra={"pattern": "^[0-9]{9}$"},
    ),
]
Option = Annotated[str, Field(max_length=60)]


class AnamneseIn(Incoming):
    """One finished anamnese, as in the CSV file: answers by question id; several choices are a list."""

    bsn: Bsn
    date: Day
    answers: Annotated[
        dict[str, Option | Annotated[list[Option], Field(max_length=20)]], Field(max_length=40)
    ]


class AnamnesesIn(Incoming):
    """Anamneses to take in: all of them, or none when one has an error."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "anamneses": [
                    {
                        "bsn": "999000019",
                        "date": "2024-02-01",
                        "answers": ANSWERS,
                    }
                ]
            }
        },
    )
    anamneses: Annotated[list[AnamneseIn], Field(min_length=1, max_length=ROWS_PER_CALL)]


class AnamnesesStoredOut(Schema):
    """How many came in, and how many were there already with the same answers."""

    model_config = example(added=1, skipped=0)
    added: int
    skipped: int


class AnamneseOut(Schema):
    """A finished anamnese of a client. `corrects` is the id of the one that it takes the place of."""

    model_config = example(
        id=ID,
        date="2024-02-01",
        instrument=str(MODEL_NAME),
        answers=ANSWERS,
        corrects=None,
    )
    id: UUID
    date: date
    instrument: str
    answers: dict[str, str | list[str]]
    corrects: UUID | None


class ProfileOut(Schema):
    """A profile, in force in [first_day, until). A replaced one was in force on no day.

    A child's profile of somebody who turns out to be older was so too: `until` is its first day.
    """

    model_config = example(
        id=ID,
        anamnese=OTHER_ID,
        kind=ProfileKind.SCORED.value,
        code=SCORED_CODE,
        capacity=5,
        burden=1,
        support_need=2,
        scores=SCORES,
        model=MODEL_NAME,
        status="standing",
        first_day="2024-02-01",
        until=None,
    )
    id: UUID
    anamnese: UUID
    kind: ProfileKind
    code: str
    capacity: Annotated[int | None, Field(description=SCORE_TEXTS[0])]
    burden: Annotated[int | None, Field(description=SCORE_TEXTS[1])]
    support_need: Annotated[int | None, Field(description=SCORE_TEXTS[2])]
    scores: Annotated[
        dict[str, int] | None, Field(description="elke score van het model, ook van een ander model")
    ]
    model: str
    status: ProfileStatus
    first_day: date
    until: date | None


class BalanceOut(Schema):
    """How the insured persons of a file are spread over the states."""

    persons: int
    queued: int
    attached: int
    held: int
    excluded: int
    exported: int
    accepted: int
    rejected: int
    corrections: int


class GroupOut(Schema):
    """How many persons are in one state for one reason; corrections are counted apart."""

    kind: AttachmentKind
    state: AttachmentState
    reason: Reason
    label: str
    count: int


class ExportOut(Schema):
    """What was made of a file."""

    sha256: str
    size: int
    record_count: int
    inserted_count: int
    made_at: datetime


BALANCE_EXAMPLE = {
    "persons": 50,
    "queued": 0,
    "attached": 46,
    "held": 3,
    "excluded": 1,
    "exported": 0,
    "accepted": 0,
    "rejected": 0,
    "corrections": 0,
}


class FileOut(Schema):
    """A declaration file and how its persons stand. `ready`: nobody is queued, it can be exported;
    false again once it was made or withdrawn.

    `separate_files`: the files with profiles only that went beside it; each can be fetched by its own id.
    """

    model_config = example(
        id=ID,
        kind="received",
        separate_files=[],
        state="imported",
        is_test=False,
        uzovi="9991",
        invoice_number="F2024-01",
        period_first_day="2024-01-01",
        period_last_day="2024-01-31",
        record_count=255,
        warning_count=0,
        person_count=50,
        sha256="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        imported_at="2024-02-02T09:30:00+01:00",
        ready=True,
        balance=BALANCE_EXAMPLE,
        reasons=[
            {"kind": "regular", "state": "attached", "reason": "", "label": "toegevoegd", "count": 46},
            {
                "kind": "regular",
                "state": "held",
                "reason": "no_valid_profile",
                "label": "geen geldig profiel",
                "count": 3,
            },
        ],
        export=None,
        handover=EXAMPLE,
    )
    id: UUID
    kind: FileKind
    separate_files: list[UUID]
    state: FileState
    is_test: bool
    uzovi: str
    invoice_number: str
    period_first_day: date
    period_last_day: date
    record_count: int
    warning_count: Annotated[
        int, Field(description="waarschuwingen bij het inlezen; check_declarations noemt ze")
    ]
    person_count: int
    sha256: str
    imported_at: datetime
    ready: bool
    balance: BalanceOut
    reasons: list[GroupOut]
    export: ExportOut | None
    handover: HandoverOut


class FoundOut(Schema):
    """One thing that is wrong. `line` counts from 1 (0: the whole); `field` is a field's number or name."""

    line: int
    field: str
    name: str
    message: str
    rule: Annotated[str, Field(description="vaste code van de regel die is gebroken, bij een bestand")] = ""
    return_code: Annotated[
        str, Field(description="retourcode van Vektis (COD954) die hetzelfde zegt; leeg als die er niet is")
    ] = ""


class ProblemOut(Schema):
    """Why a call was refused (RFC 9457). `code` is stable; `id` names what was there already."""

    model_config = example(
        type="urn:draagvlak:problem:file_refused",
        title="Er zitten fouten in het bestand",
        status=422,
        detail="Het bestand is niet ingelezen: er zit 1 fout in.",
        code="file_refused",
        total=1,
        problems=[{"line": 3, "field": "0203", "name": "BSN", "message": "Dit BSN klopt niet."}],
    )
    type: str
    title: str
    status: int
    detail: str
    code: str
    id: UUID | None = None
    total: int | None = None
    problems: list[FoundOut] | None = None
