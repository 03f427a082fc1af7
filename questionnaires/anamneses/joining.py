"""Two finished anamneses of one day, in two records of a person: one stays, as a correction of the other."""

from django.utils.translation import gettext as _

from questionnaires.schema.models import Anamnese


def correct_by(*, stays: Anamnese, other: Anamnese) -> None:
    """Let the first of the anamneses that `stays` corrects stand for a correction of the other.

    Both records must be locked, and one joined into the other: the database allows it for nobody else.
    """
    first = stays
    while first.corrects is not None:
        first = first.corrects
    first.corrects = other
    first.correction_reason = _("stond in twee dossiers; bij het samenvoegen is deze gekozen")
    first.save(update_fields=["corrects", "correction_reason"])
