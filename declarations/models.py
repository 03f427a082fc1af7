"""All models of the app, where the framework looks for them."""

from declarations.schema.agreement_models import Agreement, CodeTable  # noqa: F401
from declarations.schema.delivery_models import (  # noqa: F401
    BlockedPerson,
    Delivery,
    EarlierExport,
    ExportJob,
    HandoverEvent,
    Progress,
    RecordReply,
    Reply,
)
from declarations.schema.disclosure_models import Download, PopulationRelease  # noqa: F401
from declarations.schema.models import (  # noqa: F401
    Attachment,
    AttachmentEvent,
    BalanceNote,
    DeclarationFile,
    Exclusion,
    Export,
    FileChunk,
    ProfileRecord,
)
from declarations.schema.number_models import NumberPrefix, NumberSeries  # noqa: F401
from declarations.schema.tokens import ApiToken  # noqa: F401
