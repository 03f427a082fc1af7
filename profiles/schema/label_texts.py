"""What a model calls its profiles, in the language of the screen. What is stored or sent stays as it is."""

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from profiles.engine import Model

#: The labels of every model that was shipped; one that is not among them is shown as the model has it.
KNOWN = (
    _("Draagkrachtig, geen verhoogde draaglast, lage ondersteuningsbehoefte"),
    _("Draagkrachtig, geen verhoogde draaglast, gemiddelde ondersteuningsbehoefte"),
    _("Draagkrachtig, geen verhoogde draaglast, hoge ondersteuningsbehoefte"),
    _("Draagkrachtig, verhoogde draaglast, lage ondersteuningsbehoefte"),
    _("Draagkrachtig, verhoogde draaglast, gemiddelde ondersteuningsbehoefte"),
    _("Draagkrachtig, verhoogde draaglast, hoge ondersteuningsbehoefte"),
    _("Verminderd draagkrachtig, geen verhoogde draaglast, lage ondersteuningsbehoefte"),
    _("Verminderd draagkrachtig, geen verhoogde draaglast, gemiddelde ondersteuningsbehoefte"),
    _("Verminderd draagkrachtig, geen verhoogde draaglast, hoge ondersteuningsbehoefte"),
    _("Verminderd draagkrachtig, verhoogde draaglast, lage ondersteuningsbehoefte"),
    _("Verminderd draagkrachtig, verhoogde draaglast, gemiddelde ondersteuningsbehoefte"),
    _("Verminderd draagkrachtig, verhoogde draaglast, hoge ondersteuningsbehoefte"),
    _("Medische kindzorg thuis"),
    _("Palliatief-terminale zorg"),
    _("Tijdelijk: gegevens volgen binnen vier weken"),
    _("Geen gegevens over draagkracht en draaglast"),
)


def label_of(code: str, model: Model) -> str:
    """Return what a model calls a code, in the language of now."""
    label = model.labels.get(code)
    return gettext(label) if label else code


def code_word(code: str) -> str:
    """A code as people say it: DKDL-05 is DKDL 5, TIJDELIJK is Tijdelijk; abbreviations stay."""
    family, _dash, number = code.partition("-")
    if number.isdigit():
        return f"{family} {int(number)}"
    return {"TIJDELIJK": gettext("Tijdelijk"), "GEEN": gettext("Geen")}.get(code, code)
