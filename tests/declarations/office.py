"""An organisation that may send codes to insurer 9991, and everything an officer does with its files."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO

from care.schema.constants import Role
from care.schema.models import Client, Membership
from care.schema.statements import LegalBasis
from declarations.agreements import services as agreements
from declarations.aw319 import sample_files
from declarations.delivery import exporting, jobs
from declarations.delivery.separate_queue import beside
from declarations.handover import services as handover
from declarations.intake import services as intake_services
from declarations.matching import services
from declarations.queries import selectors
from declarations.queries.selectors import QueueBalance
from declarations.schema.agreement_models import Agreement
from declarations.schema.constants import AttachmentKind, ChunkKind
from declarations.schema.models import Attachment, DeclarationFile, Export
from declarations.storage import chunks
from profiles.schema.models import ClientProfile
from tests.actors import House
from tests.declarations import fictional
from tests.factories import anamneses, people

BORN = date(1940, 5, 17)  # of the persons of tests.declarations.fictional
SINCE = date(2023, 1, 1)
BEFORE = date(2023, 12, 1)


@dataclass(frozen=True)
class Office:
    """A house with a nurse, and an agreement and a legal basis for 9991. All is done in its own scope."""

    house: House
    nurse: Membership

    @property
    def organisation_id(self) -> int:
        """The organisation."""
        return self.house.organisation.pk

    def client(self, number: int, *, code: str = "DKDL-01", day: date | None = BEFORE) -> Client:
        """Return the person with a number in `fictional` as a client; a profile from a day unless None."""
        with self.house.scope():
            client = people.client(
                self.house.north, bsn=fictional.BSNS[number], date_of_birth=BORN, in_care_from=SINCE
            )
        if day:
            self.profile(client, day, code)
        return client

    def profile(self, client: Client, day: date, code: str = "DKDL-01") -> ClientProfile:
        """Return the profile of a new anamnese."""
        with self.house.scope():
            return anamneses.finished(client, self.nurse, day=day, code=code)

    def content(
        self, *persons: sample_files.SampleInsured, number: str = "F2024-01", is_test: bool = False
    ) -> bytes:
        """Return a file of this organisation with these persons (one ordinary person unless given)."""
        spec = replace(
            fictional.SPEC, agb=self.house.organisation.agb, invoice_number=number, is_test=is_test
        )
        return fictional.content(*(persons or (fictional.insured(0),)), spec=spec)

    def take_in(self, content: bytes) -> DeclarationFile:
        """Import a file."""
        with self.house.scope():
            return intake_services.import_file(organisation=self.house.organisation, source=BytesIO(content))

    def imported(self, *persons: sample_files.SampleInsured, **about: object) -> DeclarationFile:
        """Import a file with these persons."""
        return self.take_in(self.content(*persons, **about))  # type: ignore[arg-type]

    def attach(self, file: DeclarationFile) -> QueueBalance:
        """Work until nobody of the file is queued."""
        return services.attach_profiles(organisation_id=self.organisation_id, file_id=file.pk)

    def attached(self, *persons: sample_files.SampleInsured, **about: object) -> DeclarationFile:
        """Import a file and work it off."""
        file = self.imported(*persons, **about)
        self.attach(file)
        return file

    def make(self, file: DeclarationFile) -> Export:
        """Make the file with profiles; nobody outside may have it yet."""
        with self.house.scope():
            return exporting.export_file(file=file)

    def export(self, file: DeclarationFile) -> Export:
        """Make the file with profiles, and release it and the separate one beside it."""
        export = self.make(file)
        with self.house.scope():
            for row in (self.fresh(file), *beside(file)):
                if not row.is_test:
                    handover.release(file=row)
        return export

    def release(self, file: DeclarationFile) -> None:
        """Let the insurer have the file that was made."""
        with self.house.scope():
            handover.release(file=self.fresh(file))

    def make_what_was_asked(self) -> None:
        """Do what a worker does: make every file that somebody asked for."""
        for job in jobs.due(self.organisation_id):
            jobs.work(organisation_id=self.organisation_id, public_id=job)

    def written(self, file: DeclarationFile, kind: ChunkKind = ChunkKind.EXPORT) -> bytes:
        """Return the content of a file."""
        with self.house.scope():
            return b"".join(chunks.read(file, kind))

    def exported(self, file: DeclarationFile) -> bytes:
        """Make the file with profiles and return its bytes."""
        self.export(file)
        return self.written(file)

    def items(self, file: DeclarationFile, kind: AttachmentKind = AttachmentKind.REGULAR) -> list[Attachment]:
        """Return the persons of a file in their order."""
        with self.house.scope():
            return list(Attachment.objects.filter(file=file, kind=kind).order_by("number"))

    def item(self, file: DeclarationFile) -> Attachment:
        """Return the only person of a file."""
        (only,) = self.items(file)
        return only

    def states(self, file: DeclarationFile) -> list[tuple[str, str]]:
        """Return state and reason of each person."""
        return [(item.state, item.reason) for item in self.items(file)]

    def state(self, file: DeclarationFile) -> tuple[str, str]:
        """Return state and reason of the only person."""
        (only,) = self.states(file)
        return only

    def balance(self, file: DeclarationFile) -> QueueBalance:
        """Return how the persons of a file are spread over the states."""
        with self.house.scope():
            return selectors.balance(DeclarationFile.objects.get(pk=file.pk))

    def fresh(self, file: DeclarationFile) -> DeclarationFile:
        """Return the file as it stands in the database now."""
        with self.house.scope():
            return DeclarationFile.objects.get(pk=file.pk)

    @contextmanager
    def facts(self) -> Iterator[None]:
        """Change facts in the scope of the organisation."""
        with self.house.scope():
            yield


def opened(house: House) -> Office:
    """Return the office of a house: a nurse in it, and 9991 agreed on and lawful."""
    with house.scope():
        nurse = people.membership(Role.NURSE, organisation=house.organisation)
        insurer = people.insurer()
        agreements.agree_once(organisation=house.organisation, insurer=insurer, valid_from=date(2013, 1, 1))
        LegalBasis.objects.create(
            organisation=house.organisation, insurer=insurer, reference="Proef", valid_from=date(2013, 1, 1)
        )
    return Office(house, nurse)


def stop_sending(office: Office) -> None:
    """Switch sending off for every insurer."""
    with office.facts():
        Agreement.objects.update(sending=False)
