"""Request bodies that stay in memory and are read strictly.

Rules, and why:

* A body never reaches the card. Werkzeug hands file parts to a temporary file and a report would lie
  there in plain text; here every part is read into memory, up to the limit that the app states.
* A file of a form goes on as an anonymous memory file, which a child process can read; it has no name, and
  the name that the browser gave is not looked at.
* Bytes that are no UTF-8 are refused. Werkzeug replaces them silently, so a report would be kept that
  nobody typed.
"""

from __future__ import annotations

import io
from typing import IO
from urllib.parse import parse_qsl

from flask import Request, current_app
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType
from werkzeug.formparser import FormDataParser
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from sync.upload_bodies import HOW_HEADER, memory_file

PIECE_BYTES = 64 * 1024
"""A form with files is read in pieces of this size."""
MAX_FIELDS = 500
"""The form has about 60 fields; ten times as many are an attempt to keep the box busy."""
MAX_FILES = 8
"""A form has three inputs for files. Each file is an open file of the process, which may have 1,024."""

ParsedBody = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class UnreadableBody(BadRequest):
    """A form that cannot be read as text. It never says what stood in it."""


CHOSEN = "chosen"
"""Stands for the name of every file that was chosen; an input that was left empty has none."""


class _StrictFormParser(FormDataParser):
    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> ParsedBody:
        """Read a form, or raise; never return half of one."""
        if mimetype == "multipart/form-data":
            boundary = (options or {}).get("boundary", "")
            fields, files = _Multipart(boundary, self.max_form_memory_size, self.was_cut).read(stream)
            return io.BytesIO(), MultiDict(fields), MultiDict(files)
        body = stream.read()
        if not body:
            return io.BytesIO(), MultiDict(), MultiDict()
        if mimetype != "application/x-www-form-urlencoded":
            raise UnsupportedMediaType
        return io.BytesIO(), MultiDict(_read_urlencoded(body)), MultiDict()

    was_cut = False


def _read_urlencoded(body: bytes) -> list[tuple[str, str]]:
    try:
        # A surrogate half has no UTF-8 form, so the strict decoder refuses it as well.
        return parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise UnreadableBody from None


class _Multipart:
    """Reads a form with files piece by piece."""

    def __init__(self, boundary: str, most_field_bytes: int | None, was_cut: bool) -> None:
        self._boundary = boundary
        self._left = most_field_bytes
        self._was_cut = was_cut
        self._fields: list[tuple[str, str]] = []
        self._files: list[tuple[str, FileStorage]] = []
        self._part: Field | File | None = None
        self._value = b""
        self._file: IO[bytes] = io.BytesIO()

    def read(self, stream: IO[bytes]) -> tuple[list[tuple[str, str]], list[tuple[str, FileStorage]]]:
        """Return the fields and the files. Of a body that was cut: those that are whole."""
        try:
            decoder = MultipartDecoder(self._boundary.encode("ascii"), max_parts=MAX_FIELDS)
            while piece := stream.read(PIECE_BYTES):
                decoder.receive_data(piece)
                self._take_all(decoder)
            if not self._was_cut:
                decoder.receive_data(None)
                self._take_all(decoder)
        except (ValueError, RequestEntityTooLarge) as error:
            for _, file in self._files:
                file.close()
            if isinstance(error, RequestEntityTooLarge):
                raise
            raise UnreadableBody from None
        finally:
            if not any(self._file is file.stream for _, file in self._files):
                self._file.close()
        return self._fields, self._files

    def _take_all(self, decoder: MultipartDecoder) -> None:
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                self._part, self._value = event, b""
                if isinstance(event, File):
                    if len(self._files) >= MAX_FILES:
                        raise ValueError("too many files")
                    self._file = memory_file()
            elif isinstance(event, Data):
                self._take(event)

    def _take(self, event: Data) -> None:
        if isinstance(self._part, File):
            self._file.write(event.data)
            if not event.more_data:
                self._file.seek(0)
                # Whether a file was chosen, and never what it is called.
                chosen = CHOSEN if self._part.filename else ""
                self._files.append((self._part.name, FileStorage(self._file, chosen, self._part.name)))
            return
        if self._left is not None:
            self._left -= len(event.data)
            if self._left < 0:
                raise RequestEntityTooLarge
        self._value += event.data
        if self._part is not None and not event.more_data:
            self._fields.append((self._part.name, self._value.decode("utf-8")))


class InMemoryRequest(Request):
    """A request whose body is kept in memory only, and whose form is text or refused."""

    form_data_parser_class = _StrictFormParser

    @property
    def cut_because(self) -> str | None:
        """Why the body was cut behind its fields (see `upload_bodies`), or None."""
        how: str | None = self.environ.get(f"HTTP_{HOW_HEADER}")
        return how

    @property
    def max_content_length(self) -> int | None:
        """What a body may have: more where it may hold files."""
        uploads: int | None = current_app.config.get("MAX_UPLOAD_BYTES") if current_app else None
        if uploads is not None and self.mimetype == "multipart/form-data":
            return uploads
        return super().max_content_length

    @max_content_length.setter
    def max_content_length(self, value: int | None) -> None:
        self._max_content_length = value

    def make_form_data_parser(self) -> FormDataParser:
        """Return the parser, which knows whether the body ends early."""
        parser = super().make_form_data_parser()
        if isinstance(parser, _StrictFormParser):
            parser.was_cut = self.cut_because is not None
        return parser

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        # The parser above asks for no stream; this holds should anything else in Werkzeug ask for one.
        return io.BytesIO()


def in_memory_server_options(max_body_bytes: int) -> dict[str, int | None]:
    """Return the options with which waitress, too, keeps every body in memory.

    Waitress reads a whole body before the app sees it and writes what passes `inbuf_overflow` to a
    temporary file; answers, which repeat what was typed, go the same way past `outbuf_overflow`. Bodies
    up to twice the app's limit are read, so that the visitor gets the page that says what the limit
    is; beyond that waitress refuses by itself. A hundred such connections take 50 MB at the most.
    """
    read_at_most = 2 * max_body_bytes
    return {
        "max_request_body_size": read_at_most,
        "inbuf_overflow": 2 * read_at_most,
        # A quotation mark is one byte of a body and twice five of a page.
        "outbuf_overflow": 12 * max_body_bytes,
        "ident": None,  # no "Server" header
    }
