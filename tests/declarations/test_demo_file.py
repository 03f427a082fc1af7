"""The file that the demo offers to whoever has none at hand."""

from django.urls import reverse
from django.utils import timezone

from care.schema.models import Organisation, Team
from care.tenancy import scope
from declarations import aw319
from tests.actors import Actor
from tests.factories import people


def test_it_serves_a_correct_file_in_the_demo_only(declaration_officer: Actor) -> None:
    organisation = declaration_officer.membership.organisation
    assert organisation is not None
    with scope.organisation(organisation.pk):
        people.client(Team.objects.filter(organisation=organisation).order_by("id")[0])
    address = reverse("demo-file", args=[organisation.agb])
    assert declaration_officer.browser.get(address).status_code == 404

    Organisation.objects.filter(pk=organisation.pk).update(is_demo=True)
    content = declaration_officer.browser.get(address).content
    report = aw319.check(iter([content]), today=timezone.localdate(), expected_agb=organisation.agb)
    assert report.is_accepted
    assert declaration_officer.browser.get(reverse("demo-file", args=["75000000"])).status_code == 404
