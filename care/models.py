"""All models of the app, where the framework looks for them."""

from care.schema.corrections import FactCorrection  # noqa: F401
from care.schema.death_notices import DeathNotice  # noqa: F401
from care.schema.evidence import Evidence, EvidenceChunk  # noqa: F401
from care.schema.key_canary import KeyCanary  # noqa: F401
from care.schema.models import (  # noqa: F401
    AccessLog,
    Client,
    Insurer,
    Membership,
    Organisation,
    PhasePeriod,
    Team,
    User,
)
from care.schema.receivers import Receiver  # noqa: F401
from care.schema.statements import Consent, LegalBasis, Objection  # noqa: F401
