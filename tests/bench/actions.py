"""All that is done with a file on its way, and what has to come before it."""

from collections.abc import Callable

from tests.bench import journey, journey_apart
from tests.bench.journey import Act
from tests.bench.people import ALONG, APART, LATE, let_be_assessed, let_come

# The count walks through all files that there are: it comes first, while these are few.
ACTIONS: dict[str, Callable[[str], Act]] = {
    "balance": journey.balance,
    "download": journey.download,
    "upload": journey.upload,
    "send in": journey.send_in,
    "attach": journey.attach,
    "look for work": journey.look_for_work,
    "ask": journey.ask,
    "look for exports": journey.look_for_exports,
    "make": journey.make,
    "export by command": journey.export_by_command,
    "release": journey.release,
    "deliver": journey.deliver,
    "answer": journey.answer,
    "look for the late": journey_apart.look_for_the_late,
    "ask apart": journey_apart.ask_apart,
    "make apart": journey_apart.make_apart,
    "make both": journey.make,
}
# What has to be done before, and what a person does again who got no answer.
TO_ASK, TO_MAKE = ("upload", "look for work"), ("upload", "look for work", "ask")
MADE = (*TO_MAKE, "make")
COME_LATE = ("come", *MADE, "be assessed")
BEFORE: dict[str, tuple[str, ...]] = {
    "upload": (),
    "send in": (),
    "attach": ("upload",),
    "look for work": ("upload",),
    "ask": TO_ASK,
    "look for exports": TO_MAKE,
    "make": TO_MAKE,
    "export by command": TO_ASK,
    "balance": MADE,
    "download": MADE,
    "release": MADE,
    "deliver": MADE,
    "answer": (*MADE, "deliver"),
    "look for the late": COME_LATE,
    "ask apart": (*COME_LATE, "look for the late"),
    "make apart": (*COME_LATE, "look for the late", "ask apart"),
    "make both": ("come", "be assessed", *TO_MAKE),
}
# What happens in between and is not interrupted.
BETWEEN: dict[str, Callable[[str], None]] = {"come": let_come, "be assessed": let_be_assessed}
SERIES = {"look for the late": LATE, "ask apart": LATE, "make apart": LATE, "make both": APART}
# What only looks at a file can look at the same one again.
LOOKING = ("balance", "download")
ASKED = ("upload", "send in", "ask", "export by command", "download")
# Where somebody has to ask for the separate file, the first time or again.
ASKED_APART = ("look for the late", "ask apart")


def new_number(name: str, at: int) -> str:
    """Return the invoice number of the so-many-th file, for something to be done with."""
    return f"{SERIES.get(name, ALONG)}{at}"


def do(name: str, number: str) -> None:
    """Do something with a file, to its end."""
    if name in BETWEEN:
        BETWEEN[name](number)
    else:
        ACTIONS[name](number)()
