"""What is done with profiles that do not go in the file itself. Needs Django set up."""

from tests.bench import officer
from tests.bench.journey import Act
from tests.bench.people import uzovi_of
from tests.bench.rows import organisation_id, separate_job


def look_for_the_late(_number: str) -> Act:
    """The scheduled round, which finds that somebody has a profile whose file went."""
    from declarations.rounds import look_for_due_work

    return look_for_due_work


def ask_apart(number: str) -> Act:
    """The button by which a separate file is made of what came late."""
    browser, page = officer.browser(), officer.address("apart-make")
    return lambda: browser.post(page, {"uzovi": uzovi_of(number)})


def make_apart(number: str) -> Act:
    """A worker that was told to make the separate file."""
    from declarations.delivery.tasks import make_export

    job = separate_job(number)
    assert job is not None
    return lambda: make_export(organisation_id(), str(job.public_id))
