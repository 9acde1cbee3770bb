"""The Unix socket by which the hub's own bots ask about subscriptions and fetch messages (see
`sync.subscription_door`). Bots have the tokens and modems; the hub has who is told.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any, Final

from hub.subscriptions.keeping import Subscriptions
from hub.subscriptions.sending import SubscriberSending
from hub.subscriptions.services import SubscriptionRefused
from sync.line_socket import LineServer
from sync.subscription_door import DOOR_NAME, MAX_LINE_BYTES

_log = logging.getLogger(__name__)
SILENT_S: Final = 60.0


class SubscriptionDoor:
    """Listens in the hub's folder; a thread a connection, for the hub's own few bots."""

    def __init__(self, folder: Path, kept: Subscriptions, sending: SubscriberSending) -> None:
        self._kept = kept
        self._sending = sending
        self._server = LineServer(
            folder,
            DOOR_NAME,
            lambda line: json.dumps(self.reply(line)).encode(),
            max_line_bytes=MAX_LINE_BYTES,
            silent_s=SILENT_S,
        )

    def close(self) -> None:
        """Stop listening."""
        self._server.close()

    def reply(self, line: bytes) -> dict[str, Any]:
        """Return the reply to one line. Nothing of the line stands in an error or a log."""
        try:
            request = json.loads(line)
            return self._answer(request if isinstance(request, dict) else {})
        except SubscriptionRefused as refused:
            return {"error": str(refused), "refused": True}
        except (ValueError, TypeError, RecursionError):
            return {"error": "a request is one JSON line, see sync.subscription_door", "refused": True}
        except Exception as error:
            # The store or a fault of ours: the text could hold an address.
            _log.error("fault while a bot asked: %s", type(error).__name__)
            return {"error": f"the hub could not do it ({type(error).__name__}): see kentongan hub doctor"}

    def _answer(self, request: dict[str, Any]) -> dict[str, Any]:
        operation, way = request.get("op"), str(request.get("way", ""))
        address = str(request.get("address", ""))
        if operation == "state":
            standing = self._kept.standing(way, address)
            if standing is None:
                return {"area": None, "language": None}
            return {"area": standing.area, "language": standing.language}
        if operation == "begin":
            self._kept.begin(way, address, str(request.get("area", "")), str(request.get("language", "")))
        elif operation == "stop":
            self._kept.stop(way, address)
        elif operation == "take":
            messages = self._sending.take(way, int(request.get("most", 1)))
            return {"messages": [{"id": one.id, "to": one.to, "text": one.text} for one in messages]}
        elif operation == "outcome":
            told = int(request["id"]) if isinstance(request.get("id"), int) else 0
            self._sending.outcome(told, str(request.get("outcome")), float(request.get("wait_s", 0.0)))
        else:
            raise SubscriptionRefused('"op" is state, begin, stop, take or outcome')
        return {"done": True}
