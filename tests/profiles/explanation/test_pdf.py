"""Profiles on paper: tagged, one page, and whatever somebody is called."""

import json
import re
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import typst
from django.urls import reverse
from django.utils import translation
from django.utils.timezone import localdate

from care.consent.selectors import StandingStatements, standing_statements
from care.consent.statements import record_consent, record_objection, withdraw_consent
from care.schema.constants import AccessAction
from care.schema.models import AccessLog, Client
from profiles.explanation import pdf as paper
from profiles.explanation.pdf.rendering import TEMPLATES, as_json
from profiles.schema.models import ClientProfile
from profiles.timeline.history import entries_of
from profiles.timeline.services import finish_anamnese
from questionnaires.anamneses.services import save_answers, start_anamnese
from tests.actors import Actor, House
from tests.factories import anamneses, people
from tests.test_money_wall import PROMISE

TODAY = localdate()
LONG = "Van-Oudenbosch-tot-Nieuwerkerk op den Hogendoorn-Westerbeeckhuijsen van Zuijlen aan"
HOSTILE = '#panic("x") *b* $1$ <a> `c` \\ @preview/x:1 "); #import "/etc/passwd"'
ALL_TECHNICAL = ["zwachtelen", "complexe_wond", "sonde", "katheter", "overige_katheterisatie",
                 "darmstoma", "darmspoeling", "injecties"]  # fmt: skip
TAGGED = (
    rb"/StructTreeRoot", rb"/Marked true", rb"/Lang\s*\(nl", rb"/DisplayDocTitle true", rb"/H1",
    rb"pdfuaid",
)  # fmt: skip
NOTHING_SAID = StandingStatements(objection=None, consent=None)


@pytest.fixture
def made(thuis: House, nurse: Actor) -> Callable[..., ClientProfile]:
    def make(code: str = "DKDL-12", **client: Any) -> ClientProfile:
        born = date(2012, 5, 5) if code == "MKT" else date(1941, 3, 14)
        with thuis.scope():
            given: dict[str, Any] = {"surname": "Papierhof", "date_of_birth": born} | client
            return anamneses.finished(
                people.client(thuis.north, **given), nurse.membership, day=TODAY, code=code
            )

    return make


def summary(house: House, profile: ClientProfile) -> paper.Summary:
    with house.scope():
        entry = next(each for each in entries_of(profile.client) if each.profile.pk == profile.pk)
        return paper.summary_of(entry, organisation=house.organisation, today=TODAY)


def explanation(
    house: House, profile: ClientProfile, statements: StandingStatements = NOTHING_SAID
) -> paper.Explained:
    with house.scope():
        return paper.explained(profile, organisation=house.organisation, statements=statements, today=TODAY)


def raw(pdf: bytes) -> bytes:
    """Return a PDF with its compressed parts written out."""
    parts = [pdf]
    for found in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(found[1]))
        except zlib.error:
            continue
    return b"\n".join(parts)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", raw(pdf)))


def is_tagged(pdf: bytes) -> bool:
    plain = raw(pdf)
    wanted = (
        rb"/StructTreeRoot",
        rb"/Marked true",
        rb"/Lang\s*\(nl",
        rb"/DisplayDocTitle true",
        rb"/H1",
        rb"pdfuaid",
    )
    return all(re.search(mark, plain) for mark in wanted)


def strong_text(content: paper.Page) -> str:
    """Return what stands in strong type on the page, as Typst itself has it: data, not markup."""
    return typst.query(
        TEMPLATES / content.template,
        "strong",
        field="body",
        root=TEMPLATES,
        ignore_system_fonts=True,
        sys_inputs={"content": as_json(content)},
    )


def words(page: paper.Page) -> str:
    """Return all text of a page, as the template gets it."""

    def walk(value: Any) -> list[str]:
        if isinstance(value, str):
            return [value]
        if isinstance(value, tuple):
            return [text for each in value for text in walk(each)]
        names = getattr(value, "__dataclass_fields__", {})
        return [text for name in names for text in walk(getattr(value, name))]

    return "\n".join(walk(page))


@pytest.mark.parametrize("code", anamneses.EVERY_CODE)
def test_every_profile_fits_on_one_tagged_page(
    thuis: House, made: Callable[..., ClientProfile], code: str
) -> None:
    profile = made(code)
    for content in (summary(thuis, profile), explanation(thuis, profile)):
        pdf = paper.render(content)
        assert (pages(pdf), is_tagged(pdf)) == (1, True)


def test_thirteen_answers_and_the_longest_names_fit_too(thuis: House, nurse: Actor) -> None:
    nurse.user.name = "Wijkverpleegkundige " + LONG
    nurse.user.save()
    thuis.organisation.name = ("Stichting Samenwerkende " + LONG)[:120]
    with thuis.scope():
        thuis.north.name = LONG[:80]
        thuis.north.save()
        client = people.client(
            thuis.north, surname=LONG[:80], initials="A.B.C.D.E.F.G.H.I.J.", prefix="van der in den uit t"
        )
        anamnese = start_anamnese(client=client, membership=nurse.membership, day=TODAY)
        answers = {**anamneses.answers_for("DKDL-12"), "Q12": "2", "Q13": ALL_TECHNICAL}
        save_answers(anamnese=anamnese, membership=nurse.membership, answers=answers, revision=0)
        profile = finish_anamnese(anamnese=anamnese, membership=nurse.membership)
        record_consent(client=client, insurer=client.insurer, day=TODAY, user=None)
        said = standing_statements(client)
    content = summary(thuis, profile)
    assert len(content.answers) == 13
    corrected = replace(
        content, notice="Deze anamnese is een correctie van een eerdere. Reden: " + (LONG * 7)[:500]
    )
    for page in (content, corrected, explanation(thuis, profile, said)):
        pdf = paper.render(page)
        assert (pages(pdf), is_tagged(pdf)) == (1, True)


def test_the_summary_says_it_all_in_words(thuis: House, made: Callable[..., ClientProfile]) -> None:
    profile = made("DKDL-12")
    text = words(summary(thuis, profile))
    for wanted in (
        "A. Papierhof",
        "14 maart 1941",
        "DKDL 12",
        "verminderd draagkrachtig",
        "Draagkrachtig is het vanaf 7.",
        "Gemiddeld is het vanaf 4, hoog vanaf 6.",
        "Psychisch functioneren en gedrag",
        "DK: 2 punten eraf",
        profile.ruleset_hash,
        "model 2.0",
        PROMISE,
    ):
        assert wanted in text, wanted


def test_the_explanation_has_no_jargon_and_tells_the_right_to_object(
    thuis: House, made: Callable[..., ClientProfile]
) -> None:
    for code in anamneses.EVERY_CODE:
        text = words(explanation(thuis, made(code)))
        assert "U mag op elk moment bezwaar maken." in text
        assert "bepaalt niet hoeveel zorg u krijgt" in text
        shown = text.replace("explanation.typ", "").casefold()
        for jargon in (
            "draagkracht", "draaglast", "ondersteuningsbehoefte", "casemix", "anamnese", "terminaal",
            "mantelzorg", "overlijden", "levensverwachting", "score", "grondslag", " je ", "jouw",
        ):  # fmt: skip
            assert jargon not in shown, (code, jargon)


def test_the_sentences_for_a_client_are_short(thuis: House, made: Callable[..., ClientProfile]) -> None:
    for code in ("DKDL-01", "DKDL-12", "PTZ", "TIJDELIJK", "MKT", "GEEN"):
        for section in explanation(thuis, made(code)).sections:
            for text in (*section.paragraphs, *section.points):
                for sentence in re.split(r"(?<=[.?!])\s", text):
                    assert len(sentence.split()) <= 24, sentence


def test_what_a_client_said_stands_in_the_explanation(
    thuis: House, made: Callable[..., ClientProfile]
) -> None:
    profile = made()
    with thuis.scope():
        record_consent(client=profile.client, insurer=profile.client.insurer, day=TODAY, user=None)
        agreed = standing_statements(profile.client)
        withdraw_consent(client=profile.client, insurer=profile.client.insurer, day=TODAY, user=None)
        took_back = standing_statements(profile.client)
        record_objection(client=profile.client, day=TODAY, user=None)
        objected = standing_statements(profile.client)
    assert "naar uw zorgverzekeraar mag" in words(explanation(thuis, profile, agreed))
    assert "uw toestemming in." in words(explanation(thuis, profile, took_back))
    assert "bezwaar gemaakt" in words(explanation(thuis, profile, objected))


@pytest.mark.parametrize("surname", [HOSTILE, "#", "\\", "*_*", "Ærø-Ştefănescu-Łukasz-Đorđević"])
def test_a_name_is_shown_and_never_obeyed(
    thuis: House, made: Callable[..., ClientProfile], surname: str, caplog: pytest.LogCaptureFixture
) -> None:
    profile = made(surname=surname[:80])
    for content in (summary(thuis, profile), explanation(thuis, profile)):
        assert is_tagged(paper.render(content))
        shown = [body.get("text", "") for body in json.loads(strong_text(content))]
        assert f"A. {surname[:80]}" in shown
    assert caplog.records == []


def test_a_sign_that_no_font_knows_costs_the_standard_not_the_paper(
    thuis: House, made: Callable[..., ClientProfile], caplog: pytest.LogCaptureFixture
) -> None:
    profile = made(surname="张伟")
    pdf = paper.render(summary(thuis, profile))
    assert (pages(pdf), b"/StructTreeRoot" in raw(pdf)) == (1, True)
    assert [record.getMessage() for record in caplog.records] == [
        "paper_without_standard template=summary.typ"
    ]


def test_the_same_content_gives_the_same_page(thuis: House, made: Callable[..., ClientProfile]) -> None:
    content = summary(thuis, made())
    assert paper.render(content) == paper.render(content)


def test_what_cannot_be_set_says_nothing_of_the_client(
    thuis: House, made: Callable[..., ClientProfile], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> bytes:
        message = "cannot set Papierhof"
        raise typst.TypstError(message, "")

    content = summary(thuis, made())
    monkeypatch.setattr(typst, "compile", fail)
    with pytest.raises(paper.PaperError, match=r"^summary\.typ cannot be set$") as refused:
        paper.render(content)
    assert refused.value.__cause__ is None


@pytest.mark.parametrize("template", sorted(TEMPLATES.glob("*.typ")), ids=lambda path: path.name)
def test_a_template_asks_for_nothing_from_outside(template: Path) -> None:
    source = template.read_text("utf-8")
    assert "@" not in source
    assert re.findall(r'#?import "([^"]*)"', source) in ([], ["common.typ"])
    assert not re.search(r"\b(read|eval|image|plugin|csv|yaml|toml|xml)\(", source)


class TestPages:
    def test_both_are_sent_as_pdf_and_logged(
        self, thuis: House, nurse: Actor, made: Callable[..., ClientProfile]
    ) -> None:
        profile = made()
        for name, file in (("profile-paper", "anamnese"), ("profile-explanation", "uitleg")):
            answer = nurse.browser.get(reverse(name, args=[profile.public_id]))
            assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
            assert answer["Content-Disposition"] == f'inline; filename="{file}-{TODAY:%Y-%m-%d}.pdf"'
            assert answer["Cache-Control"] == "no-store, private"
            assert pages(answer.content) == 1
        with thuis.scope():
            actions = AccessLog.objects.filter(clients=[profile.client_id]).values_list("action", flat=True)
            assert list(actions) == [AccessAction.PRINTED, AccessAction.PRINTED]

    def test_others_get_nothing(
        self,
        made: Callable[..., ClientProfile],
        nurse_of_another_team: Actor,
        nurse_elsewhere: Actor,
        declaration_officer: Actor,
    ) -> None:
        profile = made()
        statuses = ((nurse_of_another_team, 403), (nurse_elsewhere, 404), (declaration_officer, 403))
        for actor, status in statuses:
            for name in ("profile-paper", "profile-explanation"):
                answer = actor.browser.get(reverse(name, args=[profile.public_id]))
                assert answer.status_code == status

    def test_a_replaced_profile_says_so_and_is_not_explained(
        self, thuis: House, nurse: Actor, made: Callable[..., ClientProfile]
    ) -> None:
        profile = made()
        with thuis.scope():
            correction = anamneses.corrected(profile, nurse.membership, code="DKDL-01", reason="mis getikt")
            profile.refresh_from_db()
        text = words(summary(thuis, profile))
        assert "geldt niet meer" in text
        assert "mis getikt" in text
        assert "correctie van een eerdere" in words(summary(thuis, correction))
        address = reverse("profile-explanation", args=[profile.public_id])
        assert nurse.browser.get(address).status_code == 404

    def test_the_buttons_stand_on_the_client_and_the_profile(
        self, thuis: House, nurse: Actor, made: Callable[..., ClientProfile]
    ) -> None:
        profile = made()
        with thuis.scope():
            client = profile.client
        for name, key in (("profile-page", profile.public_id), ("client-page", client.public_id)):
            page = nurse.browser.get(reverse(name, args=[key])).content.decode()
            assert reverse("profile-paper", args=[profile.public_id]) in page
            assert reverse("profile-explanation", args=[profile.public_id]) in page

    def test_without_a_profile_there_is_nothing_to_print(self, thuis: House, nurse: Actor) -> None:
        with thuis.scope():
            client: Client = people.client(thuis.north)
        page = nurse.browser.get(reverse("client-page", args=[client.public_id])).content.decode()
        assert "Op papier" not in page


def test_an_earlier_day_stays_that_day(
    thuis: House, nurse: Actor, made: Callable[..., ClientProfile]
) -> None:
    content = replace(summary(thuis, made()), printed=TODAY - timedelta(days=1))
    assert paper.render(content) != paper.render(replace(content, printed=TODAY))


def test_paper_is_dutch_whatever_language_the_screens_are_in(
    thuis: House, made: Callable[..., ClientProfile]
) -> None:
    profile = made()
    dutch = summary(thuis, profile), explanation(thuis, profile)
    with translation.override("en"):
        assert (summary(thuis, profile), explanation(thuis, profile)) == dutch
