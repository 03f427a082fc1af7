"""What insurers answer to what our rules find: codes of the public Vektis list COD954 (retourcode).

Sources: vektis.nl, code list COD954-VEKT (edition of 9 July 2024) and its page on return information, which
lists the commonest rejections; and the copy of that list in OpenEMR (cl_vektis_retcodes, 2008).
A rule of which no code of the list says the same has none.
"""

from __future__ import annotations

from typing import Final

# Whatever the field: the rule says what the code says.
_OF_RULE: Final = {
    "message.code": "0010",
    "line.empty": "8095",
    "line.last_end_missing": "8095",
    "line.ends_lf": "8095",
    "file.no_line_ends": "8095",
    "line.length": "0804",
    "file.truncated": "0804",
    "order.second_header": "8026",
    "order.no_insured": "8026",
    "order.performance_without_insured": "8026",
    "order.insured_without_performance": "8026",
    "order.comment_without_record": "8026",
    "order.no_trailer": "8026",
    "order.after_trailer": "8026",
    "order.unknown_record": "0002",
    "sequence.detail": "0801",
    "sequence.comment": "0801",
    "sequence.comment_line": "0754",
    "field.reserve": "0003",
    "header.payee": "8029",
    "period.order": "0021",
    "bsn.check": "0435",
    "amount.declared_too_high": "8063",
    "amount.sign": "8064",
    "reference.missing": "0651",
    "reference.itself": "0651",
    "reference.credit": "8017",
    "reference.duplicate": "8021",
    "reference.used_before": "8021",
    "credit.same_file": "8062",
    "credit.twice": "8084",
    "performance.twice": "0587",
    "count.insured": "0151",
    "count.performances": "0158",
    "count.comments": "0153",
    "count.details": "0156",
    "total.amount": "0150",
    "total.sign": "0631",
}
_OF_RULE_AND_FIELD: Final = {
    ("message.version", "0103"): "0011",
    ("message.version", "0104"): "8027",
    ("date.after_invoice", "0414"): "8177",
    ("date.after_invoice", "0415"): "8178",
    ("date.future", "0414"): "8007",
    ("date.future", "0415"): "8007",
    ("date.before_2013", "0414"): "8007",
    ("date.order", "0415"): "8007",
    ("header.insurer_missing", "0108"): "0018",
    ("header.agb_other", "0112"): "0017",
}
# A field that is missing, or wrong by itself.
_BY_ITSELF: Final = frozenset(
    {
        *("field.required", "field.numeric", "field.left_aligned", "field.code", "field.format"),
        *("field.agb", "date.invalid"),
    }
)
_OF_FIELD: Final = {
    "0102": "0010",
    "0103": "0011",
    "0104": "8027",
    "0105": "8028",
    "0108": "0018",
    "0109": "0013",
    "0110": "0014",
    "0111": "0016",
    "0112": "0017",
    "0113": "8029",
    "0114": "0020",
    "0115": "0021",
    "0116": "0030",
    "0117": "0025",
    "0119": "0031",
    "0202": "0801",
    "0203": "0435",
    "0204": "0423",
    "0208": "0351",
    "0209": "0317",
    "0210": "0312",
    "0215": "0310",
    "0216": "0397",
    "0219": "0406",
    "0221": "0316",
    "0223": "8030",
    "0402": "0801",
    "0403": "0435",
    "0404": "0423",
    "0407": "8031",
    "0414": "8007",
    "0415": "8007",
    "0416": "0581",
    "0417": "0582",
    "0418": "0638",
    "0420": "8011",
    "0426": "8032",
    "0427": "0631",
    "0428": "8016",
    "0429": "8033",
    "0430": "0631",
    "0431": "8021",
    "0432": "0651",
    "9802": "0801",
    "9803": "0754",
    "9804": "0755",
    "9902": "0151",
    "9903": "0157",
    "9904": "0158",
    "9905": "0153",
    "9906": "0156",
    "9907": "0150",
    "9908": "0631",
}


def return_code(rule: str, field: str) -> str:
    """Return the code of COD954 for a broken rule on a field ("" for the whole line); empty without one."""
    if rule in _BY_ITSELF:
        return _OF_FIELD.get(field, "")
    return _OF_RULE.get(rule) or _OF_RULE_AND_FIELD.get((rule, field), "")
