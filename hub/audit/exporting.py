"""Writes the log, or a span of it, as one file that proves itself: JSON lines, see `hub.audit.verifying`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hub.audit.entries import open_head
from hub.audit.log import AuditLog
from hub.audit.merkle import cover

FORMAT = 1


def export_lines(log: AuditLog, start: int, end: int | None) -> Iterator[str]:
    """Yield the lines of an export of the entries [start, end), of all from `start` on by default.

    The log is signed as it is; what comes in meanwhile is not in the file.
    """
    newest = log.sign_head()
    size = open_head(log.public, newest).size
    end = size if end is None else min(end, size)
    start = min(start, end)
    nodes = [[level, place, log.node(level, place).hex()] for level, place in cover(0, start)]
    nodes += [[level, place, log.node(level, place).hex()] for level, place in cover(end, size)]
    yield _line(
        {
            "kentongan_audit": FORMAT,
            "public_key": log.public.hex(),
            "start": start,
            "end": end,
            "size": size,
            "nodes": nodes,
        }
    )
    for kept in log.entries(start, end):
        leaf = kept.entry.leaf(kept.salt).hex()
        yield _line({"entry": kept.entry.to_json(), "salt": kept.salt.hex(), "leaf": leaf})
    for signed in log.heads():
        head = open_head(log.public, signed)
        if head.size <= size:
            path = [step.hex() for step in log.consistency(head.size, size)]
            yield _line({"head": signed.hex(), "consistency": path})


def head_line(log: AuditLog) -> str:
    """Sign the log as it is and return the head as a line, for somebody outside to keep."""
    return _line({"head": log.sign_head().hex(), "public_key": log.public.hex()})


def proof_line(log: AuditLog, number: int) -> str:
    """Return one entry with the proof that it stands in the log, as a line; raise UnknownEntry."""
    kept = log.entry(number)
    signed = log.sign_head()
    size = open_head(log.public, signed).size
    return _line(
        {
            "kentongan_audit_proof": FORMAT,
            "public_key": log.public.hex(),
            "entry": kept.entry.to_json(),
            "salt": kept.salt.hex(),
            "path": [step.hex() for step in log.inclusion(number, size)],
            "head": signed.hex(),
        }
    )


def _line(found: dict[str, Any]) -> str:
    return json.dumps(found, sort_keys=True, separators=(",", ":"), ensure_ascii=True) + "\n"
