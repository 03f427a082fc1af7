"""The five record types of AW319 version 1.4 as message 428 fills them: the one layout for all else.

A record has 310 positions of one byte (ISO-8859-1). Every field has a number, a name, a type, a place, an
obligation and a pattern of the bytes that are right for it **in message 428** (district nursing and short
stay). Where the standard's own pattern and its text disagree the choice is explained in docs/aw319.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from declarations.aw319.fields import Field, FieldKind, Obligation, RecordLayout

RECORD_LENGTH: Final = 310
LINE_END: Final = b"\r\n"
LINE_LENGTH: Final = RECORD_LENGTH + len(LINE_END)
MESSAGE_CODE: Final = "428"
ENCODING: Final = "iso-8859-1"

LIST_CODES: Final = ("065", "068", "990")
TIME_UNITS: Final = ("00", "01", "04", "07", "11", "14", "16", "31", "41", "81")
# 11, 31 and 41 are reserved for district nursing; 068 is the list of short stay.
DISTRICT_NURSING_UNITS: Final = ("11", "31", "41")
SHORT_STAY_LIST: Final = "068"


@dataclass(frozen=True, slots=True)
class _Row:
    """A field before its place is known."""

    number: str
    name: str
    type: str
    length: int
    obligation: Obligation
    kind: FieldKind
    pattern: bytes
    codes: tuple[str, ...] = ()


_M, _C, _O, _S = Obligation.MANDATORY, Obligation.CONDITIONAL, Obligation.OPTIONAL, Obligation.RESERVED

# Printable ISO-8859-1; a text may not start with a space or a no-break space.
_ANY: Final = rb"[ -~\xa0-\xff]"
_FIRST: Final = rb"[!-~\xa1-\xff]"
_LETTER: Final = rb"[A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\xff]"
# Real days of 1900-2099, leap years included, so that no date needs a second look.
_DATE: Final = (
    rb"(?:(?:19|20)[0-9]{2}(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])"
    rb"|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)|02(?:0[1-9]|1[0-9]|2[0-8]))"
    rb"|(?:19(?:0[48]|[2468][048]|[13579][26])|20(?:[02468][048]|[13579][26]))0229)"
)
_AGB: Final = rb"(?!00|..000000)[0-9]{8}"


def _code(number: str, name: str, *codes: str, kind: str = "N", obligation: Obligation = _M) -> _Row:
    pattern = b"(?:" + b"|".join(code.encode() for code in codes) + b")"
    return _Row(number, name, kind, len(codes[0]), obligation, FieldKind.CODE, pattern, codes)


def _digits(number: str, name: str, length: int, obligation: Obligation = _M) -> _Row:
    """A number that may be zero."""
    return _Row(number, name, "N", length, obligation, FieldKind.DIGITS, b"[0-9]{%d}" % length)


def _filled(number: str, name: str, length: int) -> _Row:
    """A number that must be there: zeros mean empty."""
    return _Row(number, name, "N", length, _M, FieldKind.DIGITS, b"(?!0{%d})[0-9]{%d}" % (length, length))


def _date(number: str, name: str) -> _Row:
    return _Row(number, name, "N", 8, _M, FieldKind.DATE, _DATE)


def _agb(number: str, name: str, obligation: Obligation) -> _Row:
    return _Row(number, name, "N", 8, obligation, FieldKind.AGB, _AGB)


def _agb_or_zero(number: str, name: str, pattern: bytes = _AGB) -> _Row:
    return _Row(number, name, "N", 8, _C, FieldKind.AGB, b"(?:0{8}|" + pattern + b")")


def _text(number: str, name: str, length: int) -> _Row:
    return _Row(number, name, "AN", length, _M, FieldKind.TEXT, _FIRST + _ANY + b"{%d}" % (length - 1))


def _text_or_blank(number: str, name: str, length: int, obligation: Obligation = _C) -> _Row:
    pattern = b"(?: {%d}|" % length + _FIRST + _ANY + b"{%d})" % (length - 1)
    return _Row(number, name, "AN", length, obligation, FieldKind.TEXT, pattern)


def _name(number: str, name: str, length: int, obligation: Obligation) -> _Row:
    """A name: zeros only is no name, and only a mandatory one may not be blank."""
    text = b"(?!0{%d})" % length + _FIRST + _ANY + b"{%d}" % (length - 1)
    pattern = text if obligation is _M else b"(?: {%d}|" % length + text + b")"
    return _Row(number, name, "AN", length, obligation, FieldKind.TEXT, pattern)


def _format(number: str, name: str, length: int, obligation: Obligation, pattern: bytes) -> _Row:
    return _Row(number, name, "AN", length, obligation, FieldKind.FORMAT, pattern)


def _unused(number: str, name: str, length: int, kind: str = "N") -> _Row:
    """A field that message 428 leaves empty."""
    filler = b"0{%d}" if kind == "N" else b" {%d}"
    return _Row(number, name, kind, length, _C, FieldKind.UNUSED, filler % length)


def _reserve(number: str, length: int) -> _Row:
    return _Row(number, "Reserve", "AN", length, _S, FieldKind.RESERVE, b" {%d}" % length)


def _record(code: str, name: str, *rows: _Row) -> RecordLayout:
    fields, start = [], 1
    for row in rows:
        fields.append(
            Field(
                row.number,
                row.name,
                row.type,
                start,
                row.length,
                row.obligation,
                row.kind,
                row.pattern,
                row.codes,
            )
        )
        start += row.length
    if start != RECORD_LENGTH + 1:
        message = f"Record {code} has {start - 1} positions, not {RECORD_LENGTH}"
        raise ValueError(message)
    return RecordLayout(code, name, tuple(fields))


HEADER: Final = _record(
    "01",
    "Voorlooprecord",
    _code("0101", "Kenmerk record", "01"),
    _code("0102", "Code externe-integratiebericht", MESSAGE_CODE),
    _code("0103", "Versienummer berichtstandaard", "01"),
    _code("0104", "Subversienummer berichtstandaard", "04", obligation=_C),
    _code("0105", "Soort bericht", "P", "T", kind="AN"),
    _digits("0106", "Code informatiesysteem softwareleverancier", 6, _O),
    _text_or_blank("0107", "Versieaanduiding informatiesysteem softwareleverancier", 10),
    _digits("0108", "UZOVI-nummer", 4, _C),
    _agb_or_zero("0109", "Code servicebureau", rb"98(?!000000)[0-9]{6}"),
    _agb_or_zero("0110", "Zorgverlenerscode"),
    _agb_or_zero("0111", "Praktijkcode"),
    # Conditional on paper, but its pattern knows no empty value: always required.
    _agb("0112", "Instellingscode", _C),
    _code("0113", "Identificatiecode betaling aan", "01", "02", "03", "04"),
    _date("0114", "Begindatum declaratieperiode"),
    _date("0115", "Einddatum declaratieperiode"),
    _text("0116", "Factuurnummer declarant", 12),
    _date("0117", "Dagtekening factuur"),
    _format("0118", "BTW-identificatienummer", 14, _C, rb"(?: {14}|NL[0-9]{9}B(?!00)[0-9]{2})"),
    _code("0119", "Valutacode", "EUR", kind="AN"),
    _reserve("0180", 193),
)

INSURED: Final = _record(
    "02",
    "Verzekerdenrecord",
    _code("0201", "Kenmerk record", "02"),
    _digits("0202", "Identificatie detailrecord", 12),
    _filled("0203", "Burgerservicenummer (BSN) verzekerde", 9),
    _filled("0204", "UZOVI-nummer", 4),
    _text_or_blank("0205", "Verzekerdennummer", 15),
    _text_or_blank("0206", "Patiëntidentificatienummer", 11, _O),
    _date("0207", "Datum geboorte verzekerde"),
    _code("0208", "Code geslacht verzekerde", "1", "2"),
    _code("0209", "Naamcode/naamgebruik (01)", "1"),
    _name("0210", "Naam verzekerde (01)", 25, _M),
    _name("0211", "Voorvoegsel verzekerde (01)", 10, _C),
    _code("0212", "Naamcode/naamgebruik (02)", "0", "2", obligation=_C),
    _name("0213", "Naam verzekerde (02)", 25, _C),
    _name("0214", "Voorvoegsel verzekerde (02)", 10, _C),
    _format("0215", "Voorletters verzekerde", 6, _M, _LETTER + rb"[A-Za-z\xc0-\xd6\xd8-\xf6\xf8-\xff ]{5}"),
    _code("0216", "Naamcode/naamgebruik (03)", "0", "1", "2", "3", "4", obligation=_C),
    _format("0217", "Postcode (huisadres) verzekerde", 6, _C, rb"(?: {6}|[1-9][0-9]{3}[A-Za-z]{2})"),
    _text_or_blank("0218", "Postcode buitenland", 9),
    _digits("0219", "Huisnummer (huisadres) verzekerde", 5, _C),
    _text_or_blank("0220", "Huisnummertoevoeging (huisadres) verzekerde", 6),
    _format("0221", "Code land verzekerde", 2, _C, rb"(?: {2}|00|[A-Za-z]{2})"),
    _unused("0222", "Debiteurnummer", 11, "AN"),
    _code("0223", "Indicatie cliënt overleden", "1", "2"),
    _unused("0224", "Code indicatieorgaan", 4),
    _unused("0225", "Cliëntnummer indicatieorgaan", 20, "AN"),
    _reserve("0280", 105),
)

PERFORMANCE: Final = _record(
    "04",
    "Prestatierecord",
    _code("0401", "Kenmerk record", "04"),
    _digits("0402", "Identificatie detailrecord", 12),
    _filled("0403", "Burgerservicenummer (BSN) verzekerde", 9),
    _filled("0404", "UZOVI-nummer", 4),
    _text_or_blank("0405", "Verzekerdennummer", 15),
    _unused("0406", "Machtigingsnummer", 15, "AN"),
    _code("0407", "Doorsturen toegestaan", "1"),
    _unused("0408", "Code indicatieorgaan", 4),
    _unused("0409", "Cliëntnummer indicatieorgaan", 20, "AN"),
    _unused("0410", "Indicatie-aanvraagnummer indicatieorgaan", 9),
    _unused("0411", "Indicatiebesluitnummer indicatieorgaan", 9),
    _unused("0412", "Functiecode", 2),
    _unused("0413", "Zorgzwaartepakketcode", 3),
    _date("0414", "Begindatum prestatie"),
    _date("0415", "Einddatum prestatie"),
    _code("0416", "Aanduiding prestatiecodelijst", *LIST_CODES),
    _text("0417", "Prestatiecode", 5),
    _filled("0418", "Aantal uitgevoerde prestaties", 4),
    _code("0419", "Tijdseenheid zorgperiode", *TIME_UNITS, obligation=_C),
    _agb("0420", "Zorgverlenerscode behandelaar/uitvoerder", _M),
    _unused("0421", "Specialisme behandelaar/uitvoerder", 4),
    _agb_or_zero("0422", "Zorgverlenerscode voorschrijver/verwijzer"),
    _unused("0423", "Specialisme voorschrijver/verwijzer", 4),
    _unused("0424", "Verrekenpercentage", 5),
    _digits("0425", "Tarief prestatie (incl. btw)", 8),
    _digits("0426", "Berekend bedrag (incl. btw)", 8),
    _code("0427", "Indicatie debet/credit (01)", "D", "C", kind="AN"),
    _digits("0428", "Btw-percentage declaratiebedrag", 4, _C),
    _digits("0429", "Declaratiebedrag (incl. btw)", 8),
    _code("0430", "Indicatie debet/credit (02)", "D", "C", kind="AN"),
    _text("0431", "Referentienummer dit prestatierecord", 20),
    _text_or_blank("0432", "Referentienummer voorgaande gerelateerde prestatierecord", 20),
    _reserve("0480", 76),
)

COMMENT: Final = _record(
    "98",
    "Commentaarrecord",
    _code("9801", "Kenmerk record", "98"),
    _digits("9802", "Identificatie detailrecord", 12),
    _digits("9803", "Regelnummer vrije tekst", 4),
    _text("9804", "Vrije tekst", 140),
    _reserve("9880", 152),
)

TRAILER: Final = _record(
    "99",
    "Sluitrecord",
    _code("9901", "Kenmerk record", "99"),
    _digits("9902", "Aantal verzekerdenrecords", 6),
    _unused("9903", "Aantal debiteurrecords", 6),
    _digits("9904", "Aantal prestatierecords", 6),
    _digits("9905", "Aantal commentaarrecords", 6, _C),
    _digits("9906", "Totaal aantal detailrecords", 7),
    _digits("9907", "Totaal declaratiebedrag", 11, _C),
    _code("9908", "Indicatie debet/credit", "D", "C", kind="AN"),
    _reserve("9980", 265),
)

LAYOUTS: Final = {layout.code.encode(): layout for layout in (HEADER, INSURED, PERFORMANCE, COMMENT, TRAILER)}
FIELDS: Final = {field.number: field for layout in LAYOUTS.values() for field in layout.fields}
