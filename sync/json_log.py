"""Logs as JSON lines: when, how bad, who says it, what. Never a traceback: it could hold anything."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Final, TextIO

OURS: Final = ("bots", "content", "firmware_bridge", "hub", "sync", "village_node")


class JsonLines(logging.Formatter):
    """Writes a record as one line. Of an error only its type is told."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, str] = {
            "at": at,
            "level": record.levelname.lower(),
            "from": record.name,
            "text": record.getMessage(),
        }
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
        return json.dumps(line, ensure_ascii=False)


def log_as_json(stream: TextIO) -> logging.Handler:
    """Log to a stream as JSON lines from now on, in place of whatever was set; return the handler."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    for old in list(root.handlers):
        root.removeHandler(old)
    root.addHandler(handler)
    # What libraries say below a warning may hold addresses and packets.
    root.setLevel(logging.WARNING)
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    return handler
