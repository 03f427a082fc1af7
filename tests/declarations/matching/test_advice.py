"""What an officer reads beside a reason, or when a file is refused."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest

from declarations.matching.advice import advice
from declarations.schema.constants import Reason
from declarations.schema.exceptions import AlreadyImportedError, InvoiceNumberTakenError, KnownFileError

NOBODY_HELPS = frozenset(
    {
        Reason.BSN_UNKNOWN,
        Reason.OBJECTION,
        Reason.PHASE_FORBIDS,
        Reason.PROFILE_LINE_PRESENT,
        Reason.ALREADY_SENT,
        Reason.CREDITS_ONLY,
    }
)


@pytest.mark.parametrize("reason", sorted(frozenset(Reason) - {Reason.NONE}))
def test_every_reason_says_what_to_do_or_that_there_is_nothing_to_do(reason: str) -> None:
    said = str(advice(reason))
    assert said.endswith(".")
    nothing_to_do = "je hoeft niets te doen" in said.lower() or "hoef je niets te doen" in said
    assert nothing_to_do == (Reason(reason) in NOBODY_HELPS)


@pytest.mark.parametrize("error", [AlreadyImportedError, InvoiceNumberTakenError])
def test_a_known_file_is_named_to_programs_and_not_by_number_to_people(
    error: Callable[[UUID], KnownFileError],
) -> None:
    public_id = uuid4()
    refusal = error(public_id)
    assert refusal.public_id == public_id
    assert str(public_id) not in refusal.sentence
