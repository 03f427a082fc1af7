"""Golden files, and the people that are in the one with profiles."""

from datetime import date
from pathlib import Path

from declarations.aw319 import sample_files
from tests.declarations.fictional import care, credit, insured
from tests.declarations.office import Office

GOLDEN = Path(__file__).parent / "golden"


def golden_people(office: Office) -> list[sample_files.SampleInsured]:
    """People of every kind: see the comments at each."""
    changed = office.client(1, day=None)  # two profiles, several groups, comments
    office.profile(changed, date(2023, 12, 1), "DKDL-04")
    office.profile(changed, date(2024, 1, 16), "DKDL-11")
    temporary = office.client(2, day=None)  # a temporary profile that ran out
    office.profile(temporary, date(2024, 1, 1), "TIJDELIJK")
    for number, code in ((0, "DKDL-01"), (3, "PTZ"), (4, "GEEN")):
        office.client(number, code=code)
    return [
        insured(0, care(), credit("2023-12-01", "2023-12-31")),
        insured(1, care("2024-01-01", "2024-01-15", comments=("Eerste helft",)), comments=("Toelichting",)),
        insured(2, care("2024-01-01", "2024-01-10"), care("2024-01-29", "2024-01-31")),
        insured(3, care("2023-12-20", "2024-01-19", unit="31"), surname="Ørsted"),
        insured(1, care("2024-01-16", "2024-01-31", comments=("Tweede helft", "vervolg"))),
        insured(4, care(list_code="990", code="X1", unit="81")),
        insured(5),  # not a client
        insured(6, credit(earlier_reference="F2023-12 0002")),  # credits only
        insured(4, uzovi="9992"),  # another insurer, without a basis
    ]
