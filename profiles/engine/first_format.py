"""The first format of rules, in which DKDL 2.0 was published: three scores that have their names here.

Published rules are hashed and stored, so they stay as they are. What that format leaves out (names, words,
how long an exception lasts) stands here in the terms of today's format, for each version that has it.
"""

from collections.abc import Mapping
from itertools import product
from typing import Any, Final

from profiles.engine.rules import (
    BalanceRules,
    DimensionRules,
    ExceptionRules,
    LevelRules,
    ProfileRules,
    QuestionRules,
    Rules,
    SentenceRules,
)
from profiles.engine.texts import translatable as _

CAPACITY, BURDEN, SUPPORT_NEED = "capacity", "burden", "support_need"

BALANCE: Final[BalanceRules] = {
    "left": CAPACITY,
    "right": BURDEN,
    "below": SUPPORT_NEED,
    "straight": _("De balans staat recht."),
    "to_left": _("De balans helt naar links: de draagkracht weegt het zwaarst."),
    "to_right": _("De balans helt naar rechts: de draaglast weegt het zwaarst."),
    "title": _(
        "Balans: draagkracht %(left)d van %(most_left)d, draaglast %(right)d van %(most_right)d, "
        "ondersteuningsbehoefte %(below)d van %(most_below)d"
    ),
    "limits": _(
        "Draagkrachtig is het vanaf %(left)d, verhoogde draaglast is het vanaf %(right)d. "
        "Op de band eronder staat de ondersteuningsbehoefte op %(below)d: %(word)s."
    ),
}

#: By code; a table may name others, which then have their label alone.
TERMS: Final[Mapping[str, ExceptionRules]] = {
    "MKT": {
        "code": "MKT",
        "label": "",
        "meaning": _(
            "De cliënt is op de datum van de anamnese jonger dan 18. De zorg is medische kindzorg thuis; "
            "de vragen over draagkracht en draaglast horen daar niet bij. "
            "Op de 18e verjaardag stopt dit profiel."
        ),
        "plain": _(
            "U bent jonger dan 18. Voor kinderen en jongeren is de zorg anders geregeld. "
            "Daarom zijn de andere vragen niet gesteld."
        ),
    },
    "PTZ": {
        "code": "PTZ",
        "label": "",
        "meaning": _(
            "De zorg is palliatief-terminaal: de levensverwachting is korter dan drie maanden. "
            "Daarom zijn de andere vragen niet gesteld. Na drie maanden vragen we je opnieuw te kijken."
        ),
        "plain": _(
            "De zorg is nu vooral bedoeld om het u zo prettig mogelijk te maken. "
            "Daarom zijn de andere vragen niet gesteld."
        ),
        "asks_after_months": 3,
        "asks_why": _("Drie maanden na een palliatief-terminaal profiel"),
    },
    "TIJDELIJK": {
        "code": "TIJDELIJK",
        "label": "",
        "meaning": _(
            "Je wist nog niet genoeg, maar verwacht dat binnen vier weken wel. "
            "Dit profiel geldt 28 dagen; daarna is een nieuwe anamnese nodig."
        ),
        "plain": _(
            "Wij kennen uw situatie nog niet goed genoeg. "
            "Binnen vier weken vullen wij de rest van de lijst met u in."
        ),
        "word": _("Tijdelijk"),
        "lasts_days": 28,
    },
    "GEEN": {
        "code": "GEEN",
        "label": "",
        "meaning": _(
            "Er was niet genoeg bekend om de vragen te beantwoorden, "
            "en dat verandert ook niet binnen vier weken."
        ),
        "plain": _("Er was niet genoeg bekend om de andere vragen te beantwoorden."),
        "word": _("Geen"),
    },
}


def is_first(rules: Mapping[str, Any]) -> bool:
    """Tell whether rules are in the first format: they have thresholds by name and no dimensions."""
    return "thresholds" in rules and "dimensions" not in rules


def in_full(rules: Mapping[str, Any]) -> Rules:
    """Return rules of the first format in that of today."""
    return {
        "model": rules["model"],
        "version": rules["version"],
        "dimensions": [_capacity(rules), _burden(rules), _support_need(rules)],
        "gates": rules["gates"],
        "questions": [*rules["questions"], _technical(rules["technical"])],
        "profiles": _profiles(rules),
        "exceptions": [_exception(entry) for entry in rules["exceptions"]],
        "balance": BALANCE,
    }


def _exception(entry: ExceptionRules) -> ExceptionRules:
    terms = TERMS.get(entry["code"])
    return entry if terms is None else {**terms, **entry}


def _capacity(rules: Mapping[str, Any]) -> DimensionRules:
    full, strong = rules["full_capacity"], rules["thresholds"]["strong_capacity_from"]
    rule: list[SentenceRules] = [
        {
            "text": _("Begint op %(full)d; elk probleem gaat eraf. Draagkrachtig is het vanaf %(start)d."),
            "values": {"full": full, "start": strong},
        }
    ]
    if full == strong:
        text = _("Eén probleem is dus al genoeg voor verminderd draagkrachtig.")
        rule.append({"text": text, "values": {}})
    reduced = _(
        "Zelf alles opvangen is nu moeilijker. Dat komt door uw geheugen, door hoe u zich voelt, "
        "of doordat er weinig mensen om u heen zijn. Eén van deze dingen is al genoeg."
    )
    able = _("U kunt veel zelf opvangen. Er zijn ook mensen om u heen met wie u goed contact heeft.")
    return {
        "id": CAPACITY,
        "name": _("Draagkracht"),
        "short": "DK",
        "column": "draagkracht",
        "rule": rule,
        "levels": [
            _level(0, _("verminderd draagkrachtig"), reduced),
            _level(strong, _("draagkrachtig"), able),
        ],
        "counts_down_from": full,
        "limit": _("draagkrachtig"),
    }


def _burden(rules: Mapping[str, Any]) -> DimensionRules:
    raised = rules["thresholds"]["raised_burden_from"]
    heavy = _(
        "Er komt veel op u af. Wij verwachten dat het zwaarder wordt, of u heeft niemand die vaak helpt."
    )
    light = _("Er komt niet te veel op u af, zoals het nu gaat.")
    text = _("Mantelzorg en verwacht verloop bij elkaar. Verhoogd is het vanaf %(start)d.")
    return {
        "id": BURDEN,
        "name": _("Draaglast"),
        "short": "DL",
        "column": "draaglast",
        "rule": [{"text": text, "values": {"start": raised}}],
        "levels": [
            _level(0, _("geen verhoogde draaglast"), light),
            _level(raised, _("verhoogde draaglast"), heavy),
        ],
        "limit": _("verhoogd"),
    }


def _support_need(rules: Mapping[str, Any]) -> DimensionRules:
    medium, high = rules["thresholds"]["medium_need_from"], rules["thresholds"]["high_need_from"]
    text = _("Alle hulp bij elkaar. Gemiddeld is het vanaf %(medium)d, hoog vanaf %(high)d.")
    much = _("U heeft veel hulp nodig, bijvoorbeeld bij wassen, bij medicijnen of met verpleging.")
    some = _("U heeft bij een paar dingen hulp nodig, bijvoorbeeld bij wassen of bij medicijnen.")
    little = _("U heeft bij weinig dingen hulp nodig.")
    return {
        "id": SUPPORT_NEED,
        "name": _("Ondersteuningsbehoefte"),
        "short": "OB",
        "narrow": _("Ondersteunings\xadbehoefte"),
        "column": "ondersteuningsbehoefte",
        "rule": [{"text": text, "values": {"medium": medium, "high": high}}],
        "levels": [
            _level(0, _("laag"), little),
            _level(medium, _("gemiddeld"), some),
            _level(high, _("hoog"), much),
        ],
    }


def _level(first: int, word: str, plain: str) -> LevelRules:
    return {"first": first, "word": word, "plain": plain}


def _technical(technical: Mapping[str, Any]) -> QuestionRules:
    return {
        "question": technical["question"],
        "dimension": technical["dimension"],
        "points": technical["points"],
        "several": True,
        "opened_by": technical["opened_by"],
        "opening": technical["opening"],
    }


def _profiles(rules: Mapping[str, Any]) -> list[ProfileRules]:
    """Add the profile number up for each combination of levels; in the order of the numbers."""
    by_number = {_number(levels, rules["numbering"]): levels for levels in product((0, 1), (0, 1), (0, 1, 2))}
    return [
        {"levels": list(by_number[each["number"]]), "code": each["code"], "label": each["label"]}
        for each in rules["profiles"]
    ]


def _number(levels: tuple[int, int, int], numbering: Mapping[str, int]) -> int:
    strong, burdened, need = levels
    first = numbering["strong_capacity"] if strong else numbering["reduced_capacity"]
    added = (0, numbering["medium_need"], numbering["high_need"])[need]
    return first + burdened * numbering["raised_burden"] + added
