"""Made is not handed over: an insurer sees a file only once it was released."""

import pytest
from django.utils import timezone

from care.schema.models import Insurer
from care.tenancy import scope
from declarations.delivery import deliveries
from declarations.handover.blocking import events_of
from declarations.insurers import insurer_files
from declarations.schema.constants import ChunkKind, Handover
from declarations.schema.delivery_constants import HandoverStep
from declarations.schema.exceptions import WrongStateError
from declarations.schema.models import DeclarationFile, Export, FileChunk
from declarations.storage import chunks
from tests.actors import Actor
from tests.declarations.delivery.handing_over import made, object_to_it, release, state
from tests.declarations.delivery.separating import agree_apart, the_separate
from tests.declarations.office import Office
from tests.declarations.shell import run

pytestmark = pytest.mark.django_db


def test_what_was_made_is_nothing_to_an_insurer_until_it_is_released(
    office: Office, insurer_user: Actor
) -> None:
    office.client(0)
    file = made(office)
    seen = scope.Scope(user_id=insurer_user.user.pk, insurer_id=insurer_user.membership.insurer_id)
    with scope.activate(seen):
        assert not DeclarationFile.objects.exists()
        assert not Export.objects.exists()
        assert not FileChunk.objects.exists()
    release(office, file)
    with scope.activate(seen):
        row = insurer_files.file_for(insurer_user.membership, file.public_id)
        assert b"".join(chunks.read(row, ChunkKind.EXPORT))
        assert {chunk.kind for chunk in FileChunk.objects.all()} == {ChunkKind.EXPORT}


def test_an_insurer_that_joined_while_a_file_was_written_sees_it_once_it_is_released(office: Office) -> None:
    """The database names the addressee of the files that it sees: not of one that is not there yet."""
    office.client(0)
    agree_apart(office)
    made(office)
    apart = the_separate(office)
    with office.facts():
        DeclarationFile.objects.filter(pk=apart.pk).update(insurer=None)
    release(office, apart)
    insurer = Insurer.objects.get(uzovi="9991")
    with scope.activate(scope.Scope(insurer_id=insurer.pk)):
        assert list(insurer_files.files_for(insurer)) == [apart]


def test_attaching_anew_from_the_shell_blocks_a_made_file_that_may_no_longer_go(office: Office) -> None:
    client = office.client(0)
    file = made(office)
    object_to_it(office, client)
    assert run("attach_profiles", file.public_id).code == 0
    assert state(office, file) == Handover.BLOCKED


def test_a_test_file_is_never_released(office: Office) -> None:
    office.client(0)
    file = made(office, is_test=True)
    with pytest.raises(WrongStateError, match="proefbestand"):
        release(office, file)


def test_releasing_twice_changes_nothing(office: Office) -> None:
    office.client(0)
    file = made(office)
    release(office, file)
    release(office, file)
    with office.facts():
        steps = [event.step for event in events_of(file)]
    assert steps == [HandoverStep.MADE, HandoverStep.RELEASED]


def test_recording_a_delivery_hands_over_and_shows_the_insurer_nothing(
    office: Office, insurer_user: Actor
) -> None:
    office.client(0)
    file = made(office)
    with office.facts():
        deliveries.record_delivery(file=file, delivered_at=timezone.now())
    assert state(office, file) == Handover.DELIVERED
    assert insurer_user.membership.insurer is not None
    with scope.activate(scope.Scope(insurer_id=insurer_user.membership.insurer.pk)):
        assert not insurer_files.files_for(insurer_user.membership.insurer).exists()
    release(office, file)
    assert state(office, file) == Handover.RELEASED
