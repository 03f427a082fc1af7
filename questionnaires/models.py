"""All models of the app, where the framework looks for them."""

from questionnaires.schema.device_models import Device, DeviceEvent  # noqa: F401
from questionnaires.schema.models import Anamnese, AnamneseEvent, InstrumentVersion  # noqa: F401
