"""The DKDL model, version 2.0 (regulation NR/REG-2407): every point, threshold, code and label.

This is the only place where these numbers stand, in the format of their time (`first_format`). A published
version never changes: other numbers are another version. The options are those of the instrument with the
same version.
"""

from collections.abc import Mapping
from typing import Any, Final

from profiles.engine.building import build
from profiles.engine.texts import translatable as _

RULES: Final[Mapping[str, Any]] = {
    "model": "dkdl",
    "version": "2.0",
    "full_capacity": 7,
    "gates": [
        {"question": "Q1", "passes": "1", "exceptions": {"2": "MKT"}},
        {"question": "Q2", "passes": "1", "exceptions": {"2": "PTZ"}},
        {"question": "Q3", "passes": "1", "exceptions": {"2": "TIJDELIJK", "3": "GEEN"}},
    ],
    "questions": [
        {"question": "Q4", "dimension": "capacity", "points": {"1": 0, "2": 2, "3": 2}},
        {"question": "Q5", "dimension": "capacity", "points": {"1": 0, "2": 2, "3": 2}},
        {"question": "Q6", "dimension": "capacity", "points": {"1": 0, "2": 1, "3": 3}},
        {"question": "Q7", "dimension": "burden", "points": {"1": 0, "2": 1}},
        {"question": "Q8", "dimension": "burden", "points": {"1": 0, "2": 1, "3": 2}},
        {"question": "Q9", "dimension": "support_need", "points": {"1": 0, "2": 1, "3": 1, "4": 2}},
        {"question": "Q10", "dimension": "support_need", "points": {"1": 0, "2": 2, "3": 4}},
        {"question": "Q11", "dimension": "support_need", "points": {"1": 0, "2": 2, "3": 2}},
        # Q12 only opens Q13; it stands here with no points so that each answer has its line.
        {"question": "Q12", "dimension": "support_need", "points": {"1": 0, "2": 0}},
    ],
    "technical": {
        "question": "Q13",
        "dimension": "support_need",
        "opened_by": "Q12",
        "opening": "2",
        "points": {
            "zwachtelen": 1,
            "complexe_wond": 1,
            "sonde": 2,
            "katheter": 1,
            "overige_katheterisatie": 1,
            "darmstoma": 1,
            "darmspoeling": 2,
            "injecties": 1,
        },
        "regulator_codes": {
            "zwachtelen": "VR_technisch_zwachtelen",
            "complexe_wond": "VR_technisch_complexewonden",
            "sonde": "VR_technisch_sonde",
            "katheter": "VR_technisch_eenmaligeofverblijfskatheter",
            "overige_katheterisatie": "VR_technisch_overigeblaasennierkatheterisatie",
            "darmstoma": "VR_technisch_darmstoma",
            "darmspoeling": "VR_technisch_darmspoeling",
            "injecties": "VR_technisch_injecties",
        },
    },
    "thresholds": {
        "strong_capacity_from": 7,
        "raised_burden_from": 2,
        "medium_need_from": 4,
        "high_need_from": 6,
    },
    "numbering": {
        "strong_capacity": 1,
        "reduced_capacity": 7,
        "raised_burden": 3,
        "medium_need": 1,
        "high_need": 2,
    },
    "profiles": [
        {
            "number": 1,
            "code": "DKDL-01",
            "label": _("Draagkrachtig, geen verhoogde draaglast, lage ondersteuningsbehoefte"),
        },
        {
            "number": 2,
            "code": "DKDL-02",
            "label": _("Draagkrachtig, geen verhoogde draaglast, gemiddelde ondersteuningsbehoefte"),
        },
        {
            "number": 3,
            "code": "DKDL-03",
            "label": _("Draagkrachtig, geen verhoogde draaglast, hoge ondersteuningsbehoefte"),
        },
        {
            "number": 4,
            "code": "DKDL-04",
            "label": _("Draagkrachtig, verhoogde draaglast, lage ondersteuningsbehoefte"),
        },
        {
            "number": 5,
            "code": "DKDL-05",
            "label": _("Draagkrachtig, verhoogde draaglast, gemiddelde ondersteuningsbehoefte"),
        },
        {
            "number": 6,
            "code": "DKDL-06",
            "label": _("Draagkrachtig, verhoogde draaglast, hoge ondersteuningsbehoefte"),
        },
        {
            "number": 7,
            "code": "DKDL-07",
            "label": _("Verminderd draagkrachtig, geen verhoogde draaglast, lage ondersteuningsbehoefte"),
        },
        {
            "number": 8,
            "code": "DKDL-08",
            "label": _(
                "Verminderd draagkrachtig, geen verhoogde draaglast, gemiddelde ondersteuningsbehoefte"
            ),
        },
        {
            "number": 9,
            "code": "DKDL-09",
            "label": _("Verminderd draagkrachtig, geen verhoogde draaglast, hoge ondersteuningsbehoefte"),
        },
        {
            "number": 10,
            "code": "DKDL-10",
            "label": _("Verminderd draagkrachtig, verhoogde draaglast, lage ondersteuningsbehoefte"),
        },
        {
            "number": 11,
            "code": "DKDL-11",
            "label": _("Verminderd draagkrachtig, verhoogde draaglast, gemiddelde ondersteuningsbehoefte"),
        },
        {
            "number": 12,
            "code": "DKDL-12",
            "label": _("Verminderd draagkrachtig, verhoogde draaglast, hoge ondersteuningsbehoefte"),
        },
    ],
    "exceptions": [
        {"code": "MKT", "label": _("Medische kindzorg thuis")},
        {"code": "PTZ", "label": _("Palliatief-terminale zorg")},
        {"code": "TIJDELIJK", "label": _("Tijdelijk: gegevens volgen binnen vier weken")},
        {"code": "GEEN", "label": _("Geen gegevens over draagkracht en draaglast")},
    ],
}

#: The model of the regulation, built once.
DKDL_2_0: Final = build(RULES)
