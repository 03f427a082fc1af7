"""What holds for every file: no crash, no changed amount accepted, nothing but zero records added."""

from collections.abc import Iterator
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from declarations.aw319 import (
    Insertion,
    PersonTable,
    ProfileRecordFields,
    check,
    profile_reference,
    read,
    renumbered,
    sample_files,
    verify_insertion,
    write_with_profiles,
)
from declarations.aw319.fieldrules import LINE_PATTERNS
from declarations.aw319.layout import FIELDS
from declarations.aw319.recordrules import (
    INSURED_RULES,
    PERFORMANCE_RULES,
    Surroundings,
    View,
    broken_rules,
    insured_is_fine,
    performance_is_fine,
    performance_values,
)
from tests.declarations.fictional import (
    AGB,
    SPEC,
    TODAY,
    Draft,
    checked,
    chunks,
    content,
    insured,
    random_content,
)
from tests.declarations.generated import each_taken_back_once

few = settings(max_examples=60, deadline=None, derandomize=True, database=None)
many = settings(max_examples=1_500, deadline=None, derandomize=True, database=None)

AMOUNT_FIELDS = ("0418", "0425", "0426", "0427", "0429", "0430", "9907", "9908")
BASE = content(
    insured(0, sample_files.Care(date(2024, 1, 1), date(2024, 1, 9), "W0104", "04", 3, 6_500)),
    insured(
        1,
        sample_files.Care(date(2024, 1, 1), date(2024, 1, 31), "W0131", "31", 1, 61_000),
        comments=("Fictief",),
    ),
)

texts = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=20)
days = st.integers(0, 30).map(lambda days: SPEC.period_first + timedelta(days=days))


@st.composite
def care(draw: st.DrawFn) -> sample_files.Care:
    first, last = sorted((draw(days), draw(days)))
    tariff, is_credit = draw(st.one_of(st.just(0), st.integers(1, 9_999))), draw(st.booleans())
    return sample_files.Care(
        first,
        last,
        draw(st.sampled_from(["W0104", "1", "A"])),
        draw(st.sampled_from(["00", "04", "07", "14", "31", "81"])),
        draw(st.integers(1, 9_999)),
        tariff,
        list_code=draw(st.sampled_from(["065", "990"])),
        is_credit=is_credit and tariff > 0,
        earlier_reference="F2023" if is_credit else "",
        vat=draw(st.sampled_from([0, 2100, 2101])),
        comments=tuple(draw(st.lists(texts, max_size=2))),
    )


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """People with several groups, credits, zero amounts and comments, with or without the last line end."""
    groups = draw(st.lists(st.integers(0, 4), min_size=1, max_size=8))
    people = (
        insured(
            number,
            *draw(st.lists(care(), min_size=1, max_size=4)),
            comments=tuple(draw(st.lists(texts, max_size=2))),
            is_deceased=draw(st.booleans()),
        )
        for number in groups
    )
    built = content(*each_taken_back_once(people))
    return built if draw(st.booleans()) else built.removesuffix(b"\r\n")


def insertions(persons: PersonTable, each: int) -> Iterator[Insertion]:
    placed = sorted(enumerate(persons), key=lambda item: item[1].placement_line)
    for at, person in placed:
        first, last = person.performances[0].first_day, person.performances[0].last_day
        # Two records of one person never share a day.
        stretches = [(first, first), (last, last)] if each > 1 and first < last else [(first, last)]
        for number, (begin, end) in enumerate(stretches[:each], 1):
            reference = profile_reference(agb=AGB, file="f", person=str(at), number=number)
            fields = ProfileRecordFields(
                begin,
                end,
                "990",
                "DK01",
                "00",
                person.performer or AGB,
                reference,
            )
            yield Insertion(person.placement_line, fields)


def numbers_in(content: bytes) -> list[int]:
    return [int(line[2:14]) for line in read([content]) if line[:2] in {b"02", b"04"}]


@few
@given(files(), st.integers(0, 2))
def test_a_correct_file_with_profiles_is_correct_and_has_the_same_total(original: bytes, each: int) -> None:
    report = checked(original)
    assert report.errors == 0
    assert report.facts is not None
    placed = list(insertions(report.facts.persons, each))
    lines = write_with_profiles(read([original]), placed)
    result = b"".join(lines)
    outcome = verify_insertion([original], [result], placed, today=TODAY, expected_agb=AGB)
    assert outcome.is_sound
    assert outcome.inserted == len(placed) >= min(each, 1) * len(report.facts.persons)
    after = outcome.report.facts
    assert after is not None
    assert after.control_total == report.facts.control_total
    assert after.counts.performances == report.facts.counts.performances + outcome.inserted
    rows = list(renumbered(read([original]), ((put.after_line, put.fields.reference) for put in placed)))
    assert [row.new for row in rows] == numbers_in(result)
    assert [row.old for row in rows if row.old is not None] == numbers_in(original)


@few
@given(files(), st.integers(1, 1_000))
def test_the_size_of_the_chunks_changes_nothing(original: bytes, size: int) -> None:
    whole, parts = checked(original), check(chunks(original, size), today=TODAY, expected_agb=AGB)
    assert whole.findings == parts.findings
    assert whole.facts is not None
    assert parts.facts is not None
    assert list(whole.facts.persons) == list(parts.facts.persons)


def amounts(original: bytes) -> list[bytes]:
    fields = [FIELDS[number] for number in AMOUNT_FIELDS]
    lines = original.split(b"\r\n")
    return [field.of(line) for line in lines for field in fields if line[:2] == field.number[:2].encode()]


@many
@given(st.integers(0, len(BASE) - 1), st.integers(0, 255))
def test_one_changed_byte_never_crashes_and_never_passes_a_changed_amount(at: int, byte: int) -> None:
    changed = BASE[:at] + bytes([byte]) + BASE[at + 1 :]
    report = checked(changed)
    if report.is_accepted:
        assert amounts(changed) == amounts(BASE)


@many
@given(st.integers(0, len(BASE)), st.integers(0, 700), st.binary(max_size=20))
def test_a_piece_replaced_never_crashes(at: int, gone: int, put: bytes) -> None:
    changed = BASE[:at] + put + BASE[at + gone :]
    report = checked(changed)
    assert report.errors or amounts(changed) == amounts(BASE)


@few
@given(st.binary(max_size=2_000))
def test_any_bytes_at_all_never_crash(anything: bytes) -> None:
    assert not check([anything], today=TODAY).is_accepted
    assert not check([b"01428" + anything], today=TODAY).is_accepted


def amount(largest: int) -> st.SearchStrategy[int]:
    return st.one_of(st.integers(0, 3), st.integers(0, largest))


signs = st.sampled_from("DC")


@many
@given(
    st.tuples(amount(50), amount(50), amount(500), amount(500)),
    st.tuples(signs, signs, st.booleans(), st.booleans()),
    st.tuples(st.sampled_from(["065", "068", "990"]), st.sampled_from(["04", "11", "31"])),
    st.tuples(st.integers(-5, 40), st.integers(-5, 40), st.integers(0, 40), st.integers(20, 40)),
)
def test_the_quick_test_of_a_performance_says_the_same_as_the_rules(
    money: tuple[int, int, int, int],
    signed: tuple[str, str, bool, bool],
    codes: tuple[str, str],
    span: tuple[int, int, int, int],
) -> None:
    count, tariff, calculated, declared = money
    calculated = tariff * count if signed[3] else calculated
    first, last, born, invoice = (SPEC.period_first + timedelta(days=days) for days in span)
    draft = Draft(BASE).put(3, "0418", f"{count:04d}").put(3, "0425", f"{tariff:08d}")
    draft.put(3, "0426", f"{calculated:08d}").put(3, "0429", f"{declared:08d}")
    draft.put(3, "0427", signed[0]).put(3, "0430", signed[1])
    draft.put(3, "0432", ("F2023 1" if signed[2] else "").ljust(20))
    draft.put(3, "0416", codes[0]).put(3, "0419", codes[1])
    draft.put(3, "0414", f"{first:%Y%m%d}").put(3, "0415", f"{last:%Y%m%d}")
    line = draft.records[2] + b"\r\n"
    around = Surroundings(
        b"20240205",
        b"20240131",
        f"{invoice:%Y%m%d}".encode(),
        f"{born:%Y%m%d}".encode() if signed[2] else b"0" * 8,
    )
    if LINE_PATTERNS[b"04"].fullmatch(line):
        broken = list(broken_rules(PERFORMANCE_RULES, View(line, around), frozenset()))
        assert performance_is_fine(performance_values(line), around) == (not broken)


@few
@given(
    st.sampled_from(["0", "2"]),
    st.sampled_from(["", "Partner"]),
    st.sampled_from(["", "van"]),
    st.sampled_from(["JP", "J P", "J"]),
    st.tuples(
        st.sampled_from(["", "1234AB"]), st.sampled_from(["", "12345"]), st.sampled_from(["NL", "00", ""])
    ),
    st.tuples(st.sampled_from(["20240301", "20240302"]), st.sampled_from(["999000007", "999000008"])),
)
def test_the_quick_test_of_an_insured_person_says_the_same_as_the_rules(
    use: str,
    partner: str,
    prefix: str,
    initials: str,
    address: tuple[str, str, str],
    person: tuple[str, str],
) -> None:
    draft = Draft(BASE).put(2, "0212", use).put(2, "0213", partner.ljust(25)).put(2, "0214", prefix.ljust(10))
    draft.put(2, "0215", initials.ljust(6)).put(2, "0217", address[0].ljust(6))
    draft.put(2, "0218", address[1].ljust(9)).put(2, "0221", address[2].ljust(2))
    draft.put(2, "0207", person[0]).put(2, "0203", person[1])
    line = draft.records[1] + b"\r\n"
    around = Surroundings(b"20240301")
    assert LINE_PATTERNS[b"02"].fullmatch(line)
    broken = list(broken_rules(INSURED_RULES, View(line, around), frozenset()))
    assert insured_is_fine(line, around.today) == (not broken)


@few
@given(st.integers(0, 10_000), st.integers(1, 6))
def test_every_generated_file_is_correct(seed: int, performances: int) -> None:
    assert checked(random_content(12, seed=seed, performances=performances)).findings == ()
