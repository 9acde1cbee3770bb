"""`kentongan demo`: what it is told, what it prints, what it files and compares."""

from __future__ import annotations

import contextlib
import importlib.resources
import json
import os
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from demonstration import SECOND_PERSON, Addresses, DemoFailed, Demonstration, Stopped, run_once
from sync.clock import SystemClock
from sync.command_line import note, print_json, refuse, stop_on_signals


def same_report(submitted: dict[str, Any], received: dict[str, Any]) -> bool:
    """Compare field for field; `indicators` is a set."""
    left, right = dict(submitted), dict(received)
    if "indicators" in left and "indicators" in right:
        left["indicators"], right["indicators"] = sorted(left["indicators"]), sorted(right["indicators"])
    return left == right


def _read_reports(path: Path | None) -> list[dict[str, Any]]:
    if path is None:
        text = importlib.resources.files("content").joinpath("samples/reports.jsonl").read_text("utf-8")
    else:
        try:
            text = path.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            refuse(f"{path} cannot be read: give a JSON-lines file of reports")
    lines = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except ValueError:
            refuse(f"line {number} of the reports is not JSON")
        lines.append(value if isinstance(value, dict) and "report" in value else {"report": value})
    return lines


@contextlib.contextmanager
def _folder() -> Iterator[Path]:
    # In memory where the machine has a tmpfs: a demonstration should leave nothing behind.
    base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - mkdtemp makes it private
    with tempfile.TemporaryDirectory(prefix="kentongan-demo-", dir=base) as name:
        yield Path(name)


@click.command()
@click.option(
    "--once", is_flag=True, help="File --reports, wait until all are received, print a summary, end."
)
@click.option(
    "--reports",
    "reports_file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="JSON lines; default: a few that ship with the content.",
)
@click.option(
    "--out", type=click.Path(path_type=Path, dir_okay=False), help="Where hub reports --jsonl goes."
)
@click.option(
    "--via",
    type=click.Choice(["radio", "http", "courier"]),
    default="radio",
    show_default=True,
    help="Which carrier brings the reports to the hub.",
)
@click.option(
    "--loss", default=0.0, show_default=True, type=click.FloatRange(0, 0.95), help="Chance of a lost frame."
)
@click.option("--duplicate", default=0.0, type=click.FloatRange(0, 1), help="Chance of a doubled frame.")
@click.option("--reorder", default=0.0, type=click.FloatRange(0, 1), help="Chance of a late frame.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same losses.")
@click.option(
    "--speed",
    type=click.FloatRange(min=0, min_open=True),
    help="Run the air and the clocks X times as fast; default 1, with --once 50.",
)
@click.option("--json", "as_json", is_flag=True, help="Accepted for clarity: the summary is always JSON.")
@click.option("--timeout", default=900.0, show_default=True, metavar="SECONDS", help="With --once.")
@click.option(
    "--node-listen",
    default="127.0.0.1:8080",
    show_default=True,
    metavar="HOST:PORT",
    help="Where the village listens.",
)
@click.option(
    "--facilitator-listen",
    default="127.0.0.1:8090",
    show_default=True,
    metavar="HOST:PORT",
    help="Where the facilitator's site listens.",
)
@click.option(
    "--hub-listen",
    default="127.0.0.1:8081",
    show_default=True,
    metavar="HOST:PORT",
    help="Where the hub listens.",
)
def demo(
    once: bool,
    reports_file: Path | None,
    out: Path | None,
    via: str,
    loss: float,
    duplicate: float,
    reorder: float,
    seed: int,
    speed: float | None,
    as_json: bool,
    timeout: float,
    node_listen: str,
    facilitator_listen: str,
    hub_listen: str,
) -> None:
    """Run one village, one hub and an emulated radio link between them."""
    lines = _read_reports(reports_file)
    stop = stop_on_signals()
    with _folder() as folder:
        demonstration = Demonstration(
            folder,
            via=via,
            loss=loss,
            seed=seed,
            speed=speed or (50.0 if once else 1.0),
            radio_extra=["--duplicate", str(duplicate), "--reorder", str(reorder)],
            stop=stop,
        )
        try:
            if once:
                ok = _once(demonstration, lines, out, timeout, stop)
            else:
                note("demo: starting an emulated radio link, a hub and a village node (a few seconds) ...")
                at = demonstration.start(
                    listen_node=node_listen, listen_hub=hub_listen, listen_facilitator=facilitator_listen
                )
                demonstration.add_second_person()
                _by_hand(demonstration, at, stop)
                ok = True
        except Stopped:
            note("demo: stopped")
            ok = not once
        except DemoFailed as error:
            refuse(str(error))
        finally:
            demonstration.stop()
    sys.exit(0 if ok else 1)


def _by_hand(demonstration: Demonstration, at: Addresses, stop: threading.Event) -> None:
    print_json(
        {
            "village": at.village,
            "facilitator": at.facilitator,
            "facilitator_code": demonstration.facilitator_code,
            "hub": at.hub,
            "user": "petugas",
            "second_user": SECOND_PERSON,
            "password": demonstration.password,
        }
    )
    note(
        f"""
  The village      {at.village}
  The facilitator  {at.facilitator}      set a PIN with the code   {demonstration.facilitator_code}
  The hub          {at.hub}      sign in as   petugas   with password   {demonstration.password}

  Try:  1. Open the village in a browser, choose "Lapor", send a report; note its receipt code.
        2. Open the hub: the report has come by (emulated) radio. Open it, write an answer.
        3. Back in the village choose "Cek laporan saya", enter the code: the ladder and the answer.
        4. Open the facilitator's site, plan a session, open its quiz; answer it at the village under /kuis.
        5. Warn the village from the hub ("Buletin", "Tulis buletin", "Minta persetujuan"). A second person
           sends it: sign out, sign in as   {SECOND_PERSON}   with the same password.
           The facilitator says that it was read.

  Everything is in {demonstration.folder} and is removed at the end. Ctrl-C ends the demonstration."""
    )
    while not stop.wait(1.0):
        demonstration.alive()


def _once(
    demonstration: Demonstration,
    lines: list[dict[str, Any]],
    out: Path | None,
    timeout_s: float,
    stop: threading.Event,
) -> bool:
    clock = SystemClock()
    note("demo: starting the parts ...")
    demonstration.start(listen_node="127.0.0.1:0", listen_hub="127.0.0.1:0", listen_facilitator="127.0.0.1:0")
    began = clock.monotonic_s()
    filed = demonstration.file(lines)
    note(f"demo: {len(filed)} reports filed")
    received = demonstration.wait_for(set(filed), timeout_s, stop)
    seconds = clock.monotonic_s() - began
    if out is not None:
        text = run_once("hub", "reports", str(demonstration.hub_folder), "--jsonl")
        out.write_text(text, "utf-8")
    equal = sum(
        1
        for name, report in filed.items()
        if name in received and same_report(report, received[name]["report"])
    )
    counted = demonstration.stop()
    print_json(
        {
            "reports": len(filed),
            "received": len(received),
            "frames_sent": counted["frames_sent"],
            "airtime_ms": counted["airtime_ms"],
            "seconds": round(seconds, 2),
        }
    )
    if equal != len(filed) or len(received) != len(filed):
        note(f"demo: {len(filed) - equal} reports did not arrive equal")
        return False
    return True
