"""Receiving a file without leaving a copy behind: it has no name on disk, and goes with the request."""

import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial, wraps
from typing import IO, Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_protect

from care.accounts.middleware import AfterTransaction, CareRequest, scope_of
from declarations.aw319.layout import LINE_LENGTH
from declarations.intake.importing import Source
from declarations.progress.progress_channel import ProgressReporter
from declarations.schema.constants import LARGEST_FILE
from declarations.schema.delivery_constants import JobPhase

View = Callable[..., HttpResponse]


class NamelessUploadHandler(FileUploadHandler):
    """Keeps an upload in a temporary file that no folder lists: the system drops it when it is closed."""

    file: IO[bytes]

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin to receive."""
        super().new_file(*args, **kwargs)
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the request

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write down what came in."""
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        """Return the whole upload."""
        self.file.seek(0)
        return UploadedFile(self.file, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        """Drop what had come in when the sender went away."""
        self.file.close()


def nameless_uploads(view: View) -> View:
    """Receive the uploads of a view with NamelessUploadHandler; of more than LARGEST_FILE nothing is read.

    Handlers can only be chosen before the body is read, and the check for forgery reads it: so that check is
    skipped on the outside and done on the inside. The check of rights goes around this one: it reads no
    body, and so nobody fills the disk who may not send a file. A sender may take long: the transaction in
    which the view works begins when all is there.
    """
    protected = csrf_protect(view)

    @wraps(view)
    def receiving(request: CareRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if _length(request) > LARGEST_FILE:
            most = {"most": LARGEST_FILE >> 20}
            messages.error(request, _("Dit bestand is te groot. Het mag hoogstens %(most)d MB zijn.") % most)
            return redirect(request.path)
        request.upload_handlers = [NamelessUploadHandler(request)]
        if request.method != "POST":
            return protected(request, *args, **kwargs)
        return AfterTransaction(partial(_received, request, partial(protected, request, *args, **kwargs)))

    receiving.csrf_exempt = True  # type: ignore[attr-defined]
    return receiving


def _received(request: CareRequest, view: Callable[[], HttpResponse]) -> HttpResponse:
    with suppress(UnreadablePostError):  # the check for forgery answers who broke off
        request.POST.keys()
    with scope_of(request):
        return view()


def _length(request: HttpRequest) -> int:
    """Return how many bytes are announced: more than that are never read, and none without a number."""
    try:
        return int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return 0


class WatchedSource:
    """An upload that tells how far it is read: once to be checked, once more to be stored."""

    def __init__(self, upload: Source, size: int, watcher: ProgressReporter) -> None:
        self._upload, self._watcher = upload, watcher
        self._records = -(-size // LINE_LENGTH)
        self._phases = iter((JobPhase.CHECKING, JobPhase.STORING))
        self.tell = upload.tell

    def seek(self, offset: int, /) -> int:
        """Go to an offset; from the beginning the next phase begins."""
        phase = next(self._phases, None) if offset == 0 else None
        if phase is not None:
            self._watcher.begin(phase, self._records)
        return self._upload.seek(offset)

    def read(self, size: int = -1, /) -> bytes:
        """Return at most size bytes."""
        block = self._upload.read(size)
        self._watcher.add(len(block) // LINE_LENGTH)
        return block
