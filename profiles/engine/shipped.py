"""The model that comes with the product: every installation has it until a successor is loaded."""

from profiles.engine.dkdl_2_0 import DKDL_2_0
from profiles.engine.model import Model


def shipped() -> Model:
    """The model of the regulation, as it was published."""
    return DKDL_2_0
