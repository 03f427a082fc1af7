"""What was written of facts when a made file was last looked at, so that the next look is short."""

from declarations.decisions.fact_stamps import Stamp
from declarations.schema.delivery_models import LastLook
from declarations.schema.models import DeclarationFile


def stamp_of(file: DeclarationFile) -> Stamp | None:
    """Return what was written when the version at hand of a file was last looked at; None: it was not."""
    last = LastLook.objects.filter(file=file, version=file.version).first()
    return Stamp(bytes(last.rules), bytes(last.buckets)) if last else None


def keep(file: DeclarationFile, stamp: Stamp) -> None:
    """Write down that a file was looked at; `stamp`: what was written when that look began."""
    seen = {"version": file.version, "rules": stamp.rules, "buckets": stamp.buckets}
    LastLook.objects.update_or_create(
        file=file, defaults=seen, create_defaults=seen | {"organisation_id": file.organisation_id}
    )
