"""The figures of `bench airtime` for people: a table with bars, as wide as a terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BAR = 30


def table(total: Mapping[str, Any]) -> list[str]:
    """Return the lines."""
    limit = str(total["limit"])
    ours = {"mean_sealed_bytes": total["mean_sealed_bytes"], "mean_packets": total["mean_packets"]}
    ours |= {"mean_airtime_ms": total["mean_airtime_ms"], "one_packet": total["one_packet"]}
    rows = {f"kentongan, model {total['model']}": ours, **total["others"]}
    longest = max(row["mean_airtime_ms"] for row in rows.values())
    lines = [
        f"{total['reports']} reports, {total['preset']}, packets of {limit} bytes",
        "",
        f"{'means of a report':24} {'sealed':>9} {'packets':>8} {'in one':>7} {'on air':>9}",
    ]
    for name, row in rows.items():
        bar = "#" * max(1, round(_BAR * row["mean_airtime_ms"] / longest))
        lines.append(
            f"{name:24} {row['mean_sealed_bytes']:7.1f} B {row['mean_packets']:8.2f} "
            f"{row['one_packet'][limit]:7.1%} {row['mean_airtime_ms']:6.0f} ms {bar}"
        )
    shares = ", ".join(f"{share:.1%} in {size} B" for size, share in total["one_packet"].items())
    lines += [
        "",
        f"fields {total['mean_fields_bytes']:.1f} B, texts {total['mean_text_bytes']:.1f} B, "
        f"{total['mean_sealed_bytes'] - total['mean_fields_bytes'] - total['mean_text_bytes']:.1f} B around "
        f"them; 95 % of the reports within {total['p95_sealed_bytes']} B; in one packet: {shares}",
        f"to write {total['write_ms']:.1f} ms a report (at most {total['most_write_ms']:.0f}), "
        f"to read {total['read_ms']:.1f} ms, to load the model {total['load_ms']:.0f} ms",
        f"together {total['packets']} packets, {total['airtime_ms'] / 1000:.1f} s on air",
    ]
    return lines
