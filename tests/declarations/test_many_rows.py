"""What a session that worked in small batches does with a whole file at once."""

import time

import pytest
from django.db import connection

from declarations.schema.constants import AttachmentState
from declarations.schema.models import Attachment
from tests.declarations.fictional import insured
from tests.declarations.office import Office

pytestmark = pytest.mark.django_db

COPY = """
    INSERT INTO declarations_attachment (
        public_id, organisation_id, file_id, kind, number, uzovi, first_line, placement_line, performer,
        performances, state, reason, detail, attach_rest, attempts, due_at, changed_at
    )
    SELECT gen_random_uuid(), organisation_id, file_id, kind, number + one, uzovi, first_line, placement_line,
        performer, performances, state, reason, detail, attach_rest, attempts, due_at, changed_at
    FROM declarations_attachment, generate_series(1, 12000) one WHERE file_id = %s
"""


def test_marking_a_whole_file_takes_no_longer_after_small_batches(office: Office) -> None:
    """Row by row for each row this takes a minute; joined as a whole, a part of a second."""
    file = office.attached(insured(0))
    with office.facts():
        with connection.cursor() as cursor:
            cursor.execute(COPY, [file.pk])
        persons = Attachment.objects.filter(file=file)
        for number in range(1, 8):
            persons.filter(number=number).update(reason="objection")
        begin = time.monotonic()
        persons.update(state=AttachmentState.EXCLUDED, reason="credits_only")
        took = time.monotonic() - begin
    assert took < 8
