"""The rules that a file can break: stable codes, severities and Dutch sentences."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

TOO_MANY: Final = "file.too_many"


class Severity(Enum):
    """An error refuses the file; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its stable code, its severity and a Dutch sentence with `{0}`, `{1}` for the details."""

    code: str
    severity: Severity
    sentence: str


def gettext_noop(text: str) -> str:
    """Mark a sentence for the translators; the screens translate it."""
    return text


_ = gettext_noop


def _error(code: str, sentence: str) -> Rule:
    return Rule(code, Severity.ERROR, sentence)


def _warning(code: str, sentence: str) -> Rule:
    return Rule(code, Severity.WARNING, sentence)


_FILE = (
    _error("file.empty", _("Het bestand is leeg.")),
    _error("file.not_aw319", _("Dit is geen AW319-bestand: het begint niet met een voorlooprecord 01.")),
    _error("file.no_line_ends", _("De records staan achter elkaar zonder regeleinden (CR LF).")),
    _error("file.bom", _("Het bestand begint met een BOM. Sla het op als ISO-8859-1 zonder BOM.")),
    _error("file.eof_mark", _("Er staat een einde-bestandteken (0x1A) in het bestand. Haal dat weg.")),
    _error(
        "file.truncated", _("Het bestand is afgebroken: het laatste record heeft {0} van de 310 posities.")
    ),
    _error(
        TOO_MANY,
        _("Er zijn meer dan {0} fouten. Vanaf hier is het bestand niet verder nagekeken."),
    ),
    _error("line.ends_lf", _("Aantal regels dat eindigt op LF in plaats van CR LF: {0}. Dit is de eerste.")),
    _warning("line.last_end_missing", _("Na het laatste record ontbreekt CR LF.")),
    _error("line.length", _("De regel heeft {0} posities in plaats van 310.")),
    _error("line.empty", _("De regel is leeg.")),
    _error("message.code", _("Dit is bericht {0}. Alleen bericht 428 (wijkverpleging) kan worden gelezen.")),
    _error("message.version", _("Dit is versie {0} van de standaard. Alleen versie 1.4 kan worden gelezen.")),
)


_BYTES = (
    _error("bytes.utf8", _("De tekens zijn als UTF-8 opgeslagen. Het bestand moet in ISO-8859-1 staan.")),
    _error(
        "bytes.windows1252", _("Er staat een Windows-1252-teken (0x80-0x9F) in dat ISO-8859-1 niet kent.")
    ),
    _error("bytes.control", _("Er staat een stuurteken in.")),
)


_ORDER = (
    _error("order.second_header", _("Er staat een tweede voorlooprecord 01 in het bestand.")),
    _error("order.unknown_record", _("Recordtype {0} bestaat niet in dit bericht.")),
    _error("order.no_insured", _("Het bestand heeft geen enkel verzekerdenrecord 02.")),
    _error("order.performance_without_insured", _("Prestatierecord 04 zonder verzekerdenrecord 02 erboven.")),
    _error(
        "order.insured_without_performance", _("Onder dit verzekerdenrecord staat geen prestatierecord 04.")
    ),
    _error("order.comment_without_record", _("Commentaarrecord 98 hoort direct onder een record 02 of 04.")),
    _error("order.no_trailer", _("Het sluitrecord 99 ontbreekt.")),
    _error("order.after_trailer", _("Na het sluitrecord 99 staan nog gegevens.")),
    _error("sequence.detail", _("Het volgnummer klopt niet: hier hoort {0}.")),
    _error("sequence.comment", _("Het nummer is niet dat van het record erboven: hier hoort {0}.")),
    _error("sequence.comment_line", _("Het regelnummer van het commentaar klopt niet: hier hoort {0}.")),
    _error("parent.differs", _("De waarde is anders dan in het verzekerdenrecord erboven.")),
)


_FIELD = (
    _error("field.required", _("Dit veld moet gevuld zijn.")),
    _error("field.numeric", _("Hier mogen alleen cijfers staan, rechts aangesloten en met nullen ervoor.")),
    _error("field.left_aligned", _("De tekst moet op de eerste positie beginnen.")),
    _error("field.code", _("Deze code is hier niet toegestaan.")),
    _error("field.format", _("De vorm van deze waarde klopt niet.")),
    _error("field.agb", _("Dit is geen geldige AGB-code.")),
    _error("field.must_be_empty", _("Dit veld moet in bericht 428 leeg zijn (nullen of spaties).")),
    _error("field.reserve", _("In de reserve mogen alleen spaties staan.")),
)


_HEADER = (
    _error(
        "header.software",
        _("Softwarecode 0106 en versie 0107 horen allebei of geen van beide gevuld te zijn."),
    ),
    _error("header.insurer_missing", _("Vul het UZOVI-nummer, of de code van het servicebureau.")),
    _warning(
        "header.insurer_blank",
        _("Er is geen UZOVI-nummer: het bestand heeft geen verzekeraar als ontvanger."),
    ),
    _error("header.practice", _("Bij een praktijkcode hoort een zorgverlenerscode in 0110.")),
    _error(
        "header.payee", _("Dit wijst naar veld {0} als ontvanger van de betaling, maar dat veld is leeg.")
    ),
    _error("header.agb_other", _("De AGB-code is niet die van deze organisatie.")),
    _error("period.order", _("De einddatum van de declaratieperiode ligt voor de begindatum.")),
    _warning("period.after_end", _("De prestatie eindigt na de declaratieperiode.")),
)


_INSURED = (
    _error("bsn.check", _("Het BSN voldoet niet aan de elfproef.")),
    _error("name.partner_missing", _("Bij naamcode 2 hoort de naam van de partner.")),
    _error("name.partner_unexpected", _("Bij naamcode 0 hoort hier niets te staan.")),
    _warning("name.initials", _("Voorletters horen aaneen te staan, zonder spatie.")),
    _warning("address.country_missing", _("Zonder Nederlandse postcode is de landcode verplicht.")),
    _warning("address.two_postcodes", _("Er staat een Nederlandse en een buitenlandse postcode.")),
    _warning(
        "person.birth_differs", _("Deze verzekerde staat eerder in het bestand met een andere geboortedatum.")
    ),
)


_PERFORMANCE = (
    _error("date.invalid", _("Deze datum bestaat niet.")),
    _error("date.future", _("Deze datum ligt in de toekomst.")),
    _error("date.after_invoice", _("Deze datum ligt na de factuurdatum (0117).")),
    _error("date.before_2013", _("De datum van een prestatie moet na 31-12-2012 liggen.")),
    _error("date.order", _("De einddatum van de prestatie ligt voor de begindatum.")),
    _warning("date.before_birth", _("De prestatie begint voor de geboortedatum van de verzekerde.")),
    _error("code.unit", _("Deze tijdseenheid geldt niet bij eerstelijnsverblijf (lijst 068).")),
    _error("amount.calculated", _("Het berekende bedrag is niet het tarief maal het aantal.")),
    _error("amount.declared_too_high", _("Het gedeclareerde bedrag is hoger dan het berekende bedrag.")),
    _error(
        "amount.zero_mix",
        _("Tarief, berekend en gedeclareerd bedrag moeten alle drie nul zijn, of geen ervan."),
    ),
    _error("amount.sign", _("Debet/credit van het berekende en het gedeclareerde bedrag zijn verschillend.")),
    _warning("amount.zero_credit", _("Een nulbedrag staat als credit.")),
    _error(
        "reference.missing", _("Bij een creditregel hoort het referentienummer van de eerdere debetregel.")
    ),
    _error("reference.itself", _("De creditregel verwijst naar zichzelf.")),
    _error(
        "reference.credit",
        _("De creditregel verwijst naar een andere creditregel (regel {0}), niet naar een debetregel."),
    ),
    _error("reference.duplicate", _("Dit referentienummer staat al op regel {0}.")),
)


_TOGETHER = (
    _error(
        "credit.same_file",
        _("Deze creditregel neemt regel {0} van hetzelfde bestand terug. Laat beide regels weg."),
    ),
    _error(
        "credit.twice",
        _("De debetregel waar deze creditregel naar verwijst is op regel {0} al teruggenomen."),
    ),
    _error(
        "credit.person",
        _("De debetregel waar deze creditregel naar verwijst (regel {0}) is van een andere verzekerde."),
    ),
    _error(
        "credit.amount",
        _("De debetregel waar deze creditregel naar verwijst (regel {0}) heeft een ander bedrag."),
    ),
    _warning(
        "performance.twice", _("Dezelfde prestatie staat al op regel {0}, met een ander referentienummer.")
    ),
    _warning(
        "vat.number_missing",
        _("Btw-percentage zonder btw-nummer (0118) in het voorlooprecord. Dit is de eerste van {0} regels."),
    ),
    _warning(
        "reference.used_before",
        _("Dit referentienummer stond al in een eerder bestand: factuur {0} van {1}."),
    ),
    _warning(
        "reference.not_compared",
        _(
            "Of een referentienummer al in een eerder bestand stond, is voor {0} eerdere bestanden niet "
            "nagekeken: die worden daarvoor nog gelezen."
        ),
    ),
)


_TRAILER = (
    _error("count.insured", _("Hier staat {0}, maar geteld is: {1} (verzekerdenrecords).")),
    _error("count.performances", _("Hier staat {0}, maar geteld is: {1} (prestatierecords).")),
    _error("count.comments", _("Hier staat {0}, maar geteld is: {1} (commentaarrecords).")),
    _error("count.details", _("Hier staat {0}, maar geteld is: {1} (detailrecords).")),
    _error("total.amount", _("Het totaal is {0}, maar de prestaties tellen op tot {1} (in centen).")),
    _error("total.sign", _("Debet/credit van het totaal klopt niet: hier hoort {0}.")),
)


RULES: Final = {
    rule.code: rule
    for rules in (_FILE, _BYTES, _ORDER, _FIELD, _HEADER, _INSURED, _PERFORMANCE, _TOGETHER, _TRAILER)
    for rule in rules
}
