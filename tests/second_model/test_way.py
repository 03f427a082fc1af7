"""The second model the whole way: loaded, filled in, explained, counted, declared, and answered."""

import csv
import json
import re
from copy import deepcopy
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from care.schema.models import Client, Insurer
from declarations.agreements import services as agreements
from declarations.agreements.services import AgreementTerms
from declarations.aw319 import checker
from declarations.insurers import figures, figures_csv
from declarations.schema.agreement_models import CodeTable
from declarations.schema.constants import AttachmentState, DeliveryMode, Reason
from declarations.schema.models import ProfileRecord
from profiles.explanation.explaining import explain
from profiles.schema.models import ClientProfile, DerivationDifference
from profiles.timeline.facts import AskingRules, standing_contradictions
from profiles.timeline.selectors import model_for, profile_for, states_of
from profiles.timeline.services import finish_anamnese
from profiles.timeline.succession import SuccessionRefusedError, load_successor
from profiles.timeline.versions import NoModelFitsError
from questionnaires.anamneses.screens import screens_of
from questionnaires.anamneses.selectors import instrument_on
from questionnaires.anamneses.services import change_date, save_answers, start_anamnese
from questionnaires.anamneses.versions import load_version
from questionnaires.schema.models import Anamnese
from tests.actors import Actor, House
from tests.declarations.fictional import care, insured
from tests.declarations.office import Office
from tests.declarations.replies.answering import handed_over, recorded, references
from tests.declarations.shell import run
from tests.factories import anamneses, people
from tests.profiles.dkdl import DKDL_2_0
from tests.profiles.tablet import sending
from tests.second_model import (
    BORN,
    CODES,
    DEFINITION,
    EXAMPLES,
    FROM,
    INSTRUMENT,
    INSTRUMENT_FILE,
    MODEL,
    MODEL_FILE,
    RULES,
    answers_for,
    finished,
    in_force,
)

pytestmark = pytest.mark.django_db
TABLE = {code: f"K{number}" for number, code in enumerate(CODES, 1)}
#: Codes of people who are old enough.
GROWN_UP = tuple(code for code in CODES if code != "JONG")


def text(response: Any) -> str:
    assert response.status_code == 200
    content: str = response.content.decode()
    return content


def new_client(house: House, *, born: date = BORN) -> Client:
    with house.scope():
        return people.client(house.north, date_of_birth=born)


class TestLoading:
    def test_the_command_puts_it_in_force_from_a_day(self) -> None:
        asked = (MODEL_FILE, "--instrument", INSTRUMENT_FILE, "--from", FROM.isoformat())
        for _time in range(2):  # the same again changes nothing
            answer = run("load_model", *asked)
            assert (answer.code, answer.out) == (
                0,
                ["kompas 5 met vragenlijst kompas 5.0 geldt vanaf 2024-01-01."],
            )
        assert str(instrument_on(FROM)) == "kompas 5.0"
        assert str(model_for(instrument_on(FROM), FROM)) == "kompas 5"
        before = FROM - timedelta(1)
        assert instrument_on(before).key == model_for(instrument_on(before), before).key == "dkdl"

    def test_every_problem_is_named_and_nothing_is_loaded(self, tmp_path: Path) -> None:
        broken = json.loads(MODEL_FILE.read_text("utf-8"))
        broken["questions"][0]["points"]["ander"] = 60
        broken["profiles"].pop()
        broken["gates"][1]["exceptions"]["straks"] = "NERGENS"
        file = tmp_path / "model.json"
        file.write_text(json.dumps(broken), "utf-8")
        answer = run("load_model", file, "--instrument", INSTRUMENT_FILE, "--from", FROM.isoformat())
        assert (answer.code, len(answer.err)) == (1, 4)
        assert [line.split(":")[0] for line in answer.err] == [
            "gates",
            "exceptions",
            "zelfregie.counts_down_from",
            "profiles",
        ]
        assert instrument_on(FROM).key == "dkdl"

    def test_an_instrument_without_its_model_is_named(self) -> None:
        loaded = load_version(DEFINITION, valid_from=FROM)
        with pytest.raises(NoModelFitsError) as refused:
            model_for(loaded, FROM)
        assert str(refused.value) == (
            "Geen model past bij de vragenlijst kompas 5.0. Laad het model erbij met load_model."
        )

    def test_it_has_to_fit_the_instrument(self) -> None:
        answer = run("load_model", MODEL_FILE, "--from", FROM.isoformat())
        assert answer.code == 1
        assert any(line.startswith("oud:") for line in answer.err)

    def test_a_version_stands_for_one_model(self, tmp_path: Path) -> None:
        in_force()
        file = tmp_path / "model.json"
        file.write_text(json.dumps({**RULES, "model": "anders"}), "utf-8")
        answer = run("load_model", file, "--instrument", INSTRUMENT_FILE, "--from", FROM.isoformat())
        assert (answer.code, answer.err) == (
            1,
            ["Er is al een model met versie 5. Geef dit een eigen versie."],
        )

    @pytest.mark.parametrize(
        ("part", "taken", "change"),
        [
            ("profiles", "DKDL-01", {"label": "Iets anders"}),
            ("exceptions", "TIJDELIJK", {"label": "Iets anders"}),
            ("exceptions", "TIJDELIJK", {"label": DKDL_2_0.labels["TIJDELIJK"], "lasts_days": 10}),
            ("exceptions", "DKDL-01", {"label": DKDL_2_0.labels["DKDL-01"]}),  # of another kind
        ],
    )
    def test_a_code_means_the_same_in_every_model(
        self, part: str, taken: str, change: dict[str, Any]
    ) -> None:
        rules = deepcopy(RULES)
        code = rules[part][-1]["code"]
        rules[part][-1] |= {"code": taken, **change}
        for gate in rules["gates"]:
            gate["exceptions"] = {
                option: taken if leads == code else leads for option, leads in gate["exceptions"].items()
            }
        with pytest.raises(SuccessionRefusedError) as refused:
            load_successor(rules=rules, definition=DEFINITION, valid_from=FROM)
        assert refused.value.problems == (
            f"Code {taken} betekent iets anders in model dkdl 2.0. Geef het profiel een eigen code.",
        )

    def test_a_successor_may_have_codes_that_mean_the_same(self) -> None:
        in_force()
        rules = {**RULES, "version": "6"}
        done = load_successor(rules=rules, definition=None, valid_from=FROM + timedelta(1))
        assert str(done.model) == "kompas 6"


class TestFillingIn:
    def test_a_nurse_fills_it_in_on_the_pages(self, thuis: House, nurse: Actor) -> None:
        in_force()
        client = new_client(thuis)
        began = nurse.browser.post(
            reverse("anamnese-start", args=[client.public_id]), {"day": FROM.isoformat()}
        )
        here = nurse.browser.get(began["Location"])["Location"]
        left, revision = answers_for("KMP-KZ"), 0
        with thuis.scope():
            draft = Anamnese.objects.get()
        for screen in screens_of(INSTRUMENT):
            assert here == reverse("anamnese-screen", args=[draft.public_id, screen.slug])
            assert nurse.browser.get(here).status_code == 200
            sent = {name: left[name] for name in screen.ids if name in left}
            here = nurse.browser.post(here, {**sent, "shown": list(sent), "revision": revision})["Location"]
            revision += 1
        assert here == reverse("anamnese-review", args=[draft.public_id])
        assert nurse.browser.get(here).status_code == 200
        assert "zeven of acht korte vragen" in text(
            nurse.browser.get(reverse("anamnese-start", args=[new_client(thuis).public_id]))
        )
        done = nurse.browser.post(reverse("anamnese-finish", args=[draft.public_id]), {"revision": revision})
        with thuis.scope():
            profile = ClientProfile.objects.get()
        assert done["Location"] == reverse("profile-page", args=[profile.public_id])
        assert (profile.code, profile.scores) == ("KMP-KZ", {"zelfregie": 5, "thuis": 0, "inzet": 11})

    def test_a_tablet_sends_it_in(self, thuis: House, nurse: Actor) -> None:
        in_force()
        listing = json.loads(nurse.browser.get(reverse("versions")).content)
        (model,) = (one for one in listing["models"] if one["key"] == "kompas")
        assert model["instruments"] == [INSTRUMENT.definition_hash]
        assert list(model["words"]["scores"]) == ["zelfregie", "thuis", "inzet"]
        assert model["words"]["codes"]["WACHT"] == {"word": "Wacht", "tone": "exception-2"}
        sent = sending.finishing(
            nurse,
            new_client(thuis),
            date=FROM.isoformat(),
            version=INSTRUMENT.version,
            answers=answers_for("KMP-RM"),
            derived={"code": "KMP-RM", "ruleset_hash": model["hash"]},
        )
        answer = sending.put(nurse.browser, sent)
        assert answer.status_code == 200
        with thuis.scope():
            assert ClientProfile.objects.get().code == "KMP-RM"
            assert not DerivationDifference.objects.exists()

    def test_a_draft_that_was_begun_keeps_its_own_list_and_model(self, thuis: House, nurse: Actor) -> None:
        client = new_client(thuis)
        with thuis.scope():
            draft = start_anamnese(client=client, membership=nurse.membership, day=FROM)
            in_force()
            save_answers(
                anamnese=draft,
                membership=nurse.membership,
                answers=anamneses.answers_for("DKDL-05"),
                revision=draft.revision,
            )
            profile = finish_anamnese(anamnese=draft, membership=nurse.membership)
        assert (profile.code, str(profile.model_version)) == ("DKDL-05", "dkdl 2.0")

    @pytest.mark.parametrize("code", CODES)
    def test_every_code_can_come_out(self, thuis: House, nurse: Actor, code: str) -> None:
        in_force()
        client = new_client(thuis, born=date(2010, 1, 1) if code == "JONG" else BORN)
        with thuis.scope():
            profile = finished(client, nurse.membership, code)
        assert profile.code == code
        assert (profile.scores is None) == (code in MODEL.exceptions)
        ends = {"WACHT": FROM + timedelta(10), "JONG": date(2031, 1, 1)}
        assert profile.period.upper == ends.get(code)


class TestExplaining:
    def test_every_page_speaks_of_it_in_its_own_words(
        self, thuis: House, nurse: Actor, team_lead: Actor
    ) -> None:
        in_force()
        client = new_client(thuis)
        with thuis.scope():
            profile = finished(client, nurse.membership, "KMP-KM")
        shown = text(nurse.browser.get(reverse("profile-page", args=[profile.public_id])))
        for words in (
            "Krappe zelfregie, matige inzet",
            "De drie scores",
            "Begint op 9. Ruim is het vanaf 6.",
            "U heeft hulp nodig om uw dag zelf te bepalen.",
            "4 punten eraf",
            "5 punten erbij",
            'class="profile tone-2-2 profile-large"',
        ):
            assert words in shown
        assert shown.count('<svg height="62"') == 3
        assert "draagkracht" not in shown.split("<main")[1].split("</main>")[0].lower()
        for page in ("profile-paper", "profile-explanation"):
            paper = nurse.browser.get(reverse(page, args=[profile.public_id]))
            assert paper.content.startswith(b"%PDF")
        assert "KMP-KM" in text(nurse.browser.get(reverse("client-page", args=[client.public_id])))
        overview = re.sub(r"\s+>", ">", text(team_lead.browser.get(reverse("team-overview"))))
        assert "grid-of-3" in overview
        assert '<th scope="row">Ruim</th>' in overview
        assert all(f">{'Wacht' if code == 'WACHT' else code}</span>" in overview for code in CODES)

    def test_what_is_one_answer_away_is_told(self, thuis: House, nurse: Actor) -> None:
        in_force()
        client = new_client(thuis)
        with thuis.scope():
            profile = finished(client, nurse.membership, "KMP-RL")
            away = explain(profile_for(nurse.membership, profile.public_id)).one_away
        assert [(other.subject, other.code) for other in away] == [
            ("De dag", "KMP-KL"),
            ("Waarbij", "KMP-RM"),
            ("Beeld", "WACHT"),
        ]

    def test_an_exception_says_what_it_means_and_how_long(self, thuis: House, nurse: Actor) -> None:
        in_force()
        client = new_client(thuis)
        with thuis.scope():
            profile = finished(client, nurse.membership, "WACHT")
            rules = AskingRules(6, 4)
            state = states_of([client.pk], day=FROM + timedelta(9), rules=rules)[client.pk]
            after = states_of([client.pk], day=FROM + timedelta(10), rules=rules)[client.pk]
        assert (state.state.value, state.days_left, after.lapsed) == ("temporary", 1, "WACHT")
        assert "Binnen tien dagen volgt de rest." in text(
            nurse.browser.get(reverse("profile-page", args=[profile.public_id]))
        )

    def test_a_corrected_birth_is_judged_by_its_age(self, thuis: House, nurse: Actor) -> None:
        in_force()
        client = new_client(thuis, born=date(2010, 1, 1))
        with thuis.scope():
            profile = finished(client, nurse.membership, "JONG")
            people.correct_birth(client, date(2008, 2, 29))
            profile.refresh_from_db()
            assert profile.period.upper == date(2029, 3, 1)
            assert not standing_contradictions().exists()
            people.correct_birth(client, date(2002, 2, 1))
            profile.refresh_from_db()
            assert profile.period.isempty
            assert standing_contradictions().get() == profile

    @pytest.mark.parametrize(
        ("born", "until"),
        [
            (date(2008, 2, 29), FROM + timedelta(10)),  # the days end first
            (date(2003, 1, 5), date(2024, 1, 5)),  # the birthday does
            (date(2003, 1, 1), None),
        ],
    )
    def test_a_birth_can_be_corrected_where_days_end_a_profile_too(
        self, thuis: House, nurse: Actor, born: date, until: date | None
    ) -> None:
        rules = deepcopy(RULES)
        rules["exceptions"][0]["lasts_days"] = 10
        load_successor(rules=rules, definition=DEFINITION, valid_from=FROM)
        client = new_client(thuis, born=date(2010, 1, 1))
        with thuis.scope():
            profile = finished(client, nurse.membership, "JONG")
            people.correct_birth(client, born)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            profile.refresh_from_db()
        assert (profile.period.isempty, profile.period.upper) == (until is None, until)


class TestBulk:
    def test_a_file_of_answers_is_derived_without_servers(self, tmp_path: Path) -> None:
        source, target = tmp_path / "in.csv", tmp_path / "uit.csv"
        rows = [";".join((code, *cells(code))) for code in CODES]
        source.write_text("\n".join((";".join(("id", *INSTRUMENT.by_id)), *rows, "fout;ja")) + "\n", "utf-8")
        asked = ["--model", MODEL_FILE, "--instrument", INSTRUMENT_FILE]
        assert run("derive_profiles", source, target, *asked).code == 1
        made = list(csv.reader(StringIO(target.read_text("utf-8")), delimiter=";"))
        assert made[0] == ["id", "soort", "code", "zelfregie", "thuis", "inzet", "model", "fout"]
        assert [row[2] for row in made[1:-1]] == list(CODES)
        assert made[1] == ["KMP-RL", "dkdl", "KMP-RL", "9", "0", "1", "5", ""]
        assert made[-1][1:7] == ["ongeldig", "", "", "", "", "5"]

    def test_a_model_that_is_not_sound_derives_nothing(self, tmp_path: Path) -> None:
        file, target = tmp_path / "model.json", tmp_path / "uit.csv"
        file.write_text(json.dumps({**RULES, "profiles": RULES["profiles"][1:]}), "utf-8")
        answer = run("derive_profiles", MODEL_FILE, target, "--model", file, "--instrument", INSTRUMENT_FILE)
        assert (answer.code, answer.err) == (2, ["profiles: there is none for levels [1, 0, 0]"])
        assert not target.exists()

    def test_anamneses_of_its_days_are_taken_in_and_others_refused(
        self, office: Office, tmp_path: Path
    ) -> None:
        in_force()
        with office.facts():
            client = people.client(office.house.north, date_of_birth=BORN, in_care_from=date(2023, 1, 1))
        agb = office.house.organisation.agb
        lines = [";".join((client.bsn, day, *cells("KMP-KZ"))) for day in ("2024-01-01", "2023-12-31")]
        file = tmp_path / "anamneses.csv"
        header = ";".join(("bsn", "datum", *INSTRUMENT.by_id))
        file.write_text("\n".join((header, *lines)) + "\n", "utf-8")
        refused = run("import_anamneses", file, "--organisation", agb)
        assert refused.code == 1
        assert [line.split(": ")[0] for line in refused.err] == ["regel 3"]
        file.write_text("\n".join((header, lines[0])) + "\n", "utf-8")
        assert run("import_anamneses", file, "--organisation", agb).code == 0
        with office.facts():
            assert ClientProfile.objects.get().code == "KMP-KZ"


def cells(code: str) -> list[str]:
    """Return the answers of a code as the cells of a file."""
    return ["|".join(EXAMPLES[code].get(question, ())) for question in INSTRUMENT.by_id]


class TestFigures:
    def test_an_insurer_gets_its_codes_with_those_of_before(
        self, thuis: House, nurse: Actor, administrator: Actor
    ) -> None:
        in_force()
        with thuis.scope():
            insurer = people.insurer()
            for _number in range(12):
                finished(people.client(thuis.north, date_of_birth=BORN), nurse.membership, "KMP-RZ")
            made = figures.release(organisation=thuis.organisation, insurer=insurer, day=FROM)
        counts = figures.counts_of(made)
        assert list(counts) == [*CODES, *DKDL_2_0.labels]
        assert (counts["KMP-RZ"], counts["KMP-RL"], made.model_version) == (12, None, "kompas 5")
        table = list(csv.DictReader(StringIO(figures_csv.as_csv(made).decode()), delimiter=";"))
        assert table[2]["omschrijving"] == "Ruime zelfregie, zware inzet"
        address = reverse("release-preview", args=[insurer.public_id])
        shown = text(administrator.browser.get(address, {"day": FROM.isoformat()}))
        assert shown.count('<table class="grid grid-of-3">') == 2

    def test_which_codes_there_are_does_not_tell_that_a_client_has_one(
        self, thuis: House, nurse: Actor
    ) -> None:
        in_force()
        day = FROM - timedelta(20)
        with thuis.scope():
            insurer = people.insurer()
            before = figures.preview(organisation=thuis.organisation, insurer=insurer, day=day)
            client = people.client(thuis.north, date_of_birth=BORN)
            draft = start_anamnese(client=client, membership=nurse.membership, day=FROM)
            save_answers(
                anamnese=draft,
                membership=nurse.membership,
                answers=answers_for("KMP-RZ"),
                revision=draft.revision,
            )
            change_date(anamnese=draft, membership=nurse.membership, day=day)
            profile = finish_anamnese(anamnese=draft, membership=nurse.membership)
            after = figures.preview(organisation=thuis.organisation, insurer=insurer, day=day)
        assert (profile.code, profile.date) == ("KMP-RZ", day)
        assert [cell["code"] for cell in before.release.cells] == [*DKDL_2_0.labels, *CODES]
        assert after.release.cells == before.release.cells


class TestDeclaring:
    def test_its_codes_go_to_the_insurer_and_the_answers_come_back(
        self, office: Office, tmp_path: Path
    ) -> None:
        in_force()
        agree(office, tmp_path)
        for number, code in enumerate(GROWN_UP[:2]):
            client = office.client(number, day=None)
            with office.facts():
                finished(client, office.nurse, code)
        file = office.attached(*(insured(number, care("2024-01-02", "2024-01-09")) for number in (0, 1)))
        assert [state for state, _reason in office.states(file)] == [AttachmentState.ATTACHED] * 2
        content = office.exported(file)
        assert checker.check([content], today=date(2024, 5, 15)).is_accepted
        assert [line[0] for line in sent_codes(office)] == [TABLE[code] for code in GROWN_UP[:2]]
        handed_over(office, file)
        first, second = references(office, file)
        preview = recorded(office, f"{first};aanvaard;", f"{second};afgekeurd;Onbekende code")
        assert (preview.accepted, preview.rejected) == (1, 1)
        assert [state for state, _reason in office.states(file)] == [
            AttachmentState.ACCEPTED,
            AttachmentState.REJECTED,
        ]

    def test_without_a_table_of_its_codes_a_person_is_held(self, office: Office) -> None:
        in_force()
        client = office.client(0, day=None)
        with office.facts():
            finished(client, office.nurse, "KMP-RL")
        file = office.attached(insured(0, care("2024-01-02", "2024-01-09")))
        assert office.state(file) == (AttachmentState.HELD, Reason.CODE_UNKNOWN)


def agree(office: Office, folder: Path) -> None:
    """Take a code table of the model in, and agree on it from its first day."""
    rows = [f"{code};990;{sent};00" for code, sent in TABLE.items()]
    file = folder / "codes.csv"
    file.write_text("\n".join(("profiel;codelijst;prestatiecode;tijdseenheid", *rows)) + "\n", "utf-8")
    agb = office.house.organisation.agb
    about = ("--organisation", agb, "--name", "Kompas", "--table-version", "1")
    assert run("import_code_table", file, *about).code == 0
    with office.facts():
        agreements.change(
            organisation=office.house.organisation,
            insurer=Insurer.objects.get(uzovi="9991"),
            terms=AgreementTerms(
                sending=True,
                delivery_form=DeliveryMode.IN_FILE,
                code_table=CodeTable.objects.get(organisation=office.house.organisation),
            ),
            valid_from=FROM,
        )


def sent_codes(office: Office) -> list[tuple[str, str]]:
    """Return code and first day of each record, in the order of the persons."""
    with office.facts():
        records = ProfileRecord.objects.order_by("attachment__number")
        return [(record.performance_code, str(record.first_day)) for record in records]
