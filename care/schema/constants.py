"""Fixed words of this app: roles, phases, kinds of legal basis."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person may do in an organisation, or for an insurer."""

    NURSE = "nurse", _("wijkverpleegkundige")
    TEAM_LEAD = "team_lead", _("teamleider")
    DECLARATION_OFFICER = "declaration_officer", _("declaratiemedewerker")
    ADMINISTRATOR = "administrator", _("functioneel beheerder")
    PRIVACY_OFFICER = "privacy_officer", _("functionaris gegevensbescherming")
    INSURER = "insurer", _("zorgverzekeraar")


class Phase(models.TextChoices):
    """How far an organisation is on the road; codes are attached from `declare` on."""

    PREPARE = "prepare", _("voorbereiden")
    REGISTER = "register", _("registreren")
    DECLARE = "declare", _("declareren")
    CONTRACT = "contract", _("contracteren")


class Sex(models.TextChoices):
    """The codes of the national list that declarations use."""

    UNKNOWN = "0", _("onbekend")
    MALE = "1", _("man")
    FEMALE = "2", _("vrouw")
    NOT_SPECIFIED = "9", _("niet gespecificeerd")


class BasisKind(models.TextChoices):
    """On what a legal basis rests; the consent itself is recorded with each client."""

    STATUTE = "statute", _("wettelijke plicht")
    CONTRACT = "contract", _("overeenkomst of experiment")
    CONSENT = "consent", _("toestemming van cliënten")


# Stands in the access log where a care record system looked, with a token of the organisation.
SYSTEM_ROLE = "api"


class AccessAction(models.TextChoices):
    """What somebody did with data of a client."""

    LISTED = "listed", _("zag de cliënt in een lijst")
    VIEWED = "viewed", _("bekeek de cliënt")
    ANSWERED = "answered", _("vulde een anamnese in")
    VIEWED_PROFILE = "viewed_profile", _("bekeek een profiel")
    CHANGED = "changed", _("wijzigde de gegevens")
    VIEWED_DECLARATION = "viewed_declaration", _("bekeek een declaratie")
    PRINTED = "printed", _("zette een profiel op papier")
    EXPORTED = "exported", _("nam de cliënt op in een bestand")
    VIEWED_LOG = "viewed_log", _("keek na wie het dossier zag")


class ClientStatement(models.TextChoices):
    """What a client can say about handing the profile code on."""

    OBJECTS = "objects", _("De cliënt maakt bezwaar: het profiel gaat naar geen enkele verzekeraar.")
    OBJECTS_NO_MORE = "objects_no_more", _("De cliënt neemt het bezwaar terug.")
    CONSENTS = "consents", _("De cliënt geeft toestemming voor de eigen zorgverzekeraar.")
    CONSENTS_NO_MORE = "consents_no_more", _("De cliënt trekt de toestemming in.")
