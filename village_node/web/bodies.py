"""Request bodies that stay in memory and are read strictly.

Two rules, and why:

* A body never reaches the card. Werkzeug hands file parts to a temporary file and a report would lie
  there in plain text; here every part is read into memory, up to the limit that the app states.
* Bytes that are no UTF-8 are refused. Werkzeug replaces them silently, so a report would be kept that
  nobody typed.
"""

from __future__ import annotations

import io
from typing import IO
from urllib.parse import parse_qsl

from flask import Request
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.exceptions import BadRequest, UnsupportedMediaType
from werkzeug.formparser import FormDataParser
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

MAX_FIELDS = 500
"""The form has about 60 fields; ten times as many are an attempt to keep the box busy."""

ParsedBody = tuple[IO[bytes], MultiDict[str, str], MultiDict[str, FileStorage]]


class UnreadableBody(BadRequest):
    """A form that cannot be read as text. It never says what stood in it."""


class _StrictFormParser(FormDataParser):
    def parse(
        self,
        stream: IO[bytes],
        mimetype: str,
        content_length: int | None,
        options: dict[str, str] | None = None,
    ) -> ParsedBody:
        """Read a form, or raise; never return half of one."""
        body = stream.read()
        files: list[tuple[str, FileStorage]] = []
        if not body:
            fields: list[tuple[str, str]] = []
        elif mimetype == "application/x-www-form-urlencoded":
            fields = _read_urlencoded(body)
        elif mimetype == "multipart/form-data":
            fields, files = _read_multipart(body, (options or {}).get("boundary", ""))
        else:
            raise UnsupportedMediaType
        return io.BytesIO(), MultiDict(fields), MultiDict(files)


def _read_urlencoded(body: bytes) -> list[tuple[str, str]]:
    try:
        # A surrogate half has no UTF-8 form, so the strict decoder refuses it as well.
        return parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise UnreadableBody from None


def _read_multipart(
    body: bytes, boundary: str
) -> tuple[list[tuple[str, str]], list[tuple[str, FileStorage]]]:
    fields: list[tuple[str, str]] = []
    files: list[tuple[str, FileStorage]] = []
    name, is_file, parts = "", False, [b""]
    try:
        decoder = MultipartDecoder(boundary.encode("ascii"), max_parts=MAX_FIELDS)
        decoder.receive_data(body)
        decoder.receive_data(None)
        while not isinstance(event := decoder.next_event(), Epilogue | NeedData):
            if isinstance(event, Field | File):
                # The name that the browser gave a file is not looked at.
                name, is_file, parts = event.name, isinstance(event, File), []
            elif isinstance(event, Data):
                parts.append(event.data)
                if not event.more_data and is_file:
                    files.append((name, FileStorage(io.BytesIO(b"".join(parts)), "", name)))
                elif not event.more_data:
                    fields.append((name, b"".join(parts).decode("utf-8")))
    except ValueError:
        raise UnreadableBody from None
    return fields, files


class InMemoryRequest(Request):
    """A request whose body is kept in memory only, and whose form is text or refused."""

    form_data_parser_class = _StrictFormParser

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
