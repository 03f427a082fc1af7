"""The ZN-doelgroep: taken in, kept up with its days, and lapsed once the organisation declares profiles."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from care.accounts import phases
from care.clients import target_groups
from care.clients.selectors import client_by_bsn
from care.schema.constants import Phase
from care.schema.models import Client, PhasePeriod
from care.schema.periods import TargetGroupPeriod
from tests.actors import Actor, House
from tests.care.clients.test_client_import import row
from tests.care.tenancy.test_commands import run
from tests.factories import people

pytestmark = pytest.mark.django_db
HEADER = (
    "bsn;voorletters;voorvoegsel;achternaam;geboortedatum;geslacht;uzovi;verzekerdennummer;team;"
    "in_zorg_vanaf;in_zorg_tot"
)


@pytest.fixture(autouse=True)
def insurers(db: None) -> None:
    people.insurer()


@pytest.fixture
def registering(thuis: House) -> House:
    """Return the house, which registers for its own care only."""
    with thuis.scope():
        PhasePeriod.objects.update(phase=Phase.REGISTER)
    return thuis


def load(
    house: House, tmp_path: Path, *rows: str, header: str = f"{HEADER};zn_doelgroep"
) -> tuple[int, str, str]:
    path = tmp_path / "clients.csv"
    path.write_text("\n".join((header, *rows)) + "\n", "utf-8")
    return run("import_clients", str(path), "--organisation", house.organisation.agb)


def groups(house: House, bsn: str) -> list[tuple[str, date, date | None]]:
    """Return code and days of each group that a client is or was in."""
    with house.scope():
        client = client_by_bsn(house.organisation.pk, bsn)
        assert client is not None
        found = TargetGroupPeriod.objects.filter(client=client).order_by("period")
        return [(each.code, each.period.lower, each.period.upper) for each in found]


def test_it_comes_in_with_the_clients_as_an_extra_column(registering: House, tmp_path: Path) -> None:
    today, first, second = timezone.localdate(), people.bsn(), people.bsn()
    assert load(registering, tmp_path, f"{row(first)};ZN3", f"{row(second)};")[0] == 0
    assert groups(registering, first) == [("ZN3", today, None)]
    assert groups(registering, second) == []


def test_a_file_without_the_column_leaves_it_alone_and_an_empty_cell_ends_it(
    registering: House, tmp_path: Path
) -> None:
    bsn = people.bsn()
    load(registering, tmp_path, f"{row(bsn)};ZN3")
    load(registering, tmp_path, row(bsn), header=HEADER)
    assert [code for code, *_days in groups(registering, bsn)] == ["ZN3"]
    load(registering, tmp_path, f"{row(bsn)};")
    assert groups(registering, bsn) == []


def test_what_it_was_stays_in_its_history(registering: House) -> None:
    today = timezone.localdate()
    before = today - timedelta(days=40)
    with registering.scope():
        client = people.client(registering.north)
        for code, day in (("ZN1", before), ("ZN1", today), ("ZN2", today), ("ZN4", today)):
            target_groups.set_group(client=client, code=code, day=day)
        found = list(TargetGroupPeriod.objects.order_by("period").values_list("code", "period"))
        assert target_groups.group_on(client, before) == "ZN1"
    assert [(code, days.lower, days.upper) for code, days in found] == [
        ("ZN1", before, today), ("ZN4", today, None),
    ]  # fmt: skip


@pytest.mark.parametrize("code", ["12345", "A-1", "é"])
def test_it_refuses_what_is_no_code(registering: House, tmp_path: Path, code: str) -> None:
    bsn = people.bsn()
    answer = load(registering, tmp_path, f"{row(bsn)};{code}")
    assert answer[0] == 1
    assert answer[2].startswith("regel 2: zn_doelgroep: ")
    with registering.scope():
        assert not Client.objects.exists()


def test_another_column_is_refused(registering: House, tmp_path: Path) -> None:
    assert load(registering, tmp_path, f"{row(people.bsn())};x", header=f"{HEADER};bedrag")[0] == 2


def test_a_nurse_sees_it_and_keeps_it_up(registering: House, nurse: Actor) -> None:
    with registering.scope():
        client = people.client(registering.north)
        target_groups.set_group(client=client, code="ZN1", day=timezone.localdate())
    page = nurse.browser.get(reverse("client-page", args=[client.public_id])).content.decode()
    assert "ZN-doelgroep" in page
    assert "ZN1" in page
    address = reverse("client-edit", args=[client.public_id])
    form = nurse.browser.get(address).context["form"]
    assert form.initial["target_group"] == "ZN1"
    sent = {name: form.get_initial_for_field(field, name) or "" for name, field in form.fields.items()}
    days = {name: day.strftime("%d-%m-%Y") for name, day in sent.items() if isinstance(day, date)}
    answer = nurse.browser.post(address, sent | days | {"target_group": "ZN7"})
    assert answer.status_code == 302
    with registering.scope():
        assert target_groups.group_on(client, timezone.localdate()) == "ZN7"


def test_it_lapses_once_the_organisation_declares_profiles(
    registering: House, nurse: Actor, tmp_path: Path
) -> None:
    """Neither asked nor shown, not taken in any more; what there was stays."""
    bsn = people.bsn()
    load(registering, tmp_path, f"{row(bsn)};ZN3")
    with registering.scope():
        phases.plan_phases(
            organisation=registering.organisation,
            starts={Phase.DECLARE: timezone.localdate()},
            today=timezone.localdate(),
            user=None,
        )
        client = client_by_bsn(registering.organisation.pk, bsn)
    assert client is not None
    for name in ("client-page", "client-edit"):
        page = nurse.browser.get(reverse(name, args=[client.public_id])).content.decode()
        assert "ZN-doelgroep" not in page
        assert "ZN3" not in page
    assert load(registering, tmp_path, f"{row(bsn)};te lang")[0] == 0
    assert [code for code, *_days in groups(registering, bsn)] == ["ZN3"]
