"""Load the demo, or list its log-ins."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from care import scope
from care.models import Organisation
from declarations.demo import loading, people


class Command(BaseCommand):
    """Fictional organisations, people, clients and files to try the product with."""

    help = "Load fictional demo data once; refused where a real organisation exists."

    def add_arguments(self, parser: CommandParser) -> None:
        """Add --list."""
        parser.add_argument("--list", action="store_true", help="only print the log-ins of the demo")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load the demo unless it is there already, and put its files ready."""
        if options["list"]:
            self._list()
            return
        try:
            loading.load()
        except loading.DemoRefusedError as refusal:
            raise CommandError(str(refusal)) from refusal
        self._put_files_ready()

    def _list(self) -> None:
        if not Organisation.objects.filter(is_demo=True).exists():
            return
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
