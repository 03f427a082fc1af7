"""What a client reads about the list: plain words, no scores, nothing that only a nurse understands.

In Dutch, whatever language the screens of the colleague who prints it are in.
"""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from care.consent.selectors import StandingStatements
from care.schema.models import Organisation
from profiles.engine import Model
from profiles.explanation import plain_words
from profiles.explanation.pdf.rendering import Page, PaperFact
from profiles.schema.known_codes import code_word
from profiles.schema.models import ClientProfile
from profiles.timeline.versions import model_of


@dataclass(frozen=True, slots=True)
class Section:
    """A heading that asks what the client may ask, and the answer in short paragraphs or points."""

    heading: str
    paragraphs: tuple[str, ...]
    points: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained(Page):
    """One page for the client."""

    sections: tuple[Section, ...]


@translation.override(settings.LANGUAGE_CODE)
def explained(
    profile: ClientProfile, *, organisation: Organisation, statements: StandingStatements, today: date
) -> Explained:
    """Explain a profile to the client it is of."""
    client = profile.client
    return Explained(
        title=_("Uitleg over uw vragenlijst"),
        organisation=organisation.name,
        facts=(
            PaperFact(_("Voor"), client.name),
            PaperFact(_("Ingevuld op"), date_format(profile.date, "j F Y")),
        ),
        sections=(
            _what_it_is(),
            _what_came_out(profile, model_of(profile.model_version)),
            _what_happens(client.insurer.name),
            _your_rights(statements),
            _questions(profile, organisation),
        ),
        printed=today,
        template="explanation.typ",
    )


def _what_it_is() -> Section:
    return Section(
        _("Wat is deze lijst?"),
        (
            _(
                "Uw wijkverpleegkundige heeft een lijst met vragen ingevuld. "
                "De vragen gaan over wat u zelf kunt, wie u helpt, wat zwaar voor u is, "
                "en waar u hulp bij nodig heeft. "
                "De lijst is voor iedereen in de wijkverpleging hetzelfde."
            ),
        ),
    )


def _what_came_out(profile: ClientProfile, model: Model) -> Section:
    code = _("Hier hoort een code bij: %s. De code is een korte naam voor wat hierboven staat.")
    said = plain_words.for_client(profile, model)
    if profile.scores is not None:
        return Section(_("Wat kwam eruit?"), (code % code_word(profile.code),), said)
    return Section(_("Wat kwam eruit?"), (*said, code % code_word(profile.code)))


def _what_happens(insurer: str) -> Section:
    return Section(
        _("Wat gebeurt ermee?"),
        (
            _(
                "De antwoorden staan in uw dossier. "
                "Alleen mensen die met uw zorg te maken hebben, mogen ze zien. Wij schrijven op wie er kijkt."
            ),
            _(
                "Wij tellen ook hoeveel mensen welke code hebben. Zo zien wij voor wie wij zorgen. "
                "In die aantallen bent u niet te herkennen."
            ),
            _(
                "De code kan naar uw zorgverzekeraar gaan, %s. "
                "Dat mag alleen als de wet of een afspraak dat toestaat, of als u het goed vindt. "
                "Uw antwoorden gaan nooit mee."
            )
            % insurer,
            _(
                "De code bepaalt niet hoeveel zorg u krijgt. Welke zorg u nodig heeft, bespreekt u altijd "
                "met uw wijkverpleegkundige."
            ),
        ),
    )


def _your_rights(statements: StandingStatements) -> Section:
    return Section(_("Wat kunt u zelf doen?"), _said(statements), _rights(statements))


def _said(statements: StandingStatements) -> tuple[str, ...]:
    if statements.objection is not None:
        day = date_format(statements.objection.made_on, "j F Y")
        return (_("U heeft op %s bezwaar gemaakt. Uw code gaat dus niet naar een zorgverzekeraar.") % day,)
    if statements.consent is not None:
        day = date_format(statements.consent.given_on, "j F Y")
        return (_("U heeft op %s gezegd dat de code naar uw zorgverzekeraar mag.") % day,)
    if statements.taken_back is not None and statements.taken_back.withdrawn_on is not None:
        day = date_format(statements.taken_back.withdrawn_on, "j F Y")
        return (_("U trok op %s uw toestemming in. Uw code gaat dus niet naar uw zorgverzekeraar.") % day,)
    return ()


def _rights(statements: StandingStatements) -> tuple[str, ...]:
    look = _("U mag alles zien wat er over u staat. Klopt er iets niet, dan verbeteren wij het.")
    if statements.objection is not None:
        return (_("U mag uw bezwaar op elk moment intrekken."), look)
    objection = _(
        "U mag op elk moment bezwaar maken. Dan gaat de code niet naar een zorgverzekeraar. "
        "U hoeft niet te zeggen waarom. Uw zorg verandert niet."
    )
    if statements.consent is not None:
        return (_("U mag uw toestemming op elk moment intrekken. Uw zorg verandert niet."), objection, look)
    return (objection, look)


def _questions(profile: ClientProfile, organisation: Organisation) -> Section:
    nurse = profile.anamnese.nurse
    who = nurse.name if nurse else _("uw wijkverpleegkundige")
    text = _("Vraag het gerust aan %(who)s (%(team)s, %(organisation)s).")
    names = {"who": who, "team": profile.client.team.name, "organisation": organisation.name}
    return Section(_("Heeft u vragen?"), (text % names,))
