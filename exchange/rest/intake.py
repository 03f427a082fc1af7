"""Receiving a file: on disk, never whole in memory. (JSON is small: DATA_UPLOAD_MAX_MEMORY_SIZE.)"""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, cast

from django.http import HttpRequest
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _

from declarations.intake.uploads import NamelessUploadHandler
from declarations.schema.constants import LARGEST_FILE
from exchange.rest.problems import ApiProblem, Code

BLOCK = 1 << 20


@contextmanager
def received_file(request: HttpRequest) -> Iterator[IO[bytes]]:
    """Give the file that was sent, as the raw body or as the part `file` of a form. Raises ApiProblem."""
    _check_length(request)
    if (request.content_type or "").startswith("multipart/"):
        yield _part(request)
        return
    with tempfile.TemporaryFile() as file:
        while block := request.read(BLOCK):
            file.write(block)
        if not file.tell():
            raise ApiProblem(400, Code.UNREADABLE, _("Er is geen bestand meegestuurd."))
        file.seek(0)
        yield file


def _part(request: HttpRequest) -> IO[bytes]:
    request.upload_handlers = [NamelessUploadHandler(request)]
    try:
        upload = request.FILES.get("file")
    except MultiPartParserError:
        raise unreadable() from None
    if upload is None or upload.file is None:
        raise ApiProblem(400, Code.UNREADABLE, _("Er is geen deel met de naam ‘file’ meegestuurd."))
    return cast("IO[bytes]", upload.file)


def unreadable() -> ApiProblem:
    """Return the refusal of a body that is not what it should be."""
    return ApiProblem(400, Code.UNREADABLE, _("De inhoud van de aanvraag is niet te lezen."))


def _check_length(request: HttpRequest) -> None:
    text = request.META.get("CONTENT_LENGTH") or ""
    if not (text.isascii() and text.isdigit()):
        raise ApiProblem(411, Code.LENGTH_REQUIRED, _("Stuur de lengte mee in de kop Content-Length."))
    if int(text) > LARGEST_FILE:
        raise too_large(LARGEST_FILE)


def too_large(most: int) -> ApiProblem:
    """Return the refusal of more bytes than `most`."""
    detail = _("Dit is te groot. Stuur hoogstens %(most)d MB tegelijk.") % {"most": most >> 20}
    return ApiProblem(413, Code.TOO_LARGE, detail)
