"""What goes in and out as JSON about a file that is made, handed over and answered."""

from datetime import date, datetime
from typing import Annotated, Literal

from ninja import Schema
from pydantic import ConfigDict, Field

from declarations.schema.delivery_constants import JobPhase, JobState, ReplyStatus
from exchange.rest.constants import ROWS_PER_CALL
from exchange.rest.example import example
from exchange.rest.schemas import ID, ExportOut, FoundOut, Incoming
from profiles.engine import shipped

SHA256 = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
EXPORT = {
    "sha256": SHA256,
    "size": 32_448,
    "record_count": 104,
    "inserted_count": 46,
    "made_at": "2024-02-02T09:31:00+01:00",
}


def _sent(**values: object) -> ConfigDict:
    return ConfigDict(extra="forbid", json_schema_extra={"example": values})  # type: ignore[dict-item]


class ExportJobOut(Schema):
    """How far the making of a file is. `message` and `problems` say why it was not made or not released."""

    model_config = example(
        state="working",
        phase="proving",
        done=32_000,
        total=104_000,
        per_second=41_000,
        seconds_left=2,
        asked_at="2024-02-02T09:30:58+01:00",
        ended_at=None,
        message="",
        problems=[],
        export=None,
    )
    state: JobState
    phase: Annotated[
        JobPhase | Literal[""],
        Field(
            description="writing: schrijven; proving: nakijken wat er geschreven is; finishing: vastleggen; "
            "leeg: wacht of klaar. looking en comparing horen bij een apart bestand; checking, storing en "
            "queueing bij het inlezen; matching en answering bij een lijst met antwoorden"
        ),
    ]
    done: Annotated[int, Field(description="records van deze stap")]
    total: int
    per_second: Annotated[int, Field(description="0: nog niets gemeten")]
    seconds_left: Annotated[int | None, Field(description="van deze stap")]
    asked_at: datetime | None
    ended_at: datetime | None
    message: str
    problems: list[FoundOut]
    export: ExportOut | None


class RecordsOut(Schema):
    """Records of a content by type, and its closing total as it is written there (9907 and 9908)."""

    sha256: str
    size: int
    records: Annotated[dict[str, int], Field(description="per recordtype, en `all` voor alles samen")]
    control_total: str
    profile_records: int = 0


class VersionOut(Schema):
    """A version that the profile records rest on; `mark` is a hash, of a code table the list (0416)."""

    name: str
    version: str
    mark: str


class VersionsOut(Schema):
    """Which versions made it."""

    product: str
    models: list[VersionOut]
    instruments: list[VersionOut]
    code_tables: list[VersionOut]


class ManifestFileOut(Schema):
    """Which file it is about."""

    id: str
    name: str
    organisation: str
    uzovi: str
    invoice_number: str
    invoice_date: date
    period_first_day: date
    period_last_day: date
    is_test: bool


class MadeOut(Schema):
    """When it was made, by whom, and for the how manyth time."""

    at: datetime
    by: str
    version: int = 1


class CheckedOut(Schema):
    """What our own checker said of it."""

    standard: str
    errors: int
    warnings: int


_CONTENT = {
    "sha256": SHA256,
    "size": 18_096,
    "records": {"01": 1, "02": 28, "04": 28, "98": 0, "99": 1, "all": 58},
    "control_total": "00000546000D",
    "profile_records": 0,
}


class ManifestOut(Schema):
    """What is in a file that was made, what it came from, and by which versions; the same every time."""

    model_config = example(
        format="draagvlak-manifest 1",
        file={
            "id": ID,
            "name": "75999001-f2024-01-met-profielen.txt",
            "organisation": "75999001",
            "uzovi": "9991",
            "invoice_number": "F2024-01",
            "invoice_date": "2024-02-02",
            "period_first_day": "2024-01-01",
            "period_last_day": "2024-01-31",
            "is_test": False,
        },
        made={"at": "2024-02-02T09:31:00+01:00", "by": "Pim de Vries", "version": 1},
        original=_CONTENT,
        result=_CONTENT | {"profile_records": 28},
        persons={"exported": 28},
        checked={"standard": "AW319 1.4, bericht 428", "errors": 0, "warnings": 0},
        versions={
            "product": "0.1.0",
            "models": [{"name": shipped().name, "version": shipped().version, "mark": SHA256}],
            "instruments": [{"name": shipped().name, "version": shipped().version, "mark": SHA256}],
            "code_tables": [{"name": "voorbeeld", "version": "1", "mark": "990"}],
        },
    )
    format: str
    file: ManifestFileOut
    made: MadeOut
    original: Annotated[RecordsOut | None, Field(description="leeg bij een apart bestand")]
    result: RecordsOut
    persons: Annotated[dict[str, int], Field(description="verzekerden per staat, toen het werd gemaakt")]
    checked: CheckedOut
    versions: VersionsOut


# Without what nobody can see: the database takes no NUL, and a list of answers is read by the line.
_PLAIN = r"^[^\x00-\x1f\x7f-\x9f\u2028\u2029]*$"
_LINES = r"^[^\x00-\x08\x0e-\x1f\x7f-\x9f]*$"


class DeliveryIn(Incoming):
    """That a file was handed over: when, and the number that the receiver gave."""

    model_config = _sent(delivered_at="2024-02-02T10:15:00+01:00", receipt="VZ-2024-00123")
    delivered_at: datetime
    receipt: Annotated[str, Field(max_length=60, pattern=_PLAIN)] = ""


class DeliveryOut(Schema):
    """A delivery as it was written down."""

    model_config = example(
        delivered_at="2024-02-02T10:15:00+01:00",
        receipt="VZ-2024-00123",
        recorded_at="2024-02-02T10:16:02+01:00",
    )
    delivered_at: datetime
    receipt: str
    recorded_at: datetime


Reason = Annotated[
    str,
    Field(
        max_length=500,
        pattern=_LINES,
        description="nodig bij afgekeurd; geen namen van cliënten; een nieuwe regel wordt een spatie",
    ),
]


class FileReplyIn(Incoming):
    """One answer for all profile records of a file."""

    model_config = _sent(status="afgekeurd", reason="Onbekende code")
    status: ReplyStatus
    reason: Reason = ""


class AnswerIn(Incoming):
    """The answer about one profile record. References of other records may be sent: they are passed over."""

    reference: Annotated[str, Field(max_length=20, pattern=_PLAIN, description="0431")]
    status: ReplyStatus
    reason: Reason = ""


class RepliesIn(Incoming):
    """Answers to record: all of them, or none when one has an error."""

    model_config = _sent(
        answers=[
            {"reference": "DVA7K2M5QXW3ZB6RT4NC", "status": "aanvaard", "reason": ""},
            {"reference": "DVB2L6P3RYV7XC4SU5MD", "status": "afgekeurd", "reason": "Onbekende code"},
        ]
    )
    answers: Annotated[list[AnswerIn], Field(min_length=1, max_length=ROWS_PER_CALL)]


class RepliesOut(Schema):
    """How many answers were new, known already, older than what is known, or about records of others."""

    model_config = example(accepted=1, rejected=1, known=0, outdated=0, others=0)
    accepted: int
    rejected: int
    known: Annotated[int, Field(description="zo stond het al: er verandert niets")]
    outdated: Annotated[
        int,
        Field(
            description="eerder gegeven, daarna kwam een ander antwoord: er verandert niets. Is het toch een "
            "nieuw antwoord, geef dan een andere reden mee"
        ),
    ]
    others: Annotated[int, Field(description="over andere prestaties: overgeslagen")]
