"""import_anamneses: the file of the contract, whole or not at all."""

import json
import os
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate

from care.schema.models import Client
from care.tenancy.commands import CommandRefused, ImportProblems, Row
from profiles.bulk.importing import Imported, columns_like, import_anamneses
from profiles.schema.models import ClientProfile
from profiles.schema.terms import TERM_COLUMNS
from profiles.timeline.selectors import profiles_of
from questionnaires.schema.models import Anamnese
from tests.actors import Actor, House
from tests.factories import anamneses, people

D = date(2026, 3, 2)
HEADER = "bsn;datum;Q1;Q2;Q3;Q4;Q5;Q6;Q7;Q8;Q9;Q10;Q11;Q12;Q13"


@pytest.fixture(autouse=True)
def _in_scope(thuis: House) -> Iterator[None]:
    with thuis.scope():
        yield


@pytest.fixture
def client(thuis: House) -> Client:
    return people.client(thuis.north)


def cells(code: str, **changes: str) -> dict[str, str]:
    answers = {key: str(value) for key, value in anamneses.answers_for(code).items()}
    return {"Q1": "2" if code == "MKT" else "1", **answers, **changes}


def line(client: Client, day: date | str, code: str = "DKDL-05", **changes: str) -> str:
    filled = cells(code, **changes)
    return ";".join([client.bsn, str(day), *(filled.get(f"Q{number}", "") for number in range(1, 14))])


def take_in(thuis: House, *lines: str) -> Imported:
    rows = [Row(number, tuple(text.split(";"))) for number, text in enumerate(lines, start=2)]
    return import_anamneses(
        organisation=thuis.organisation,
        rows=rows,
        columns=HEADER.split(";"),
        problems=ImportProblems(),
    )


def refusals(thuis: House, *lines: str) -> Sequence[str]:
    before = Anamnese.objects.count()
    with pytest.raises(CommandRefused) as refusal:
        take_in(thuis, *lines)
    assert Anamnese.objects.count() == before
    return refusal.value.reasons


def test_the_columns_are_those_of_the_contract() -> None:
    assert ";".join(columns_like(["iets anders"])) == HEADER


def test_it_takes_in_a_finished_anamnese_of_nobody(thuis: House, client: Client) -> None:
    assert take_in(thuis, line(client, D)) == Imported(added=1, skipped=0)
    profile = ClientProfile.objects.select_related("anamnese").get()
    assert (profile.code, profile.date, profile.anamnese.nurse) == ("DKDL-05", D, None)


def test_the_same_file_again_adds_nothing(thuis: House, client: Client) -> None:
    lines = [line(client, D), line(client, D + timedelta(9), "GEEN")]
    assert take_in(thuis, *lines) == Imported(2, 0)
    assert take_in(thuis, *lines) == Imported(0, 2)


def test_a_repeated_line_is_taken_in_once(thuis: House, client: Client) -> None:
    assert take_in(thuis, line(client, D), line(client, D)) == Imported(1, 1)


def test_it_skips_what_has_been_corrected_since(thuis: House, client: Client, nurse: Actor) -> None:
    take_in(thuis, line(client, D))
    profile = ClientProfile.objects.select_related("anamnese").get()
    anamneses.corrected(profile, nurse.membership, code="DKDL-06")
    assert take_in(thuis, line(client, D)) == Imported(0, 1)


def test_the_age_may_be_left_out(thuis: House, client: Client) -> None:
    take_in(thuis, line(client, D, Q1=""))
    assert Anamnese.objects.get().answers["Q1"] == "1"


def test_the_regulators_codes_are_ours(thuis: House, client: Client) -> None:
    take_in(thuis, line(client, D, Q12="2", Q13="VR_technisch_injecties|sonde"))
    assert Anamnese.objects.get().answers["Q13"] == ["sonde", "injecties"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"Q1": "2"}, "geboortedatum"),
        ({"Q4": ""}, "Q4"),
        ({"Q4": "7"}, "Q4"),
        ({"Q13": "sonde"}, "Q13"),
        ({"Q12": "2"}, "Q13"),
        ({"Q3": "2"}, "Q4"),
    ],
)
def test_it_refuses_answers_that_are_wrong(
    thuis: House, client: Client, changes: dict[str, str], words: str
) -> None:
    reasons = refusals(thuis, line(client, D, **changes))
    assert all(reason.startswith("regel 2:") for reason in reasons)
    assert any(words in reason for reason in reasons)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2-3-2026", "JJJJ-MM-DD"),
        ("2026-02-30", "JJJJ-MM-DD"),
        (str(localdate() + timedelta(1)), "toekomst"),
        ("2022-12-31", "nog niet in zorg"),
    ],
)
def test_it_refuses_a_date_that_is_wrong(thuis: House, client: Client, day: str, words: str) -> None:
    (reason,) = refusals(thuis, line(client, day))
    assert words in reason


def test_it_reports_everything_at_once_by_line(thuis: House, client: Client) -> None:
    good = line(client, D)
    nobody = good.replace(client.bsn, people.bsn())
    reasons = refusals(thuis, good, nobody, good.replace(client.bsn, "999000001"), line(client, "x", Q4="9"))
    assert [reason.split(":")[0] for reason in reasons] == ["regel 3", "regel 4", "regel 5"]


@pytest.mark.parametrize("bsn", ["99900000é", "\u0669" * 9, ""])
def test_a_cell_that_holds_no_bsn_is_a_reason_and_no_fault(thuis: House, client: Client, bsn: str) -> None:
    (reason,) = refusals(thuis, line(client, D), line(client, D).replace(client.bsn, bsn))
    assert reason.startswith("regel 3: bsn: ")


def test_no_reason_holds_a_bsn(thuis: House, client: Client) -> None:
    unknown = people.bsn()
    reasons = refusals(thuis, line(client, D).replace(client.bsn, unknown), line(client, "x", Q1="2"))
    assert not any(number in reason for reason in reasons for number in (unknown, client.bsn))


def test_other_answers_for_the_same_day_are_refused(thuis: House, client: Client) -> None:
    (reason,) = refusals(thuis, line(client, D), line(client, D, "DKDL-06"))
    assert reason.startswith("regel 3: regel 2 heeft andere antwoorden")
    take_in(thuis, line(client, D))
    (reason,) = refusals(thuis, line(client, D, "DKDL-06"))
    assert "met andere antwoorden" in reason


def test_a_client_of_another_organisation_is_unknown(thuis: House, elders: House) -> None:
    with elders.scope():
        theirs = people.client(elders.north)
    (reason,) = refusals(thuis, line(theirs, D))
    assert "geen cliënt met dit BSN" in reason


def test_it_gives_the_same_profiles_as_finishing_one_by_one(thuis: House, nurse: Actor) -> None:
    arrivals = [(30, "DKDL-03"), (0, "TIJDELIJK"), (10, "DKDL-11"), (50, "PTZ"), (40, "GEEN")]
    one, other = people.client(thuis.north), people.client(thuis.north)
    child = people.client(thuis.north, date_of_birth=date(2012, 5, 5))
    take_in(
        thuis,
        line(child, D, "MKT"),
        *(line(one, D + timedelta(day), code) for day, code in arrivals[:3]),
    )
    take_in(thuis, *(line(one, D + timedelta(day), code) for day, code in arrivals[3:]))
    for day, code in arrivals:
        anamneses.finished(other, nurse.membership, day=D + timedelta(day), code=code)
    assert contents(one) == contents(other)
    assert [span.until for span in profiles_of([child.pk])[child.pk]] == [date(2030, 5, 5)]


def contents(client: Client) -> list[tuple[object, ...]]:
    columns = ("code", "kind", *TERM_COLUMNS, "ruleset_hash", "date", "period")
    rows = ClientProfile.objects.filter(client=client).order_by("date")
    return [
        (
            *(getattr(row, column) for column in columns),
            json.dumps([row.scores, row.contributions]),
            row.anamnese.answers,
        )
        for row in rows.select_related("anamnese")
    ]


def test_the_number_of_queries_does_not_grow_with_the_rows(thuis: House) -> None:
    clients = [people.client(thuis.north) for _ in range(30)]

    def queries(day: date, count: int) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            take_in(thuis, *(line(client, day) for client in clients[:count]))
        return len(captured)

    queries(D, 30)
    assert queries(D + timedelta(1), 3) == queries(D + timedelta(2), 30)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "anamneses.csv"


def run(file: Path, agb: str) -> tuple[int, str, str]:
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command("import_anamneses", str(file), organisation=agb, stdout=out, stderr=err)
    except SystemExit as left:
        code = int(left.code or 0)
    return code, out.getvalue(), err.getvalue()


def test_the_command_reads_a_file_with_a_byte_order_mark(thuis: House, client: Client, file: Path) -> None:
    file.write_text(f"{HEADER}\n{line(client, D)}\n", encoding="utf-8-sig")
    assert run(file, thuis.organisation.agb) == (0, "1 anamnese toegevoegd, 0 waren er al.\n", "")


def test_the_command_reads_what_another_program_pipes(thuis: House, client: Client) -> None:
    reading, writing = os.pipe()
    os.write(writing, f"{HEADER}\n{line(client, D)}\n".encode())
    os.close(writing)
    done = run(Path(f"/dev/fd/{reading}"), thuis.organisation.agb)
    os.close(reading)
    assert done == (0, "1 anamnese toegevoegd, 0 waren er al.\n", "")


def test_the_command_refuses_with_1_and_writes_nothing(thuis: House, client: Client, file: Path) -> None:
    file.write_text(
        f"{HEADER}\n{line(client, D)}\n{line(client, D, Q1='2')}\n{client.bsn};x\n", encoding="utf-8"
    )
    code, out, err = run(file, thuis.organisation.agb)
    assert (code, out, Anamnese.objects.count()) == (1, "", 0)
    assert {text.split(":")[0] for text in err.splitlines()} == {"regel 3", "regel 4"}


def test_the_command_cannot_read_another_file(thuis: House, file: Path) -> None:
    file.write_text("id;Q1\n", encoding="utf-8")
    assert run(file, thuis.organisation.agb)[0] == 2
