"""Made-up people for the demo: nobody of these exists, and every BSN lies in the unused series 999."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from care.schema.constants import Sex
from care.schema.identifiers import is_bsn

SURNAMES = (
    ("", "Akkerveld"),
    ("", "Bergsma-Vliet"),
    ("van", "Dalenoord"),
    ("", "Eikhout"),
    ("", "Fonteinstra"),
    ("de", "Graafland"),
    ("", "Havermans"),
    ("", "IJsselhof"),
    ("van der", "Kempenaar"),
    ("", "Lindeboom"),
    ("", "Meerveld"),
    ("", "Noordwind"),
    ("van den", "Oeverland"),
    ("", "Polderman"),
    ("", "Rietveldhuis"),
    ("ter", "Sluisweg"),
    ("", "Tulpenaar"),
    ("", "Uiterdijk"),
    ("van", "Veldzicht"),
    ("", "Wilgenhorst"),
    ("", "Zandstroom"),
    ("el", "Morabit"),
    ("", "Yildirimöz"),
    ("", "Núñez-Brugman"),
)
LETTERS = "ABCDEFGHIJKLMNPRSTW"


@dataclass(frozen=True, slots=True)
class FictionalPerson:
    """A made-up client."""

    bsn: str
    initials: str
    prefix: str
    surname: str
    date_of_birth: date
    sex: Sex
    insured_number: str


def bsns(start: int = 999_000_000) -> Iterator[str]:
    """Yield made-up BSNs: 9 digits from 999000000 on that pass the 11-test."""
    return (text for text in map(str, range(start, 1_000_000_000)) if is_bsn(text))


def person(random: Random, bsn: str, *, today: date, is_child: bool) -> FictionalPerson:
    """Return a made-up person who is a child, or between 58 and 97 years old, on today."""
    age = random.randint(2, 16) if is_child else round(random.triangular(58, 97, 83))
    prefix, surname = random.choice(SURNAMES)
    return FictionalPerson(
        bsn=bsn,
        initials="".join(f"{letter}." for letter in random.sample(LETTERS, random.randint(1, 3))),
        prefix=prefix,
        surname=surname,
        date_of_birth=today - timedelta(days=age * 365 + random.randint(20, 340)),
        sex=random.choice((Sex.FEMALE, Sex.FEMALE, Sex.MALE)),
        insured_number=f"9{bsn[3:]}",
    )
