"""Problems of answers as Dutch sentences: what, where, and what to do. They never repeat the answer."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from questionnaires.instruments.definition import AnswerProblem, Instrument, ProblemCode
from questionnaires.schema.dates import DateProblem

_TEXTS: dict[ProblemCode, Promise] = {
    ProblemCode.UNKNOWN_QUESTION: _(
        "%(subject)s: deze vraag staat niet in deze vragenlijst. Haal het antwoord weg."
    ),
    ProblemCode.UNKNOWN_OPTION: _(
        "%(subject)s: dit antwoord hoort niet bij deze vraag. Kies een van de antwoorden die erbij staan."
    ),
    ProblemCode.TOO_MANY_OPTIONS: _("%(subject)s: er is meer dan één antwoord. Kies er één."),
    ProblemCode.DUPLICATE_OPTION: _(
        "%(subject)s: hetzelfde antwoord staat er twee keer. Laat het één keer staan."
    ),
    ProblemCode.MISSING: _("%(subject)s: er is nog geen antwoord. Kies een antwoord."),
    ProblemCode.NOT_ASKED: _(
        "%(subject)s: door een eerder antwoord hoort deze vraag er niet bij. Haal het antwoord weg."
    ),
    ProblemCode.TECHNICAL_CONTRADICTION: _(
        "%(subject)s: dit past niet bij het antwoord op ‘%(followed)s’. "
        "Kies bij ‘ja’ minstens één handeling, en bij ‘nee’ geen."
    ),
    ProblemCode.AGE_CONTRADICTION: _(
        "%(subject)s: dit klopt niet met de geboortedatum op de dag van de anamnese. "
        "Controleer de geboortedatum en de datum."
    ),
}


def templates() -> dict[str, str]:
    """The sentences by code of problem, with places for the question and the one that it spells out."""
    return {code.value: str(text) for code, text in _TEXTS.items()}


def date_templates() -> dict[str, str]:
    """The sentences by code of what can be wrong with a date."""
    return {problem.value: str(problem.label) for problem in DateProblem}


def sentence(instrument: Instrument, problem: AnswerProblem) -> str:
    """The problem for a person who sees the questions; stands beside the question it is about."""
    question = instrument.by_id.get(problem.question)
    if question is None:
        return str(_TEXTS[problem.code]) % {"subject": problem.question}
    followed = instrument[question.follows_up].subject if question.follows_up else ""
    return str(_TEXTS[problem.code]) % {"subject": question.subject, "followed": followed}


def file_sentence(instrument: Instrument, problem: AnswerProblem) -> str:
    """The problem for a person who sees columns: the question's id goes first."""
    text = sentence(instrument, problem)
    return f"{problem.question} {text}" if problem.question in instrument.by_id else text
