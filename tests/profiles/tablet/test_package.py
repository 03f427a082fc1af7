"""The package that a tablet takes along: a nurse's own clients, what is known of them, and no more."""

from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from care.schema.constants import AccessAction, Role
from care.schema.models import AccessLog, Client
from care.schema.periods import CarePeriod
from tests.actors import Actor, House, actor
from tests.factories import anamneses, people
from tests.profiles.tablet.sending import DAY, payload, put


def test_two_nurses_at_one_client_see_each_other(nurse: Actor, client: Client, thuis: House) -> None:
    colleague = actor(Role.NURSE, thuis, thuis.north)
    put(colleague.browser, payload(colleague, client))
    answer = put(nurse.browser, payload(nurse, client))
    assert [other["nurse"] for other in answer.json()["others"]] == [colleague.user.name]
    taken = nurse.browser.get(reverse("tablet-package")).json()
    assert [other["nurse"] for other in taken["clients"][0]["others"]] == [colleague.user.name]


def test_the_package_holds_a_nurses_own_clients(nurse: Actor, client: Client, thuis: House) -> None:
    with thuis.scope():
        people.client(thuis.south, surname="Zuiderling")
        anamneses.finished(client, nurse.membership, day=DAY, code="DKDL-05")
    answer = nurse.browser.get(reverse("tablet-package"))
    (only,) = answer.json()["clients"]
    assert (only["id"], only["name"]) == (str(client.public_id), client.name)
    assert (only["last"]["code"], only["last"]["answers"]["Q8"]) == ("DKDL-05", "3")
    assert answer.json()["nurse"]["id"] == str(nurse.user.public_id)
    assert answer["Cache-Control"] == "no-store, private"
    with thuis.scope():
        logged = AccessLog.objects.get(action=AccessAction.LISTED)
        assert (logged.clients, logged.user) == ([client.pk], nurse.user)


def test_the_package_holds_the_periods_of_care(nurse: Actor, client: Client, thuis: House) -> None:
    with thuis.scope():
        before = client.in_care_from - timedelta(days=400)
        CarePeriod.objects.create(
            organisation_id=client.organisation_id,
            client=client,
            period=(before, before + timedelta(days=100)),
        )
    (only,) = nurse.browser.get(reverse("tablet-package")).json()["clients"]
    assert only["in_care"] == [
        {"from": before.isoformat(), "until": (before + timedelta(days=100)).isoformat()},
        {"from": client.in_care_from.isoformat(), "until": None},
    ]


def test_the_package_holds_no_bsn(nurse: Actor, client: Client) -> None:
    assert client.bsn not in nurse.browser.get(reverse("tablet-package")).content.decode()


def test_the_package_takes_as_many_queries_for_ten_as_for_one(
    nurse: Actor, client: Client, thuis: House, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def fill(client: Client) -> None:
        with thuis.scope():
            profile = anamneses.finished(client, nurse.membership, day=DAY)
            anamneses.draft(client, nurse.membership, day=DAY, corrects=profile.anamnese, reason="fout")

    fill(client)
    with CaptureQueriesContext(connection) as one:
        nurse.browser.get(reverse("tablet-package"))
    for _number in range(9):
        with thuis.scope():
            another = people.client(thuis.north)
        fill(another)
    with django_assert_num_queries(len(one.captured_queries)):
        clients = nurse.browser.get(reverse("tablet-package")).json()["clients"]
    assert [each["draft"]["corrects"] for each in clients] == [each["last"]["id"] for each in clients]
