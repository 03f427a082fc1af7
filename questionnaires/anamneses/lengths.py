"""How long the list of an instrument is, in words."""

from django.utils.translation import gettext as _

from questionnaires.instruments.definition import Instrument


def length_in_words(instrument: Instrument) -> str:
    """Say how many questions an instrument has: without and with those that spell out another answer."""
    most = len(instrument.questions)
    least = most - sum(question.follows_up is not None for question in instrument.questions)
    if least == most:
        return _in_words(most)
    return _("%(least)s of %(most)s") % {"least": _in_words(least), "most": _in_words(most)}


def _in_words(number: int) -> str:
    """As far as Dutch writes numbers out, in words."""
    words = _(
        "nul één twee drie vier vijf zes zeven acht negen tien elf twaalf dertien veertien vijftien zestien "
        "zeventien achttien negentien twintig"
    ).split()
    return words[number] if number < len(words) else str(number)
