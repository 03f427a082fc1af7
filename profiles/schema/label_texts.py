"""What a model calls its profiles, in the language of the screen. What is stored or sent stays as it is."""

from django.utils.translation import gettext

from profiles.engine import Model
from profiles.engine.model import Sentence


def label_of(code: str, model: Model) -> str:
    """Return what a model calls a code, in the language of now."""
    label = model.labels.get(code)
    return gettext(label) if label else code


def said(sentence: Sentence) -> str:
    """Return a sentence of a model, in the language of now."""
    text = gettext(sentence.text)
    return text % sentence.values if sentence.values else text
