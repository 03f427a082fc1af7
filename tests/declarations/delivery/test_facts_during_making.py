"""The last look, when the writing is done: what changed meanwhile does not go out."""

from types import ModuleType

import pytest

from declarations.delivery import exporting, separate_delivery
from declarations.schema.constants import FileState
from declarations.schema.exceptions import FactsChangedError
from declarations.storage import chunks
from tests.declarations.delivery.handing_over import object_to_it
from tests.declarations.delivery.separating import agree_apart
from tests.declarations.fictional import insured
from tests.declarations.office import Office

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("module", "name", "is_apart"),
    [
        (chunks, "store", False),
        (separate_delivery, "write", True),
        # What goes apart was looked at before the file itself was written: minutes earlier.
        (exporting, "written", True),
    ],
    ids=["the file", "the separate file", "the file beside it"],
)
def test_an_objection_during_the_making_does_not_go_out(
    module: ModuleType, name: str, is_apart: bool, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = office.client(0)
    if is_apart:
        agree_apart(office)
    file = office.attached(insured(0))
    write = getattr(module, name)

    def objecting(*args: object) -> object:
        object_to_it(office, client)
        return write(*args)

    monkeypatch.setattr(module, name, objecting)
    with pytest.raises(FactsChangedError):
        office.make(file)
    assert office.fresh(file).state == FileState.IMPORTED
