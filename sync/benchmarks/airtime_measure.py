"""Measures reports one by one, in our form and in that of others, all sealed and framed alike."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from sync.airtime import (
    CHANNEL_PAYLOAD_LIMIT,
    PRESETS,
    PUBLIC_KEY_PAYLOAD_LIMIT,
    payload_airtime_ms,
)
from sync.benchmarks.other_codecs import OTHERS, Pack, fields_part
from sync.benchmarks.priming_text import PrimingText
from sync.benchmarks.report_lines import ReportLine
from sync.benchmarks.sealed_payloads import Payloads, SealedPath
from sync.clock import Clock
from sync.records import Report, check_report
from sync.wire.report_codec import decode_report, encode_report, encode_report_with
from sync.wire.text_models import ROW_MODELS

LIMITS = (CHANNEL_PAYLOAD_LIMIT, PUBLIC_KEY_PAYLOAD_LIMIT)
_WARM_UP = check_report({"kind": "other", "narrative": "tolong"})


@dataclass(frozen=True)
class Conditions:
    """Text model, preset by name, payload limit in bytes (one of LIMITS: it says who encrypts)."""

    model: int
    preset: str
    limit: int

    def airtime_ms(self, payloads: Payloads) -> float:
        """Return the time on air of all packets together."""
        preset = PRESETS[self.preset]
        by_public_key = self.limit == PUBLIC_KEY_PAYLOAD_LIMIT
        return sum(
            payload_airtime_ms(len(frame), preset, by_public_key=by_public_key) for frame in payloads.frames
        )


@dataclass(frozen=True)
class Row:
    """The figures of one report. Fields and texts together are the whole report."""

    id: object
    fields_bytes: int
    text_bytes: int
    sealed_bytes: int
    packets: int
    airtime_ms: float
    write_ms: float
    read_ms: float

    def shown(self) -> dict[str, object]:
        """Return what one line of the output holds."""
        return {
            "id": self.id,
            "fields_bytes": self.fields_bytes,
            "text_bytes": self.text_bytes,
            "sealed_bytes": self.sealed_bytes,
            "packets": self.packets,
            "airtime_ms": round(self.airtime_ms, 3),
        }


def write_report(report: Report, model: int) -> bytes:
    """Return what a node writes in that model: an instant form where that is shorter than a row model's."""
    return (
        encode_report_with(report, model) if model in ROW_MODELS else encode_report(report, text_model=model)
    )


def load_ms(model: int, clock: Clock) -> float:
    """Load a model's data; return the milliseconds that it took."""
    begin = clock.monotonic_s()
    write_report(_WARM_UP, model)
    return (clock.monotonic_s() - begin) * 1000


def measure(lines: Sequence[ReportLine], conditions: Conditions, clock: Clock) -> Iterator[Row]:
    """Yield a row a report; raise ValueError if one does not come back from the hub as it was."""
    path = SealedPath()
    for line in lines:
        begin = clock.monotonic_s()
        wire = write_report(line.report, conditions.model)
        middle = clock.monotonic_s()
        if decode_report(wire) != line.report:
            raise ValueError("a report did not come back")
        end = clock.monotonic_s()
        payloads = path.send(wire, conditions.limit)
        # The row of a model is cut into bytes only at its end: the fields' share is what they take alone.
        fields_bytes = min(len(fields_part(line.report)), len(wire))
        yield Row(
            line.id,
            fields_bytes,
            len(wire) - fields_bytes,
            len(payloads.alone),
            len(payloads.frames),
            conditions.airtime_ms(payloads),
            (middle - begin) * 1000,
            (end - middle) * 1000,
        )


def total(rows: Sequence[Row]) -> dict[str, Any]:
    """Return sums under the names of a row, means as mean_..., and how many need one packet alone."""
    sealed = sorted(row.sealed_bytes for row in rows)
    sums: dict[str, Any] = {"reports": len(rows)}
    for name in ("fields_bytes", "text_bytes", "sealed_bytes", "packets", "airtime_ms"):
        values = [getattr(row, name) for row in rows]
        sums[name] = round(sum(values), 3)
        sums[f"mean_{name}"] = round(fmean(values), 3)
    return {
        **sums,
        "p95_sealed_bytes": sealed[math.ceil(0.95 * len(sealed)) - 1],
        "most_sealed_bytes": sealed[-1],
        "one_packet": _one_packet(sealed),
        "write_ms": round(fmean(row.write_ms for row in rows), 3),
        "most_write_ms": round(max(row.write_ms for row in rows), 3),
        "read_ms": round(fmean(row.read_ms for row in rows), 3),
    }


def _one_packet(sealed: Sequence[int]) -> dict[str, float]:
    return {str(limit): round(sum(size <= limit for size in sealed) / len(sealed), 4) for limit in LIMITS}


def measure_others(
    lines: Sequence[ReportLine],
    conditions: Conditions,
    priming: PrimingText,
    clock: Clock,
    on_begin: Callable[[str], None],
) -> dict[str, dict[str, Any]]:
    """Return the means of each codec whose library is here; tells `on_begin` which comes next."""
    found = {}
    for other in OTHERS:
        if not other.is_here:
            continue
        on_begin(other.name)
        begin = clock.monotonic_s()
        pack = other.make(priming)
        priming_ms = (clock.monotonic_s() - begin) * 1000
        figures = _means(lines, conditions, pack)
        found[other.name] = {**figures, "priming_ms": round(priming_ms, 1), "note": other.note}
    return found


def _means(lines: Sequence[ReportLine], conditions: Conditions, pack: Pack) -> dict[str, Any]:
    path = SealedPath()
    sent = [path.send(pack(line.report), conditions.limit) for line in lines]
    sealed = [len(payloads.alone) for payloads in sent]
    return {
        "mean_sealed_bytes": round(fmean(sealed), 3),
        "mean_packets": round(fmean(len(payloads.frames) for payloads in sent), 3),
        "mean_airtime_ms": round(fmean(conditions.airtime_ms(payloads) for payloads in sent), 3),
        "one_packet": _one_packet(sealed),
    }
