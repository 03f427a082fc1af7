"""A list of 45,000 answers about one file: looked at and recorded by a worker, and an old one sent again."""

import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING

from tests.bench.figures import Figure
from tests.bench.installation import AGB, fill, installation, queued, until, workers, write_file
from tests.bench.officer import OFFICER
from tests.bench.processes import manage
from tests.bench.yardsticks import plain_replies

if TYPE_CHECKING:
    from care.schema.models import User
    from declarations.schema.delivery_models import Reply
    from declarations.schema.models import DeclarationFile

NUMBER, PERSONS = "METING", 45_000
#: Times a plain look-up, and plain inserts and updates, of the same lines: 2 s and 10 s when it is quiet.
MOST_LOOKING, MOST_RECORDING = 12.0, 8.0
EVERY = 3  # so many are accepted against one that comes back


def measure() -> Iterator[Figure]:
    """Yield the time from sending to each state, as the page tells, and how many times a plain one."""
    with installation() as folder:
        write_file(folder / "file.txt", NUMBER, PERSONS)
        fill(folder, PERSONS)
        manage("add_user", OFFICER, "--role", "declaration_officer", "--organisation", AGB)
        with workers(folder):
            _hand_over(folder)
            yield from _answers()


def _hand_over(folder: Path) -> None:
    made = manage("import_declarations", str(folder / "file.txt"), "--organisation", AGB)
    until(lambda: not queued())
    manage("export_declarations", made.out.split()[-1], str(folder / "out.txt"))
    import django

    django.setup()
    from django.utils import timezone

    from declarations.delivery import deliveries

    with _scope():
        deliveries.record_delivery(file=_file(), delivered_at=timezone.now())


def _scope() -> AbstractContextManager[None]:
    from care.tenancy import scope
    from tests.bench.rows import organisation_id

    return scope.organisation(organisation_id())


def _file() -> "DeclarationFile":
    from declarations.schema.models import DeclarationFile

    return DeclarationFile.objects.select_related("organisation").get(invoice_number=NUMBER)


def _answers() -> Iterator[Figure]:
    first, second = _list(lambda at: at % EVERY == 0), _list(lambda _at: False)
    lists = {"45,000 answers": first, "45,000 others, a newer answer to a third": second}
    for name, content in (lists | {"the first 45,000 again": first}).items():
        yield from _beside_plain(name, content)
    with _scope():
        from declarations.replies.services import tally_of

        yield Figure("records that an old list overturned", tally_of(_file()).rejected, "", most=0)


def _list(comes_back: Callable[[int], bool]) -> bytes:
    from declarations.schema.models import ProfileRecord

    with _scope():
        references = list(ProfileRecord.objects.order_by("id").values_list("reference", flat=True))
    lines = [
        f"{reference};afgekeurd;Onbekende code bij ons" if comes_back(at) else f"{reference};aanvaard;"
        for at, reference in enumerate(references)
    ]
    return "\n".join(["referentie;status;reden", *lines, ""]).encode()


def _beside_plain(name: str, content: bytes) -> Iterator[Figure]:
    """Yield what looking and recording take, and how many times the plain ones before and after."""
    before, took, after = plain_replies(content), _sent(content), plain_replies(content)
    limits = {"looked at": MOST_LOOKING, "recorded": MOST_RECORDING}
    for (step, most), seconds, plain in zip(
        limits.items(), took, map(mean, zip(before, after, strict=True)), strict=True
    ):
        yield Figure(f"{name}: {step}", seconds, "s")
        yield Figure(f"{name}: {step}, plain", plain, "s")
        yield Figure(f"{name}: {step}, times a plain one", seconds / plain, "x", most=most)


def _sent(content: bytes) -> tuple[float, float]:
    from declarations.replies import jobs
    from declarations.schema.delivery_constants import ReplyState

    start = time.perf_counter()
    with _scope():
        reply = jobs.look_at_list(organisation=_file().organisation, content=content, user=_officer())
    _await(reply, ReplyState.PREPARED)
    looked = time.perf_counter()
    with _scope():
        reply.refresh_from_db()
        jobs.record(reply=reply)
    _await(reply, ReplyState.RECORDED)
    return looked - start, time.perf_counter() - looked


def _officer() -> "User":
    from care.schema.models import User

    return User.objects.get(email=OFFICER)


def _await(reply: "Reply", state: str) -> None:
    from declarations.schema.delivery_models import Reply

    def is_there() -> bool:
        with _scope():
            found = Reply.objects.values_list("state", flat=True).get(pk=reply.pk)
        assert found not in {"failed", "refused"}, found
        return found == state

    until(is_there, within=300.0, glance=0.05)
