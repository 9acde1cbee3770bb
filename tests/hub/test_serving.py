from __future__ import annotations

import http.client
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

import pytest
from waitress import buffers

from hub.serving import site_options
from sync.serving import WsgiServer
from sync.upload_bodies import UploadChannel


def test_no_answer_is_written_to_a_temporary_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """An export holds names; waitress alone writes all above a megabyte to the disk before it is sent."""
    spilled: list[object] = []
    true = buffers.TempfileBasedBuffer.__init__

    def noting(self: Any, *arguments: Any) -> None:
        spilled.append(self)
        true(self, *arguments)

    monkeypatch.setattr(buffers.TempfileBasedBuffer, "__init__", noting)
    export = b"Pak Contoh;" * 400_000

    def app(environ: dict[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
        start("200 OK", [("Content-Type", "text/csv"), ("Content-Length", str(len(export)))])
        return [export]

    def fetched(options: dict[str, int]) -> None:
        server = WsgiServer(app, ("127.0.0.1", 0), options, channel=UploadChannel)
        server.start()
        connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=30)
        try:
            connection.request("GET", "/")
            assert connection.getresponse().read() == export
        finally:
            connection.close()
            server.close()

    fetched({**site_options(), "outbuf_overflow": 1024 * 1024})
    assert spilled, "the control: as waitress has it"
    spilled.clear()
    fetched(site_options())
    assert spilled == []
