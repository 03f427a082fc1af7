"""Makes fictional but correct AW319 files: for the demo, the tests and the figures. Never for real people.

BSNs lie in 999xxxxxx and pass the 11-test, insurers are 999x; the same seed gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from random import Random
from typing import Final

from declarations.aw319.bsn import passes_eleven_test
from declarations.aw319.record_builder import Stencil, compose

LINES_PER_CHUNK: Final = 2_048
_SURNAMES: Final = ("Akkerdijk", "Brontë", "Günthér", "Heuvelrug", "Ørsted", "Veldwachter", "Zilvermeeuw")
_PREFIXES: Final = ("", "", "", "van", "de", "van der")
_INITIALS: Final = ("A", "BC", "É", "JM", "KLM", "T")


@dataclass(frozen=True, slots=True)
class FileSpec:
    """What the header says. `performer` (0420) is the organisation itself unless given."""

    agb: str
    uzovi: str
    invoice_number: str
    period_first: date
    period_last: date
    invoice_date: date
    is_test: bool = False
    performer: str = ""


@dataclass(frozen=True, slots=True)
class Care:
    """One performance. `tariff` is in cents per unit of 0419; a credit names the earlier debit."""

    first_day: date
    last_day: date
    code: str
    unit: str
    count: int
    tariff: int
    list_code: str = "065"
    is_credit: bool = False
    earlier_reference: str = ""
    vat: int = 0
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SampleInsured:
    """One 02 record and what stands under it."""

    bsn: str
    uzovi: str
    insured_number: str
    date_of_birth: date
    sex: str
    initials: str
    surname: str
    prefix: str = ""
    postcode: str = "9999ZZ"
    house_number: int = 1
    is_deceased: bool = False
    care: tuple[Care, ...] = ()
    comments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Population:
    """How many fictional people and performances each; every so many-th person has a comment (0: none)."""

    persons: int
    performances: int = 4
    comments_every: int = 10
    seed: int = 1


@dataclass(frozen=True, slots=True)
class _Product:
    """A way of being paid: code, unit, tariff in cents, and how many units fit in a day."""

    code: str
    unit: str
    tariff: int
    most: int


# Fictional codes and round tariffs: hour, five minutes, day, month, and a period without a unit of its own.
_PRODUCTS: Final = (
    _Product("W0104", "04", 6_500, 3),
    _Product("W0107", "07", 550, 36),
    _Product("W0114", "14", 4_250, 1),
    _Product("W0131", "31", 61_000, 1),
    _Product("W0181", "81", 15_400, 1),
)


_FIRST_BIRTH: Final = date(1930, 1, 1)

_INSURED: Final = Stencil(
    "02",
    ("0202", "0203", "0204", "0205", "0207", "0208", "0210", "0211", "0215", "0217", "0219", "0223"),
    {"0221": "NL"},
)
_PERFORMANCE: Final = Stencil(
    "04",
    (
        *("0402", "0403", "0404", "0405", "0414", "0415", "0416", "0417", "0418", "0419", "0420"),
        *("0425", "0426", "0427", "0428", "0429", "0430", "0431", "0432"),
    ),
)
_COMMENT: Final = Stencil("98", ("9802", "9803", "9804"))
_TRAILER: Final = Stencil("99", ("9902", "9904", "9905", "9906", "9907", "9908"))


def build(spec: FileSpec, insured: Iterable[SampleInsured]) -> Iterator[bytes]:
    """Yield the file in chunks of at most 640 kB, correct to the last count."""
    lines = _lines(spec, insured)
    while chunk := b"".join(islice(lines, LINES_PER_CHUNK)):
        yield chunk


def population(spec: FileSpec, wanted: Population) -> Iterator[SampleInsured]:
    """Fictional people with care spread over the period of the file, of the file's own insurer first.

    Where there are more than there are numbers, somebody comes again with another insurer: the same birth.
    """
    random = Random(wanted.seed)  # noqa: S311 - fictional data, the same for the same seed
    keys = _keys(spec.uzovi)
    births: dict[str, date] = {}
    for number in range(1, wanted.persons + 1):
        bsn, uzovi = next(keys)
        has_comment = bool(wanted.comments_every) and number % wanted.comments_every == 0
        yield SampleInsured(
            bsn=bsn,
            uzovi=uzovi,
            insured_number=f"{number:010d}",
            date_of_birth=births.setdefault(bsn, _FIRST_BIRTH + timedelta(days=random.randrange(25_000))),
            sex=random.choice("12"),
            initials=random.choice(_INITIALS),
            surname=random.choice(_SURNAMES),
            prefix=random.choice(_PREFIXES),
            house_number=random.randrange(1, 400),
            care=tuple(usual_care(random, spec.period_first, spec.period_last, wanted.performances)),
            comments=("Fictieve toelichting",) if has_comment else (),
        )


def usual_care(random: Random, first: date, last: date, performances: int) -> Iterator[Care]:
    """The period in so many stretches, one performance each."""
    days = (last - first).days + 1
    for index in range(performances):
        start = first + timedelta(days=index * days // performances)
        end = first + timedelta(
            days=max((index + 1) * days // performances - 1, index * days // performances)
        )
        product = random.choice(_PRODUCTS)
        yield Care(start, end, product.code, product.unit, random.randint(1, product.most), product.tariff)


def fictional_bsns() -> Iterator[str]:
    """All BSNs from 999000000 that pass the 11-test, about 90,900 of them."""
    return (
        str(number) for number in range(999_000_000, 999_999_999) if passes_eleven_test(str(number).encode())
    )


def _keys(uzovi: str) -> Iterator[tuple[str, str]]:
    """Insured persons without end in sight: when the numbers run out, the next fictional insurer."""
    for insurer in [uzovi, *(f"999{digit}" for digit in range(10) if f"999{digit}" != uzovi)]:
        for bsn in fictional_bsns():
            yield bsn, insurer


def _lines(spec: FileSpec, insured: Iterable[SampleInsured]) -> Iterator[bytes]:
    tally = _Tally(spec)
    yield _header(spec)
    for person in insured:
        yield from tally.person(person)
    yield tally.trailer()


class _Tally:
    """Writes detail records and counts what the trailer has to say."""

    def __init__(self, spec: FileSpec) -> None:
        self._spec = spec
        self._insured = self._performances = self._comments = self._total = 0
        self._number = 0

    def person(self, person: SampleInsured) -> Iterator[bytes]:
        self._insured += 1
        self._number += 1
        yield _insured(person, self._number)
        yield from self._with_comments(person.comments)
        for care in person.care:
            self._performances += 1
            self._number += 1
            self._total += care.tariff * care.count * (-1 if care.is_credit else 1)
            yield self._performance(person, care)
            yield from self._with_comments(care.comments)

    def _with_comments(self, comments: tuple[str, ...]) -> Iterator[bytes]:
        for index, text in enumerate(comments, 1):
            self._comments += 1
            yield _COMMENT.fill(self._number, index, text[:140])

    def _performance(self, person: SampleInsured, care: Care) -> bytes:
        spec, amount = self._spec, care.tariff * care.count
        sign = "C" if care.is_credit else "D"
        return _PERFORMANCE.fill(
            *(self._number, person.bsn, person.uzovi, person.insured_number),
            *(f"{care.first_day:%Y%m%d}", f"{care.last_day:%Y%m%d}"),
            *(care.list_code, care.code, care.count, care.unit, spec.performer or spec.agb),
            *(care.tariff, amount, sign, care.vat, amount, sign),
            spec.invoice_number + format(self._performances, "08d"),
            care.earlier_reference,
        )

    def trailer(self) -> bytes:
        details = self._insured + self._performances + self._comments
        return _TRAILER.fill(
            *(self._insured, self._performances, self._comments, details),
            *(abs(self._total), "C" if self._total < 0 else "D"),
        )


def _header(spec: FileSpec) -> bytes:
    return compose(
        "01",
        {
            "0105": "T" if spec.is_test else "P",
            "0108": spec.uzovi,
            "0112": spec.agb,
            "0113": "04",
            "0114": spec.period_first,
            "0115": spec.period_last,
            "0116": spec.invoice_number,
            "0117": spec.invoice_date,
        },
    )


def _insured(person: SampleInsured, number: int) -> bytes:
    return _INSURED.fill(
        *(number, person.bsn, person.uzovi, person.insured_number, f"{person.date_of_birth:%Y%m%d}"),
        *(person.sex, person.surname, person.prefix, person.initials, person.postcode, person.house_number),
        "1" if person.is_deceased else "2",
    )
