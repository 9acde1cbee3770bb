"""`kentongan bench`: each measurement is a command of its own, imported when it is called."""

from __future__ import annotations

import click

from sync.command_line import LazyGroup

COMMANDS = {
    "airtime": (
        "sync.benchmarks.airtime_command:airtime",
        "Bytes, packets and time on air of reports, beside other codecs.",
    ),
    "link": (
        "sync.benchmarks.link_command:link",
        "Airtime that the link needs for waiting reports, beside stop-and-wait.",
    ),
    "crowd": (
        "sync.benchmarks.link_command:crowd",
        "Many nodes on one hub's channel: arrivals, delays, the hub's share of the air.",
    ),
    "intake": (
        "hub.bench_command:intake",
        "Envelopes stored and reports opened a second at a hub, beside plain inserts.",
    ),
    "detect": (
        "hub.detect_bench_command:detect",
        "CPU seconds and memory of the detectors on many series, beside R.",
    ),
    "site": (
        "village_node.bench_command:site",
        "Durable reports a second from many phones at once, beside the disk's own commits.",
    ),
}
"""Sub-command -> where it lives and its help line."""


@click.group(cls=LazyGroup, commands_at=COMMANDS)
def bench() -> None:
    """Measurements of the kit itself, on reports that you give."""
