"""Shapes of clients as the API takes and gives them."""

from datetime import date
from typing import Annotated
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from care.schema.constants import Sex
from exchange.rest.constants import ROWS_PER_CALL
from exchange.rest.example import example
from exchange.rest.schemas import ID, Bsn, Day, Incoming, Text


class ClientIn(Incoming):
    """One client, as in the CSV file of clients. The same BSN again updates the client."""

    bsn: Bsn
    initials: Text = ""
    prefix: Text = ""
    surname: Text
    date_of_birth: Day
    sex: Annotated[
        str,
        Field(
            max_length=1,
            description="0 onbekend, 1 man, 2 vrouw, 9 niet gespecificeerd",
            json_schema_extra={"enum": list(Sex.values)},
        ),
    ]
    uzovi: Annotated[str, Field(max_length=4, json_schema_extra={"pattern": "^[0-9]{4}$"})]
    insured_number: Text = ""
    team: Annotated[str, Field(max_length=80, description="naam van een team van de organisatie")]
    in_care_from: Day
    in_care_until: Annotated[
        str | None, Field(max_length=10, description="de eerste dag niet in zorg; leeg of null: nog in zorg")
    ] = ""
    target_group: Annotated[
        str | None,
        Field(
            max_length=4,
            description="ZN-doelgroep; weglaten: blijft zoals die was. Vervalt zodra de organisatie "
            "profielen declareert: dan wordt de waarde niet meer opgeslagen",
        ),
    ] = None


class ClientsIn(Incoming):
    """Clients to add or update: all of them, or none when one has an error."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "clients": [
                    {
                        "bsn": "999000019",
                        "initials": "A.",
                        "prefix": "de",
                        "surname": "Voorbeeld",
                        "date_of_birth": "1941-03-14",
                        "sex": "2",
                        "uzovi": "9991",
                        "insured_number": "0012345678",
                        "team": "Noord",
                        "in_care_from": "2024-01-01",
                        "in_care_until": "",
                    }
                ]
            }
        },
    )
    clients: Annotated[list[ClientIn], Field(min_length=1, max_length=ROWS_PER_CALL)]


class ClientsStoredOut(Schema):
    """How many came in; `ids` in the order of the rows."""

    model_config = example(added=1, updated=0, ids=[ID])
    added: int
    updated: int
    ids: list[UUID]


class LookupIn(Incoming):
    """The BSN that is looked for."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"bsn": "999000019"}})
    bsn: Bsn


_CLIENT = {
    "id": ID,
    "initials": "A.",
    "prefix": "de",
    "surname": "Voorbeeld",
    "date_of_birth": "1941-03-14",
    "sex": "2",
    "uzovi": "9991",
    "team": "Noord",
    "in_care_from": "2024-01-01",
    "in_care_until": None,
}


class ClientOut(Schema):
    """A client. The BSN stays inside: the caller knows it, or has no need of it."""

    model_config = example(**_CLIENT)
    id: UUID
    initials: str
    prefix: str
    surname: str
    date_of_birth: date
    sex: str
    uzovi: str
    team: str
    in_care_from: date
    in_care_until: Annotated[date | None, Field(description="de eerste dag dat de cliënt niet in zorg is")]
    target_group: Annotated[
        str | None, Field(description="ZN-doelgroep; leeg zodra de organisatie profielen declareert")
    ] = None


class ClientsOut(Schema):
    """A stretch of the clients; `next` goes into `after` for the following one (none: the end)."""

    model_config = example(clients=[_CLIENT], next=None)
    clients: list[ClientOut]
    next: UUID | None
