"""`kentongan bench link` and `kentongan bench crowd`."""

from __future__ import annotations

import json
import sys
from typing import IO

import click

from sync.airtime import PRESETS
from sync.benchmarks.crowd import CrowdPlan, run_crowd
from sync.benchmarks.link_measure import LinkFailed, measure_link
from sync.benchmarks.report_lines import BadLine, ReportLine, read_report_lines
from sync.wire.control_records import with_age
from sync.wire.report_codec import encode_report_with
from sync.wire.text_models import DENSE, TEXT_MODELS

PROBABILITY = click.FloatRange(0.0, 0.9)


_reports_option = click.option(
    "--reports",
    "source",
    type=click.File("rb", lazy=True),
    required=True,
    help='JSON lines, a report or {"report": ...} each; - reads standard input.',
)


def _plains(source: IO[bytes], model: int) -> list[bytes]:
    try:
        lines: list[ReportLine] = read_report_lines(source)
    except BadLine as bad:
        raise click.ClickException(str(bad)) from None
    return [with_age(0, encode_report_with(line.report, model)) for line in lines]


def _progress(word: str, done: int, of: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{word} {done} of {of}", nl=done == of, err=True)


@click.command()
@_reports_option
@click.option("--loss", type=PROBABILITY, required=True, help="Chance that a frame is missed, both ways.")
@click.option("--runs", type=click.IntRange(1), default=200, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--preset", type=click.Choice(list(PRESETS)), default="LongFast", show_default=True)
@click.option(
    "--model", type=click.Choice([str(n) for n in TEXT_MODELS]), default=str(DENSE), help="Text model."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines to read.")
def link(
    source: IO[bytes], loss: float, runs: int, seed: int, preset: str, model: str, as_json: bool
) -> None:
    """Airtime that the link needs, over what the reports' bytes alone would need.

    All reports wait at a node that has just started and was bound before. The node's and the hub's own
    sessions carry them over a simulated air, without a duty limit. Airtime counts both ways: key of the
    epoch, polls, receipts, repeats. The ideal is the sum of the sealed payloads in full packets, each lost
    with the same chance. Beside it: stop-and-wait, one report a packet, sent again until the radio's own
    acknowledgement comes.
    """
    plains = _plains(source, int(model))
    try:
        result = measure_link(
            plains,
            PRESETS[preset],
            loss,
            runs=runs,
            seed=seed,
            on_run=lambda done: _progress("run", done, runs),
        )
    except LinkFailed as failed:
        raise click.ClickException(str(failed)) from None
    result["preset"] = preset
    if as_json:
        click.echo(json.dumps(result))
        return
    click.echo(
        f"{result['reports']} reports, {result['payload_bytes']} bytes sealed, {preset}, loss {loss:.0%}"
    )
    click.echo(f"ideal          {result['ideal_ms']:>10} ms")
    for name, figures in (("this link", result), ("stop-and-wait", result["stop_and_wait"])):
        low, high = figures["ci95"]
        ratio = figures["airtime_ratio"]
        bar = "#" * round(20 * ratio)
        click.echo(f"{name:<14} {figures['airtime_ms']:>10} ms  {ratio:.3f} [{low:.3f}, {high:.3f}] {bar}")


@click.command()
@_reports_option
@click.option("--nodes", type=click.IntRange(1, 250), default=50, show_default=True)
@click.option("--reports-per-node", type=click.IntRange(1), default=6, show_default=True)
@click.option("--hours", type=click.FloatRange(0.5, 48), default=6.0, show_default=True, help="Filing time.")
@click.option("--urgent", type=PROBABILITY, default=0.1, show_default=True, help="Share of urgent reports.")
@click.option("--loss", type=PROBABILITY, default=0.1, show_default=True, help="Beside collisions.")
@click.option("--seed", type=int, default=1, show_default=True)
@click.option("--preset", type=click.Choice(list(PRESETS)), default="LongFast", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines to read.")
def crowd(source: IO[bytes], preset: str, as_json: bool, **options: float) -> None:
    """Many nodes on one hub's channel: does everything arrive, how long does it take, how busy is the hub.

    Nodes and hub keep the product's own settings: duty cycle, politeness, the random wait of ordinary
    reports. They all hear each other, and frames that overlap are lost.
    """
    plan = CrowdPlan(
        nodes=int(options["nodes"]),
        reports_per_node=int(options["reports_per_node"]),
        hours=options["hours"],
        urgent=options["urgent"],
        loss=options["loss"],
        seed=int(options["seed"]),
    )
    result = run_crowd(
        plan, _plains(source, DENSE), PRESETS[preset], on_progress=lambda n, of: _progress("hour", n, of)
    )
    result["preset"] = preset
    if as_json:
        click.echo(json.dumps(result))
    else:
        for name, value in result.items():
            click.echo(f"{name:<24} {value}")
    if result["delivered"] != result["reports"]:
        raise click.ClickException("not every report arrived")
