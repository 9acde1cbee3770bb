"""How another process on the same machine hands a finished report to the node: one JSON line each way over
a Unix socket in the node's folder.

Requests: ``{"op": "submit", "report": {...}, "ref": ..., "patient": true or absent, "attachments": [{"type",
"data": base64}] or absent, "token": text or absent}``, ``{"op": "taken", "token"}``,
``{"op": "receipt", "code"}``, ``{"op": "follow-up", "code", "token"}`` with ``"text", "urgent"``
and perhaps ``"attachments"``, or ``"withdraws"``, ``{"op": "status"}``,
``{"op": "bot-turn", "wish"}``, ``{"op": "courier-export"}``,
``{"op": "courier-import", "bundle": base64}``. Replies: ``{"receipt", "id",
"ref"}``, the ladder and answers, ``{"taken": true}``, the status, ``{"bundle", "envelopes"}``, what was
applied, or ``{"error", ...}``. The socket is only for the node's own user.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from sync.errors import CarrierError
from sync.line_socket import socket_address

SOCKET_NAME = "node.sock"
MAX_LINE_BYTES = 24 * 1024 * 1024
"""The largest bundle in base64. A report of the schema's full size in JSON escapes is below 120 KB."""


class NodeNotRunning(CarrierError):
    """No node serves in that folder."""


class HandIn:
    """A connection to the node that serves in a folder. Use as a context manager."""

    def __init__(self, folder: Path, timeout_s: float = 60.0) -> None:
        """Raise NodeNotRunning when nobody listens."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.settimeout(timeout_s)
        try:
            with socket_address(folder, SOCKET_NAME) as address:
                self._socket.connect(address)
        except OSError as error:
            self._socket.close()
            raise NodeNotRunning("no node serves in this folder") from error
        self._file = self._socket.makefile("rwb")

    def __enter__(self) -> HandIn:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection."""
        with suppress(OSError):  # a reply half written to a node that is gone
            self._file.close()
        self._socket.close()

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request and return the reply; raise CarrierError when the node went away."""
        try:
            self._file.write(json.dumps(request).encode("utf-8") + b"\n")
            self._file.flush()
            line = self._file.readline(MAX_LINE_BYTES)
        except OSError as error:
            raise CarrierError("the node went away before it answered") from error
        if not line.endswith(b"\n"):
            raise CarrierError("the node went away before it answered")
        try:
            reply = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise CarrierError("what answered in this folder is no node of this version") from error
        if not isinstance(reply, dict):
            raise CarrierError("what answered in this folder is no node of this version")
        return reply

    def submit(
        self,
        report: object,
        ref: object = None,
        *,
        patient: bool = False,
        attachments: Sequence[Mapping[str, str]] = (),
        token: str | None = None,
    ) -> dict[str, Any]:
        """Hand in one report; return {"receipt", "id", "ref"} or {"error", "problems", "refused", "ref"}.

        `patient`: it is one of a file, so that the node may take longer to write it shorter. `attachments`
        are {"type", "data"} each, the bytes in base64. Who does not know whether a report was taken hands
        it in again with the same `token`: it is taken once, and the receipt is then None.
        """
        request: dict[str, Any] = {"op": "submit", "report": report, "ref": ref}
        if patient:
            request["patient"] = True
        if attachments:
            request["attachments"] = [dict(attachment) for attachment in attachments]
        if token is not None:
            request["token"] = token
        return self.ask(request)

    def taken(self, token: str) -> dict[str, Any]:
        """Return {"receipt", "id"} of the report that was taken under a token, or {"error"} where none was.
        The receipt is None where that was before a restart of the node."""
        return self.ask({"op": "taken", "token": token})

    def bot_turn(self, wish: str) -> dict[str, Any]:
        """Ask the hub for the turn of the village's bot ("hold") or give it back ("give-back"); return
        {"held", "left_s", "polled_ago_s"} or {"error"}."""
        return self.ask({"op": "bot-turn", "wish": wish})

    def receipt(self, code: str) -> dict[str, Any]:
        """Return {"ladder", "answers", ...} of a receipt code, or {"error"}.

        With "unknown" no report has that code; with "may_be_lost" the box's card lost receipts, perhaps this.
        """
        return self.ask({"op": "receipt", "code": code})

    def add(
        self,
        code: str,
        text: str,
        *,
        urgent: bool,
        token: str,
        attachments: Sequence[Mapping[str, str]] = (),
    ) -> dict[str, Any]:
        """Add to a report, with files as in `submit`; return {"taken"} or {"error"}, with "refused" where
        asking again changes nothing, and "unknown" or "may_be_lost" as `receipt` does. The same `token` adds
        once."""
        request: dict[str, Any] = {
            "op": "follow-up",
            "code": code,
            "token": token,
            "text": text,
            "urgent": urgent,
        }
        if attachments:
            request["attachments"] = [dict(attachment) for attachment in attachments]
        return self.ask(request)

    def withdraw(self, code: str, reason: int, *, token: str) -> dict[str, Any]:
        """Take a report back, for a reason of `sync.wire.numbers.WithdrawalReason`; return as `add` does."""
        return self.ask({"op": "follow-up", "code": code, "token": token, "withdraws": reason})

    def question(self, text: str, language: str, *, token: str) -> dict[str, Any]:
        """Pass a question that the material does not answer to the hub, with nothing about who asked; return
        as `add` does. `language` is a tag such as "id"; the same `token` passes it on once."""
        return self.ask({"op": "question", "text": text, "language": language, "token": token})

    def subscription(
        self, phone: str, language: str, area: str, *, wanted: bool, token: str
    ) -> dict[str, Any]:
        """Pass on to the hub that a telephone wants bulletins of an area, or no more of them; return as `add`
        does. The box keeps nothing of it but the sealed packet."""
        request = {"op": "subscription", "phone": phone, "language": language, "area": area}
        return self.ask({**request, "wanted": wanted, "token": token})

    def status(self) -> dict[str, Any]:
        """Return the node's status."""
        return self.ask({"op": "status"})
