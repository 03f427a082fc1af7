"""All models of the app, where the framework looks for them."""

from profiles.schema.models import (  # noqa: F401
    ClientProfile,
    DailySummary,
    DerivationDifference,
    ModelVersion,
    ReassessmentEvent,
)
