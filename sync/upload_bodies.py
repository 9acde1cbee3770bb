"""Bodies with pictures and sounds as they come in: outside of the process's own memory, never on the card.

A body of a form with files goes into an anonymous memory file, at most two at once. What is too large, or
comes while two others are on their way, is read to its end and kept only as far as its fields, which come
before its files: so the page can say what is wrong and nothing that was typed is lost.
"""

from __future__ import annotations

import os
import threading
import weakref
from typing import IO, Any

from sync.site_channel import SiteChannel
from sync.site_parser import SiteParser

MAX_UPLOAD_BYTES = 12 * 1024 * 1024
"""Of one form with its files. A telephone's picture has 2 to 6 MB, twenty minutes of speech 3 MB."""
KEPT_OF_OTHERS_BYTES = 256 * 1024
"""Of a body that is too large or too many: more than the fields of a form need."""
MAX_READ_BYTES = 96 * 1024 * 1024
"""Read to its end, so that a browser sees the answer; beyond it the connection is closed."""
UPLOADS_AT_ONCE = 2
HOW_HEADER = "KENTONGAN_BODY"
"""Stands among the headers of a body that was cut: why."""
CUT, BUSY = "cut", "busy"


def memory_file() -> IO[bytes]:
    """Return an empty file that lives in memory and has no name."""
    return os.fdopen(os.memfd_create("upload", os.MFD_CLOEXEC), "w+b", buffering=0)


class _KeptBody:
    """Takes a body and keeps its first bytes; what waitress calls a receiver."""

    error = None

    def __init__(self, length: int, keep: int) -> None:
        self._left = length
        self._room = keep
        self._file = memory_file()
        self.kept = 0

    @property
    def completed(self) -> bool:
        return self._left == 0

    def received(self, data: bytes) -> int:
        taken = data[: self._left]
        kept = taken[: self._room]
        if kept:
            self._file.write(kept)
        self._left -= len(taken)
        self._room -= len(kept)
        self.kept += len(kept)
        return len(taken)

    def getfile(self) -> IO[bytes]:
        self._file.seek(0)
        return self._file

    def getbuf(self) -> IO[bytes]:
        return self._file  # waitress closes it


class UploadParser(SiteParser):
    """Waitress's parser, with another place for large forms."""

    completed: bool
    content_length: int
    _slots = threading.BoundedSemaphore(UPLOADS_AT_ONCE)

    def parse_header(self, header_plus: bytes) -> None:
        """Read the headers and choose where the body goes."""
        super().parse_header(header_plus)
        self.headers.pop(HOW_HEADER, None)
        length = int(self.content_length)
        is_form = self.headers.get("CONTENT_TYPE", "").lower().startswith("multipart/form-data")
        if self.chunked or not is_form or not KEPT_OF_OTHERS_BYTES < length <= MAX_READ_BYTES:
            return
        keep = MAX_UPLOAD_BYTES
        if length > MAX_UPLOAD_BYTES:
            keep, self.headers[HOW_HEADER] = KEPT_OF_OTHERS_BYTES, CUT
        elif self._slots.acquire(blocking=False):
            self._release = weakref.finalize(self, self._slots.release)
        else:
            keep, self.headers[HOW_HEADER] = KEPT_OF_OTHERS_BYTES, BUSY
        self.body_rcv: Any = _KeptBody(length, keep)
        self.content_length = 0  # it is not for waitress to bound

    def received(self, data: bytes) -> int:
        """Take bytes of a request; return how many."""
        body = self.body_rcv
        if self.completed or not isinstance(body, _KeptBody):
            return int(super().received(data))
        taken = body.received(data)
        if body.completed:
            self.headers["CONTENT_LENGTH"] = str(body.kept)
            self.completed = True
        return taken

    def close(self) -> None:
        """Give back what the body took."""
        super().close()
        release = getattr(self, "_release", None)
        if release is not None:
            release()


class UploadChannel(SiteChannel):
    """A connection on which large forms may come."""

    parser_class = UploadParser

    def handle_close(self) -> None:
        """Give back what a body took whose sender went away in the middle."""
        request: SiteParser | None = self.request
        self.request: SiteParser | None = None
        super().handle_close()
        if request is not None:
            request.close()
