"""Who took a file or figures away. The organisation that they came from can always look this up.

Taking a file that has been exported away is not a look at each client in it: that is written in the
access log, per client, once, when the file is made. What is taken away afterwards is written here.
"""

from django.db.models import QuerySet

from care.schema.models import Membership, Organisation
from declarations.schema.constants import DownloadKind
from declarations.schema.disclosure_models import Download, PopulationRelease
from declarations.schema.models import DeclarationFile
from declarations.schema.tokens import ApiToken


def record_file(
    *, membership: Membership, file: DeclarationFile, kind: DownloadKind = DownloadKind.EXPORT
) -> Download:
    """Write down that somebody took the file with profiles, or something that goes with it, away."""
    return Download.objects.create(
        organisation_id=file.organisation_id,
        insurer_id=membership.insurer_id,
        kind=kind,
        file=file,
        version=file.version,
        user_id=membership.user_id,
        membership=membership,
    )


def record_file_by_system(
    *, token: ApiToken, file: DeclarationFile, kind: DownloadKind = DownloadKind.EXPORT
) -> Download:
    """Write down that a care record system took the file with profiles, or something beside it, away."""
    return Download.objects.create(
        organisation_id=file.organisation_id, kind=kind, file=file, version=file.version, token=token
    )


def record_figures(*, membership: Membership, release: PopulationRelease) -> Download:
    """Write down that somebody took released figures away."""
    return Download.objects.create(
        organisation_id=release.organisation_id,
        insurer_id=membership.insurer_id,
        kind=DownloadKind.POPULATION,
        release=release,
        user_id=membership.user_id,
        membership=membership,
    )


def of_file(file: DeclarationFile) -> QuerySet[Download]:
    """Return who took a file itself away, newest first; its numbers and its manifest are not counted."""
    return _newest_first(Download.objects.filter(file=file, kind=DownloadKind.EXPORT))


def of_organisation(organisation: Organisation) -> QuerySet[Download]:
    """Return everything that was taken away of an organisation, newest first."""
    return _newest_first(Download.objects.filter(organisation=organisation))


def _newest_first(rows: QuerySet[Download]) -> QuerySet[Download]:
    # Not with the membership: row policies hide an insurer's from the organisation, and the row with it.
    return rows.select_related("user", "token", "insurer", "file", "release__insurer").order_by("-at", "-id")
