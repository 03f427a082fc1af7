"""Fixed words of this app."""

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """What can happen to a client that asks for a new look, whatever the profile says."""

    HOSPITAL = "hospital", _("Opname in het ziekenhuis")
    BACK_HOME = "back_home", _("Terug uit het ziekenhuis")
    CARER_GONE = "carer_gone", _("Mantelzorger valt weg")
    CARER_COMES = "carer_comes", _("Er komt een mantelzorger bij")
    FALL = "fall", _("Gevallen")
    WORSE = "worse", _("Het gaat duidelijk slechter")
    BETTER = "better", _("Het gaat duidelijk beter")
    HOUSING = "housing", _("Andere woonsituatie")
    DECLARATION = "declaration", _("Gevraagd door declaraties")


class FactKind(StrEnum):
    """What follows from facts of the client and asks for a new look: nobody records or withdraws it."""

    AGE = "age"
    TOLD_DEAD = "told_dead"
    RETURNED = "returned"


#: What a nurse can tell; that declarations ask for an anamnese comes from the declaration officer.
TOLD_BY_NURSES = tuple(choice for choice in EventKind.choices if choice[0] != EventKind.DECLARATION)
