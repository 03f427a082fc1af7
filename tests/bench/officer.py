"""Who declares, on the pages and by a token. Needs Django set up."""

from typing import TYPE_CHECKING

from tests.bench.installation import AGB
from tests.bench.rows import organisation_id

if TYPE_CHECKING:
    from django.test import Client

OFFICER = "kantoor@example.org"


def browser() -> "Client":
    """Return a browser in which the officer is logged in; a fault becomes the page that it is for people."""
    from care.schema.models import User

    nobody = program()
    nobody.force_login(User.objects.get(email=OFFICER))
    return nobody


def program() -> "Client":
    """Return what speaks to the product without a log-in, as another program does."""
    from django.test import Client

    return Client(headers={"host": "localhost"}, raise_request_exception=False)


def token() -> str:
    """Make a token with which files can be sent in."""
    from care.schema.models import Organisation, User
    from care.tenancy import scope
    from declarations.schema.tokens import ApiScope
    from exchange.rest.tokens import make_token

    with scope.organisation(organisation_id()):
        organisation = Organisation.objects.get(agb=AGB)
        by = User.objects.get(email=OFFICER)
        return make_token(
            organisation=organisation, name="Dossier", scopes=[ApiScope.DECLARATIONS_WRITE], by=by
        ).text


def address(name: str, *values: object) -> str:
    """Return the path of a page."""
    from django.urls import reverse

    return reverse(name, args=values)
