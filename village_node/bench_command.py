"""`kentongan bench site`."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

import click

from village_node.site_benchmark import BenchFailed, measure_site


@click.command()
@click.option("--phones", type=click.IntRange(1, 200), default=50, show_default=True, help="At once.")
@click.option(
    "--seconds", type=click.FloatRange(1, 3600), default=15.0, show_default=True, help="How long they send."
)
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Measure on this folder's disk, such as a node's card (default: the folder for temporary files).",
)
@click.option("--dense-text/--quick-text", default=True, show_default=True, help="As for node serve.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines to read.")
def site(phones: int, seconds: float, folder: Path | None, dense_text: bool, as_json: bool) -> None:
    """Durable reports a second with many phones at once, beside the disk's own commit rate in the same run.

    Starts a real node on loopback and files reports through its site, each phone as fast as it is answered.
    Then kills the node and counts what its database holds. Exit 1 when a report whose code was shown is not
    there.
    """
    with tempfile.TemporaryDirectory(prefix="kentongan-bench-", dir=folder) as scratch:
        try:
            result = measure_site(
                Path(scratch), phones=phones, seconds=seconds, dense=dense_text, on_second=_progress
            )
        except BenchFailed as failed:
            raise click.ClickException(str(failed)) from None
    if as_json:
        click.echo(json.dumps(result))
    else:
        for name, value in result.items():
            click.echo(f"{name:<24} {value}")
    if result["lost"]:
        raise click.ClickException("a report whose code was shown is not in the database")


def _progress(reports: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{reports} reports", nl=False, err=True)
