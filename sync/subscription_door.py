"""How a bot at the hub asks the hub about subscriptions and fetches what is to be sent: one JSON line each
way over a Unix socket in the hub's folder, for the hub's own user alone.

Requests: ``{"op": "state" or "begin" or "stop", "way": "sms" or "telegram", "address", ...}`` (to begin with
``"area"`` and ``"language"``), ``{"op": "take", "way", "most"}``, ``{"op": "outcome", "id", "outcome",
"wait_s"}``. Replies: ``{"area", "language"}`` (null where nobody is told), ``{"done": true}``,
``{"messages": [{"id", "to", "text"}]}``, or ``{"error"}``, with ``"refused"`` where asking
again changes nothing.
"""

from __future__ import annotations

import json
import socket
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Final

from sync.errors import CarrierError
from sync.line_socket import socket_address

DOOR_NAME: Final = "subscriptions.sock"
MAX_LINE_BYTES: Final = 256 * 1024
TIMEOUT_S: Final = 30.0


class HubDoor:
    """Asks the hub of a folder; each question has a connection of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def state(self, way: str, address: str) -> dict[str, Any]:
        """Return {"area", "language"}, both None where nobody is told."""
        return self.ask({"op": "state", "way": way, "address": address})

    def begin(self, way: str, address: str, area: str, language: str) -> dict[str, Any]:
        """Tell somebody from now on; return {"done"} or {"error"}."""
        return self.ask({"op": "begin", "way": way, "address": address, "area": area, "language": language})

    def stop(self, way: str, address: str) -> dict[str, Any]:
        """Tell somebody no more, and wipe what is known of them; return {"done"} or {"error"}."""
        return self.ask({"op": "stop", "way": way, "address": address})

    def take(self, way: str, most: int) -> list[dict[str, Any]]:
        """Return messages to send, {"id", "to", "text"} each; the hub has marked them as handed out."""
        messages = self.ask({"op": "take", "way": way, "most": most}).get("messages", [])
        return list(messages)

    def outcome(self, message: int, outcome: str, wait_s: float = 0.0) -> None:
        """Say what became of one, in a word of `hub.subscriptions.services.OUTCOMES`."""
        self.ask({"op": "outcome", "id": message, "outcome": outcome, "wait_s": wait_s})

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send one request and return the reply; raise CarrierError when no hub answers."""
        away = CarrierError("no hub answers in this folder: kentongan hub serve runs there?")
        try:
            with closing(socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)) as asked:
                asked.settimeout(TIMEOUT_S)
                with socket_address(self._folder, DOOR_NAME) as address:
                    asked.connect(address)
                asked.sendall(json.dumps(request).encode("utf-8") + b"\n")
                with asked.makefile("rb") as file:
                    line = file.readline(MAX_LINE_BYTES)
        except OSError:
            raise away from None
        with suppress(ValueError, RecursionError):
            reply = json.loads(line)
            if line.endswith(b"\n") and isinstance(reply, dict):
                return reply
        raise away
