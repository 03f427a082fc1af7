"""Load the demo, and print its log-ins."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from care.schema.models import Organisation
from care.tenancy import scope
from declarations.demo import loading, people


class Command(BaseCommand):
    """Fictional organisations, people, clients and files to try the product with."""

    help = "Load fictional demo data once; refused where a real organisation exists."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare how a start asks for it."""
        parser.add_argument("--at-start", action="store_true", help="a real organisation is no error")

    def handle(self, *args: Any, at_start: bool = False, **options: Any) -> None:
        """Load the demo unless it is there already, put its files ready, and print its log-ins.

        Beside a real organisation a start loads nothing, and tells of the demo only where that is there.
        """
        try:
            loading.load()
        except loading.DemoRefusedError as refusal:
            if not at_start:
                raise CommandError(str(refusal)) from refusal
            if not Organisation.objects.filter(is_demo=True).exists():
                return
        self._put_files_ready()
        self.stdout.write(f"Wachtwoord voor iedereen: {people.PASSWORD}")
        for account in people.accounts():
            self.stdout.write(f"  {account.email:28} {account.role}, {account.of}")

    def _put_files_ready(self) -> None:
        folder = settings.VAR_DIR / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        for organisation in Organisation.objects.filter(is_demo=True).order_by("id"):
            target = folder / f"declaratie-{organisation.agb}.txt"
            if not target.exists():
                with scope.organisation(organisation.pk):
                    target.write_bytes(loading.waiting_file(organisation))
