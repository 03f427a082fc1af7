"""Fixed words of webhooks: events, states, faults, and their limits."""

from datetime import timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

ATTEMPTS = 8
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=12)
# A worker that dies while it calls leaves its rows alone for so long.
LEASE = timedelta(minutes=2)
KEPT_FOR = timedelta(days=30)
SUBSCRIPTIONS = 10


class WebhookEvent(models.TextChoices):
    """What a care record system can be told of. Guards in the database know these words (migration 0027)."""

    IMPORTED = "declaration.imported", _("een bestand is ingelezen")
    READY = "declaration.ready", _("van een bestand staat niemand meer in de wachtrij")
    EXPORTED = "declaration.exported", _("een bestand met profielen is gemaakt")
    BLOCKED = "declaration.blocked", _("een gemaakt bestand is geblokkeerd: lever het niet aan")
    RELEASED = "declaration.released", _("een bestand is vrijgegeven voor de verzekeraar")
    WITHDRAWN = "declaration.withdrawn", _("een bestand is ingetrokken")
    REJECTED = "declaration.rejected", _("de verzekeraar keurde een profielregel af")
    PROFILE_CREATED = "profile.created", _("een cliënt heeft een nieuw profiel")


TEST_EVENT = "test"


class SubscriptionState(models.TextChoices):
    """Where a webhook is: nothing is sent before the receiver has shown that it checks signatures."""

    PREPARED = "prepared", _("nog niet gecontroleerd")
    ACTIVE = "active", _("aan")
    STOPPED = "stopped", _("uit")


class SignatureScheme(models.TextChoices):
    """How messages are signed: by a public standard, or as it was done before webhooks had a scheme."""

    STANDARD = "standard", _("Standard Webhooks")
    DRAAGVLAK = "draagvlak", _("eigen handtekening van Draagvlak (oud)")


class DeliveryState(models.TextChoices):
    """Where one message is."""

    WAITING = "waiting", _("wacht")
    DELIVERED = "delivered", _("aangekomen")
    DEAD = "dead", _("opgegeven")


class Fault(models.TextChoices):
    """Why a call did not do what it should; the label is the sentence for the administrator."""

    NONE = "", ""
    ADDRESS_SHAPE = (
        "address_shape",
        _("Dit is geen volledig webadres. Gebruik https://, zonder gebruikersnaam of wachtwoord."),
    )
    ADDRESS_INSECURE = "address_insecure", _("Dit adres is niet versleuteld. Gebruik https://.")
    ADDRESS_UNKNOWN = "address_unknown", _("Deze servernaam bestaat niet, of is nu niet te vinden.")
    ADDRESS_PRIVATE = (
        "address_private",
        _("Dit adres hoort bij een besloten netwerk. Gebruik een adres dat vanaf internet te bereiken is."),
    )
    UNREACHABLE = "unreachable", _("De ontvanger gaf geen antwoord. Kijk of de server aanstaat.")
    CERTIFICATE = "certificate", _("Het certificaat van de ontvanger is niet geldig voor dit adres.")
    REDIRECTED = "redirected", _("De ontvanger stuurde door naar een ander adres. Geef het echte adres op.")
    REFUSED = "refused", _("De ontvanger nam het bericht niet aan.")
    WRONG_ACCEPTED = (
        "wrong_accepted",
        _(
            "De ontvanger weigerde een bericht met een verkeerde handtekening niet. Hij hoort dan met een "
            "4xx-antwoord te weigeren. Laat de controle van de handtekening aanzetten."
        ),
    )
    RIGHT_REFUSED = (
        "right_refused",
        _(
            "De ontvanger weigerde een bericht met een goede handtekening. Kijk of daar hetzelfde geheim "
            "staat, en of de klok gelijk loopt."
        ),
    )
