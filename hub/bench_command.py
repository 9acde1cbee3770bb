"""`kentongan bench intake`."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path
from typing import IO, Any

import click

from hub.intake_benchmark import bench_store, measure, sealed_reports
from hub.storage.opening import open_store
from hub.storage.private_server import NoPostgres, PrivateServer
from sync.benchmarks.report_lines import BadLine, read_report_lines
from sync.errors import SyncError

VILLAGES = 8
SAMPLE = Path(__file__).parents[1] / "content" / "samples" / "reports.jsonl"


@click.command()
@click.option(
    "--envelopes", type=click.IntRange(32, 1_000_000), default=512, show_default=True, help="Of each run."
)
@click.option(
    "--runs",
    type=click.IntRange(1, 100),
    default=5,
    show_default=True,
    help="Into one store, one after the other; each figure is the median of theirs.",
)
@click.option("--reports", "source", type=click.File("rb"), help="JSON lines; default: the sample reports.")
@click.option(
    "--database",
    type=click.Choice(["sqlite", "postgresql", "both"]),
    default="both",
    show_default=True,
    help="PostgreSQL is one of our own, or an empty database that DATABASE_URL names.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines to read.")
def intake(envelopes: int, runs: int, source: IO[bytes] | None, database: str, as_json: bool) -> None:
    """Envelopes verified and stored a second and reports opened a second, by one process.

    Beside them, turn about, plain inserts of as many rows a commit into the same table; the ratio says how
    much of their rate verifying and storing keeps. "bare" are such inserts by the statement that the intake
    uses, the quickest that we know. Texts are of the quick model; to read one costs more than to store it,
    and happens outside of the transaction.

    "until_receipt" is all that happens before a village gets its receipt: verified, read, stored. "placed" is
    what follows at once and outlives a crash in between: inbox, search, the list of what is to be linked.
    "whole_way" is both together, until staff can see and find a report. "linked" is the linking itself, of 32
    reports of each run: it follows in its own time.
    """
    try:
        with source or SAMPLE.open("rb") as lines:
            reports = [line.report for line in read_report_lines(lines)]
    except BadLine as bad:
        raise click.ClickException(str(bad)) from None
    kinds = ("sqlite", "postgresql") if database == "both" else (database,)
    results = {}
    for kind in kinds:
        try:
            results[kind] = _measured(kind, reports, envelopes, runs)
        except (NoPostgres, SyncError) as error:
            raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(results))
        return
    for result in results.values():
        for name, value in result.items():
            click.echo(f"{name:<22} {value}")
        click.echo()


def _measured(kind: str, reports: list[Any], envelopes: int, runs: int) -> dict[str, Any]:
    given = os.environ.get("DATABASE_URL")
    server = PrivateServer(durable=True) if kind == "postgresql" and not given else None
    try:
        url = None if kind == "sqlite" else given or (server.create("bench") if server else None)
        with tempfile.TemporaryDirectory(prefix="kentongan-bench-") as scratch:
            if given and url:
                _refuse_filled(url, Path(scratch))
            with bench_store(Path(scratch) / "hub", url) as store:
                return measure(store, sealed_reports(store, reports, envelopes * runs, VILLAGES), runs)
    finally:
        if server is not None:
            server.close()


def _refuse_filled(url: str, folder: Path) -> None:
    from hub.models import Envelope, Node

    database = open_store(url, folder)
    try:
        if Node.select().exists(database) or Envelope.select().exists(database):
            raise click.ClickException("DATABASE_URL names a hub in use: name an empty database")
    finally:
        database.close()
