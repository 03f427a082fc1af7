"""For every rule of the checker: files that break that rule and no other."""

from collections.abc import Callable
from typing import Any

from declarations.aw319.bsn import passes_eleven_test
from tests.declarations.fictional import (
    BSNS,
    OTHER_UZOVI,
    Draft,
    care,
    content,
    credit,
    insured,
    zero,
)

Spoiled = Callable[[], bytes]
COMMENT = "Fictieve toelichting"


def draft() -> Draft:
    """Lines: 1 header, 2 insured, 3 and 4 performances, 5 insured, 6 performance, 7 comment, 8 trailer."""
    first = insured(0, care(), care(code="W0105"))
    return Draft(content(first, insured(1, care(comments=(COMMENT,)))))


def put(line: int, number: str, value: str) -> Spoiled:
    """Overwrite one field of the draft."""
    return lambda: draft().put(line, number, value).bytes()


def put_two(*changes: tuple[int, str, str]) -> Spoiled:
    """Overwrite several fields of the draft, each by its line, number and value."""

    def spoil() -> bytes:
        spoiled = draft()
        for change in changes:
            spoiled.put(*change)
        return spoiled.bytes()

    return spoil


def raw(change: Callable[[bytes], bytes]) -> Spoiled:
    """Change the bytes of the draft."""
    return lambda: change(draft().bytes())


def with_care(performance: object) -> Spoiled:
    """Make a file with this performance only."""
    return lambda: content(insured(0, performance))  # type: ignore[arg-type]


def record_kind(line: int, code: str, changed: int) -> Spoiled:
    """Insert an extra record of some kind and leave the counts as they were, but for `changed`."""
    return lambda: draft().insert(line, f"{code}{changed:012d}".encode()).bytes()


def without_performance() -> bytes:
    spoiled = draft().delete(6).delete(6)
    spoiled.put(6, "9904", "000002").put(6, "9905", "000000").put(6, "9906", "0000004")
    return spoiled.put(6, "9907", "00000039000").bytes()


def performance_first() -> bytes:
    spoiled = Draft(content(insured(0)))
    spoiled.insert(1, spoiled.records[2]).put(2, "0402", f"{1:012d}").put(2, "0431", "F2024-01 X".ljust(20))
    spoiled.put(2, "0417", "W0105")
    spoiled.put(3, "0202", f"{2:012d}").put(4, "0402", f"{3:012d}")
    return spoiled.put(5, "9904", "000002").put(5, "9906", "0000003").put(5, "9907", "00000039000").bytes()


def comment_under_header() -> bytes:
    record = f"98{0:012d}0001{COMMENT}".encode()
    return draft().insert(1, record).put(9, "9905", "000002").put(9, "9906", "0000007").bytes()


def no_insured() -> bytes:
    spoiled = draft()
    for _ in range(6):
        spoiled.delete(2)
    return (
        spoiled.put(2, "9902", "000000")
        .put(2, "9904", "000000")
        .put(2, "9905", "000000")
        .put(2, "9906", "0000000")
        .put(2, "9907", "00000000000")
        .bytes()
    )


def other_bsn() -> bytes:
    """Wrong in the 02 and the same in its 04 records, so that only the test itself fails."""
    wrong = "999000001"
    assert not passes_eleven_test(wrong.encode())
    return draft().put(5, "0203", wrong).put(6, "0403", wrong).bytes()


def foreign(country: str) -> Spoiled:
    return put_two((2, "0217", " " * 6), (2, "0221", country))


def same_person_again() -> bytes:
    spoiled = draft().put(5, "0203", BSNS[0]).put(6, "0403", BSNS[0]).put(6, "0417", "W0106")
    return spoiled.put(5, "0207", "19400518").bytes()


def short_stay(unit: str) -> Spoiled:
    return lambda: content(insured(0, care(list_code="068", unit=unit)))


def same_reference_twice() -> bytes:
    spoiled = draft()
    return spoiled.put(6, "0431", spoiled.get(3, "0431")).bytes()


def reference_to_itself() -> bytes:
    spoiled = Draft(content(insured(0, care(), credit())))
    return spoiled.put(4, "0432", spoiled.get(4, "0431")).bytes()


def credit_of_a_credit() -> bytes:
    spoiled = Draft(content(insured(0, care(), credit(), credit())))
    return spoiled.put(5, "0432", spoiled.get(4, "0431")).bytes()


def taken_back(*, bsn: str = BSNS[0], times: int = 1, **changes: Any) -> Spoiled:
    """Lines: 1 header, 2 insured, 3 a performance, 4 insured (with this number), credits of it, trailer."""

    def spoil() -> bytes:
        taken = (credit(**changes) for _ in range(times))
        spoiled = Draft(content(insured(0), insured(1, *taken, bsn=bsn)))
        for line in range(5, 5 + times):
            spoiled.put(line, "0432", spoiled.get(3, "0431"))
        return spoiled.bytes()

    return spoil


def earlier_debit_twice() -> bytes:
    return content(insured(0, credit(), credit(code="W0105")))


CASES: dict[str, list[Spoiled]] = {
    "file.empty": [lambda: b""],
    "file.not_aw319": [lambda: b"bsn;naam\r\n1;2\r\n", raw(lambda file: file[312:])],
    "file.no_line_ends": [
        raw(lambda file: file.replace(b"\r\n", b"")),
        raw(lambda file: file.replace(b"\r\n", b"\r")),
    ],
    "file.bom": [
        raw(lambda file: b"\xef\xbb\xbf" + file),
        raw(lambda file: b"\xff\xfe" + file.decode("iso-8859-1").encode("utf-16-le")),
    ],
    "file.eof_mark": [raw(lambda file: file + b"\x1a"), raw(lambda file: file + b"\x1a\r\n")],
    "file.too_many": [raw(lambda file: file[:312] + b"\n" * 100_001)],
    "file.truncated": [
        raw(lambda file: file[:-3]),
        raw(lambda file: file[:-400]),
        raw(lambda file: file[:1000]),
        raw(lambda file: file[:100]),
    ],
    "line.ends_lf": [raw(lambda file: file.replace(b"\r\n", b"\n"))],
    "line.last_end_missing": [raw(lambda file: file[:-2]), raw(lambda file: file[:-1])],
    "line.length": [
        raw(lambda file: file[:900] + b" " + file[900:]),
        raw(lambda file: file[:200] + file[201:]),
        raw(lambda file: file[:-5] + file[-2:]),
        raw(lambda file: file[: 312 * 6 + 100] + b"xx" + file[312 * 6 + 100 :]),
    ],
    "line.empty": [raw(lambda file: file + b"\r\n"), raw(lambda file: file[:312] + b"\r\n" + file[312:])],
    "message.code": [put(1, "0102", "187"), put(1, "0102", "430"), put(1, "0102", "107")],
    "message.version": [put(1, "0103", "02"), put(1, "0104", "03")],
    "bytes.utf8": [raw(lambda file: file.decode("iso-8859-1").encode("utf-8"))],
    "bytes.windows1252": [put(2, "0210", "Smid\x92s".ljust(25)), put(7, "9804", ("\x80 1" + " " * 137))],
    "bytes.control": [
        put(2, "0210", "Smid\x00s".ljust(25)),
        put(2, "0280", "\t" + " " * 104),
        put(3, "0425", "0000650\x1a"),
        put(7, "9804", "a\rb".ljust(140)),
    ],
    "order.second_header": [lambda: draft().insert(1, draft().records[0]).bytes()],
    "order.unknown_record": [record_kind(2, "03", 0), record_kind(4, "XX", 9)],
    "order.no_insured": [no_insured],
    "order.performance_without_insured": [performance_first],
    "order.insured_without_performance": [without_performance],
    "order.comment_without_record": [comment_under_header],
    "order.no_trailer": [raw(lambda file: file[:-312])],
    "order.after_trailer": [
        lambda: draft().insert(8, draft().records[1]).bytes(),
        raw(lambda file: file + b"xx"),
        raw(lambda file: file + file[-312:]),
    ],
    "sequence.detail": [
        put(6, "0402", f"{9:012d}"),
        put_two((5, "0202", f"{5:012d}"), (6, "0402", f"{6:012d}"), (7, "9802", f"{6:012d}")),
    ],
    "sequence.comment": [put(7, "9802", f"{4:012d}")],
    "sequence.comment_line": [put(7, "9803", "0002")],
    "parent.differs": [
        put(3, "0403", BSNS[5]),
        put(3, "0404", OTHER_UZOVI),
        put(4, "0405", "9" * 15),
    ],
    "field.required": [
        put(1, "0112", "0" * 8),
        put(1, "0116", " " * 12),
        put(1, "0117", "0" * 8),
        put(2, "0203", "0" * 9),
        put(2, "0204", "0" * 4),
        put(2, "0210", " " * 25),
        put(2, "0210", "0" * 25),
        put(2, "0215", " " * 6),
        put(3, "0415", "0" * 8),
        put(3, "0417", " " * 5),
        put(3, "0418", "0" * 4),
        put(3, "0420", "0" * 8),
        put(3, "0430", " "),
        put(3, "0431", " " * 20),
        put(7, "9804", " " * 140),
    ],
    "field.numeric": [
        put(1, "0106", "12 456"),
        put(2, "0219", "  123"),
        put(3, "0418", "\xb23  "),
        put(3, "0428", "21.0"),
        put(3, "0425", "-0006500"),
        put(6, "0402", "           4"),
        put(8, "9905", "     1"),
    ],
    "field.left_aligned": [
        put(2, "0205", " 1".ljust(15)),
        put(2, "0211", " van".ljust(10)),
        put(3, "0417", " W104"),
        put(7, "9804", "\xa0x".ljust(140)),
    ],
    "field.code": [
        put(1, "0105", "X"),
        put(1, "0113", "05"),
        put(1, "0119", "USD"),
        put(2, "0208", "0"),
        put(2, "0209", "2"),
        put(2, "0212", "1"),
        put(2, "0216", "5"),
        put(2, "0223", "0"),
        put(3, "0407", "2"),
        put(3, "0416", "055"),
        put(3, "0416", "999"),
        put(3, "0419", "21"),
        put(3, "0427", "X"),
        put(8, "9908", "c"),
    ],
    "field.format": [
        put(1, "0118", "NL123456789B1 "),
        put(1, "0118", "NL123456789B00"),
        put(2, "0215", "J.P.  "),
        put(2, "0215", "\xd7     "),
        put(2, "0217", "0999ZZ"),
        put(2, "0221", "1 "),
    ],
    "field.agb": [
        put(1, "0109", "97000001"),
        put(3, "0420", "00123456"),
        put(3, "0420", "42000000"),
        put(3, "0422", "00000001"),
    ],
    "field.must_be_empty": [
        put(2, "0222", "1".ljust(11)),
        put(2, "0224", "0101"),
        put(2, "0225", "A".ljust(20)),
        put(3, "0406", "A".ljust(15)),
        put(3, "0408", "0101"),
        put(3, "0409", "A".ljust(20)),
        put(3, "0410", "000000001"),
        put(3, "0411", "000000001"),
        put(3, "0412", "01"),
        put(3, "0413", "001"),
        put(3, "0421", "0100"),
        put(3, "0423", "0100"),
        put(3, "0424", "09000"),
        put(8, "9903", "000001"),
    ],
    "field.reserve": [
        put(1, "0180", "\xa0" + " " * 192),
        put(2, "0280", " " * 104 + "x"),
        put(3, "0480", "0" * 76),
        put(7, "9880", "x" + " " * 151),
        put(8, "9980", " " * 264 + "."),
    ],
    "header.software": [put(1, "0106", "123401"), put(1, "0107", "1.0".ljust(10))],
    "header.insurer_missing": [put(1, "0108", "0000")],
    "header.insurer_blank": [put_two((1, "0108", "0000"), (1, "0109", "98000001"))],
    "header.practice": [put(1, "0111", "42000001")],
    "header.payee": [put(1, "0113", "01"), put(1, "0113", "02"), put(1, "0113", "03")],
    "header.agb_other": [put(1, "0112", "42999002")],
    "period.order": [put_two((1, "0114", "20240201"), (1, "0115", "20240131"))],
    "period.after_end": [with_care(care("2024-01-20", "2024-02-01"))],
    "bsn.check": [other_bsn],
    "name.partner_missing": [put(2, "0212", "2")],
    "name.partner_unexpected": [put(2, "0213", "Partner".ljust(25)), put(2, "0214", "van".ljust(10))],
    "name.initials": [put(2, "0215", "J P   ")],
    "address.country_missing": [foreign("  "), foreign("00")],
    "address.two_postcodes": [put(2, "0218", "12345".ljust(9))],
    "person.birth_differs": [same_person_again],
    "date.invalid": [
        put(1, "0114", "20230229"),
        put(1, "0115", "20241301"),
        put(2, "0207", "19000229"),
        put(2, "0207", "18991231"),
        put(3, "0414", "20240431"),
        put(3, "0415", "20240100"),
    ],
    "date.future": [
        put(1, "0117", "20240302"),
        put(2, "0207", "20240302"),
    ],
    "date.before_2013": [with_care(care("2012-12-31", "2013-01-02"))],
    "date.order": [put_two((3, "0414", "20240110"), (3, "0415", "20240109"))],
    "date.before_birth": [put(5, "0207", "20240102")],
    "code.unit": [short_stay("11"), short_stay("31"), short_stay("41")],
    "date.after_invoice": [put(1, "0117", "20240130"), put(1, "0117", "20231231")],
    "credit.same_file": [taken_back()],
    "credit.twice": [earlier_debit_twice],
    "credit.person": [taken_back(bsn=BSNS[1]), taken_back(bsn=BSNS[1], count=2)],
    "credit.amount": [taken_back(count=2), taken_back(tariff=6_501)],
    "performance.twice": [
        lambda: content(insured(0, care(), care())),
        lambda: content(insured(0, care()), insured(1), insured(0, care())),
    ],
    "vat.number_missing": [put(3, "0428", "2100"), put_two((3, "0428", "0900"), (4, "0428", "2100"))],
    "amount.calculated": [put(3, "0425", "00006501"), put(3, "0418", "0004")],
    "amount.declared_too_high": [
        put_two((3, "0429", "00019501"), (8, "9907", "00000058501")),
    ],
    "amount.zero_mix": [
        put_two((3, "0429", "0" * 8), (8, "9907", "00000039000")),
        put(3, "0425", "0" * 8),
        put(3, "0426", "0" * 8),
    ],
    "amount.sign": [put(3, "0427", "C")],
    "amount.zero_credit": [with_care(zero(is_credit=True, earlier_reference="F2023-12 0001"))],
    "reference.missing": [with_care(credit(earlier_reference=""))],
    "reference.itself": [reference_to_itself],
    "reference.credit": [credit_of_a_credit],
    "reference.duplicate": [same_reference_twice],
    "count.insured": [put(8, "9902", "000003")],
    "count.performances": [put(8, "9904", "000004")],
    "count.comments": [put(8, "9905", "000000")],
    "count.details": [put(8, "9906", "0000005")],
    "total.amount": [put(8, "9907", "00000058501")],
    "total.sign": [put(8, "9908", "C")],
}
