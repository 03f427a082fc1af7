"""Making, objecting, withdrawing, ending, handing over and fetching in any order, held against a plain model.

The model knows who may be spoken of now, from what the steps themselves did: not from the product's decision.
In the end all may be spoken of again, and everything is made and released: nothing was lost or said twice.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from django.utils import timezone

from care.schema.models import Client, Insurer
from care.schema.statements import LegalBasis, Objection
from care.tenancy import scope
from declarations import rounds
from declarations.aw319.layout import FIELDS
from declarations.delivery import deliveries, exporting, remaking, separate_delivery
from declarations.delivery.separate_queue import beside
from declarations.handover import services as handover
from declarations.handover.blocking import was_handed_over
from declarations.handover.services import refuse_to_hand_out
from declarations.insurers import insurer_files
from declarations.schema.agreement_models import Agreement
from declarations.schema.constants import HANDED_OVER, ChunkKind, DeliveryMode, FileState, Handover
from declarations.schema.exceptions import DeclarationError
from declarations.schema.models import DeclarationFile
from declarations.storage import chunks
from tests.declarations.fictional import BSNS, care, insured
from tests.declarations.office import BORN, Office

PERSONS = 3
STEPS = 14
ROUNDS = 4  # by then whatever waits for a release has gone
HALF = date(2024, 1, 16)
MONTH = [date(2024, 1, 1) + timedelta(days=day) for day in range(31)]
_OTHERWISE_BORN = date(1941, 1, 1)


@dataclass
class World:
    """A file of three persons, the separate one beside it where that is agreed, and what holds for each."""

    office: Office
    clients: list[Client]
    insurer: Insurer
    file: DeclarationFile
    random: Random
    objecting: set[int] = field(default_factory=set)
    otherwise_born: set[int] = field(default_factory=set)
    has_basis: bool = True
    is_sending: bool = True
    told: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def may_go(self, number: int) -> bool:
        """Tell whether a person may be spoken of now."""
        stopped = number in self.objecting or number in self.otherwise_born
        return self.has_basis and self.is_sending and not stopped

    def picked(self) -> list[DeclarationFile]:
        """Return some of the files that were made, in any order."""
        found = self.carriers()
        return self.random.sample(found, self.random.randint(1, len(found)))

    def carriers(self) -> list[DeclarationFile]:
        """Return the files that were made, as they stand now."""
        return [self.office.fresh(self.file), *beside(self.file)]


def interleaved(office: Office, clients: list[Client], seed: int, *, to_the_end: bool = True) -> list[str]:
    """Do random steps with a new file; return what went wrong, each with the steps before it.

    `to_the_end`: until everything that may go was handed over.
    """
    random = Random(seed)  # noqa: S311 - repeatable, not secret
    _agree(office, clients, random.choice(("in_file", "separate", "both")))
    halves = (care("2024-01-01", "2024-01-15"), care("2024-01-16", "2024-01-31"))
    file = office.attached(*(insured(number, *halves) for number in range(PERSONS)), number=f"I{seed}")
    world = World(office, clients, Insurer.objects.get(uzovi="9991"), file, random)
    for _ in range(STEPS):
        step = random.choice(_STEPS)
        world.told.append(step.__name__)
        _do(world, step)
    return world.wrong + (_lost(world) if to_the_end else [])


def _agree(office: Office, clients: list[Client], form: str) -> None:
    """Let all go in the file, all apart, or the second half of the month apart, under its own profile."""
    with office.facts():
        Agreement.objects.update(
            delivery_form=DeliveryMode.SEPARATE if form == "separate" else DeliveryMode.IN_FILE
        )
        if form == "both":
            now = Agreement.objects.get()
            Agreement.objects.update(valid_until=HALF)
            Agreement.objects.create(
                organisation=now.organisation, insurer=now.insurer, code_table=now.code_table, sending=True,
                delivery_form=DeliveryMode.SEPARATE, valid_from=HALF,
            )  # fmt: skip
    if form == "both":
        for client in clients:
            office.profile(client, HALF, "DKDL-09")


def _lost(world: World) -> list[str]:
    """Let everything go that may; return of whom days were never said, or said twice."""
    with world.office.facts():
        _let_all_go(world)
    wrong: dict[tuple[int, date], int] = {}
    for _ in range(ROUNDS):
        _round(world)
        for step in (_make, _make_all_anew, _make_apart, _release_all):
            _do(world, step)
        if not (wrong := _wrongly_said(world)):
            return []
    return [f"said so often {sorted(wrong.items())[:3]} of {len(wrong)}: {world.told}"]


def _make_all_anew(world: World) -> None:
    for file in world.carriers():
        with suppress(DeclarationError):
            remaking.make_anew(file=file)


def _release_all(world: World) -> None:
    for file in world.carriers():
        with suppress(DeclarationError):
            handover.release(file=file)


def _wrongly_said(world: World) -> dict[tuple[int, date], int]:
    """Return how often days of persons were said that were not said once."""
    said = Counter[tuple[int, date]]()
    with world.office.facts():
        for file in world.carriers():
            if file.handover in HANDED_OVER:
                said.update(_days_said(file))
    wanted = {(number, day) for number in range(PERSONS) for day in MONTH}
    return {key: said[key] for key in wanted | set(said) if said[key] != (key in wanted)}


def _let_all_go(world: World) -> None:
    Objection.objects.filter(withdrawn_on__isnull=True).update(withdrawn_on=timezone.localdate())
    for client in world.clients:
        Client.objects.filter(pk=client.pk).update(date_of_birth=BORN)
    LegalBasis.objects.update(valid_until=None)
    Agreement.objects.update(sending=True)
    world.objecting, world.otherwise_born, world.has_basis, world.is_sending = set(), set(), True, True


def _make_apart(world: World) -> None:
    separate_delivery.make_separate(organisation=world.office.house.organisation, uzovi="9991")


def _days_said(file: DeclarationFile) -> Iterator[tuple[int, date]]:
    for line in _profile_records(file):
        first, last = (date.fromisoformat(FIELDS[name].of(line).decode()) for name in ("0414", "0415"))
        number = BSNS.index(FIELDS["0403"].of(line).decode())
        for day in range((last - first).days + 1):
            yield number, first + timedelta(days=day)


def _do(world: World, step: Callable[[World], None]) -> None:
    """Do a step; what is refused stays undone, and what was written of a block stays."""
    with world.office.facts(), suppress(DeclarationError):
        step(world)


def _make(world: World) -> None:
    if world.office.fresh(world.file).state == FileState.IMPORTED:
        world.office.attach(world.file)
        exporting.export_file(file=world.file)


def _object(world: World) -> None:
    number = world.random.randrange(PERSONS)
    if number not in world.objecting:
        world.objecting.add(number)
        Objection.objects.create(
            organisation=world.office.house.organisation,
            client=world.clients[number],
            made_on=timezone.localdate(),
        )


def _take_objection_back(world: World) -> None:
    if world.objecting:
        number = world.random.choice(sorted(world.objecting))
        world.objecting.discard(number)
        rows = Objection.objects.filter(client=world.clients[number], withdrawn_on__isnull=True)
        rows.update(withdrawn_on=timezone.localdate())


def _correct_birth(world: World) -> None:
    number = world.random.randrange(PERSONS)
    world.otherwise_born ^= {number}
    born = _OTHERWISE_BORN if number in world.otherwise_born else BORN
    Client.objects.filter(pk=world.clients[number].pk).update(date_of_birth=born)


def _turn_basis(world: World) -> None:
    world.has_basis = not world.has_basis
    LegalBasis.objects.update(valid_until=None if world.has_basis else date(2014, 1, 1))


def _turn_sending(world: World) -> None:
    world.is_sending = not world.is_sending
    Agreement.objects.update(sending=world.is_sending)


def _release(world: World) -> None:
    for file in world.picked():
        was_over = was_handed_over(file)
        handover.release(file=file)
        if not was_over:
            _judge(world, file, "released")


def _deliver(world: World) -> None:
    for file in world.picked():
        was_over = was_handed_over(file)
        deliveries.record_delivery(file=file, delivered_at=timezone.now())
        if not was_over:
            _judge(world, file, "delivered")


def _make_anew(world: World) -> None:
    for file in world.picked():
        remaking.make_anew(file=file)


def _fetch(world: World) -> None:
    for file in world.carriers():
        if file.state == FileState.EXPORTED:
            was_over = was_handed_over(file)
            refuse_to_hand_out(file)
            if not was_over:
                _judge(world, file, "fetched")


def _fetch_as_insurer(world: World) -> None:
    with scope.activate(scope.Scope(insurer_id=world.insurer.pk)):
        found = list(insurer_files.files_for(world.insurer).filter(pk__in=_keys(world)))
        unreleased = [file for file in found if file.handover != Handover.RELEASED]
        everything = set(DeclarationFile.objects.values_list("pk", flat=True))
    if unreleased or not {file.pk for file in found} <= everything:
        world.wrong.append(f"the insurer saw what was not released: {world.told}")


def _keys(world: World) -> list[int]:
    with world.office.facts():
        return [file.pk for file in world.carriers()]


def _round(world: World) -> None:
    rounds.compare_organisation(organisation_id=world.office.organisation_id)


def _judge(world: World, file: DeclarationFile, how: str) -> None:
    """Look who is spoken of in what somebody has now."""
    for number in _spoken_of(world.office.fresh(file)):
        if not world.may_go(number):
            world.wrong.append(f"{how} with person {number}: {world.told}")


def _spoken_of(file: DeclarationFile) -> Iterator[int]:
    for line in _profile_records(file):
        yield BSNS.index(FIELDS["0403"].of(line).decode())


def _profile_records(file: DeclarationFile) -> Iterator[bytes]:
    for line in b"".join(chunks.read(file, ChunkKind.EXPORT)).split(b"\r\n"):
        if line[:2] == b"04" and FIELDS["0431"].of(line).startswith(b"DV"):
            yield line


_STEPS: tuple[Callable[[World], None], ...] = (
    *(_make, _make),
    *(_object, _object),
    _take_objection_back,
    _correct_birth,
    _turn_basis,
    _turn_sending,
    *(_release, _release),
    _deliver,
    *(_make_anew, _make_anew),
    *(_fetch, _fetch),
    _fetch_as_insurer,
    _round,
)
