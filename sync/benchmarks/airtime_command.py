"""`kentongan bench airtime`: what reports cost on the air."""

from __future__ import annotations

from typing import BinaryIO

import click

from sync.airtime import PRESETS
from sync.command_line import note, print_json, refuse
from sync.wire.text_models import DENSE, TEXT_MODELS


@click.command()
@click.argument("reports", metavar="REPORTS.jsonl", type=click.File("rb"))
@click.option(
    "--preset", type=click.Choice(list(PRESETS)), default="LongFast", show_default=True, help="Modem preset."
)
@click.option(
    "--model",
    type=click.Choice([str(number) for number in sorted(TEXT_MODELS)]),
    default=str(DENSE),
    show_default=True,
    help="Text model. From 2 on a text goes in an instant model where that is shorter, as on a node.",
)
@click.option(
    "--limit",
    type=click.Choice(["231", "219"]),
    default="231",
    show_default=True,
    help="Largest payload: 231 bytes under the key of the channel `serial`, 219 by public key.",
)
@click.option("--others/--no-others", default=True, show_default=True, help="Compare with other codecs.")
@click.option("--json", "as_json", is_flag=True, help="A JSON line a report, then one of totals.")
def airtime(reports: BinaryIO, preset: str, model: str, limit: str, others: bool, as_json: bool) -> None:
    """Measure what the reports of a JSON-lines file cost on the air ("-" reads standard input).

    A line is a report, or an object with "report" and optionally "id". Each report is really written, sealed,
    framed, opened and read again.

    sealed_bytes is the whole payload of a packet that carries the report alone once the epoch is receipted:
    header, counter, age, report, tag. The epoch is a fresh one, so the counter is the report's place in the
    file (a byte up to the 128th, then two); its age is one hour (a byte). For a report that needs several
    packets it is what one long packet would hold; packets and airtime_ms are those of its fragments as the
    link session cuts them, without polls and receipts.

    fields_bytes is what number of the models and fields take alone, text_bytes the rest of the report.

    The other codecs are primed with the text that our models were primed with, and sealed and framed alike.
    Reports that stand in that text are counted as "seen": their figures are too good.
    """
    from sync.benchmarks.airtime_measure import Conditions, load_ms, measure, measure_others, total
    from sync.benchmarks.airtime_table import table
    from sync.benchmarks.other_codecs import OTHERS
    from sync.benchmarks.priming_text import PrimingMissing, load_priming
    from sync.benchmarks.report_lines import BadLine, read_report_lines
    from sync.clock import SystemClock

    clock = SystemClock()
    conditions = Conditions(int(model), preset, int(limit))
    try:
        lines = read_report_lines(reports)
    except BadLine as bad:
        refuse(str(bad))
    try:
        priming = load_priming()
    except PrimingMissing as missing:
        note(f"kentongan: {missing}: no comparison, and nobody knows which reports the models have seen")
        priming = None
    seen = None if priming is None else priming.seen([line.report for line in lines])
    if seen:
        note(
            f"kentongan: warning: {seen} of {len(lines)} narratives stand in the priming text: "
            "the figures are better than those of reports not seen"
        )
    loading_ms = load_ms(conditions.model, clock)
    rows = []
    for row in measure(lines, conditions, clock):
        rows.append(row)
        if as_json:
            print_json(row.shown())
    compared = {}
    if others and priming is not None:
        compared = measure_others(
            lines, conditions, priming, clock, lambda name: note(f"comparing with {name} ...")
        )
    absent = sorted({other.package for other in OTHERS if other.package and not other.is_here})
    figures = {
        **total(rows),
        "model": conditions.model,
        "preset": preset,
        "limit": conditions.limit,
        "load_ms": round(loading_ms, 1),
        "seen": seen,
        "others": compared,
        "absent": absent,
        "install": f"pip install {' '.join(absent)}" if absent else None,
    }
    if as_json:
        print_json({"total": figures})
        return
    for text in table(figures):
        click.echo(text)
    if absent:
        note(f"kentongan: not compared with {', '.join(absent)}: {figures['install']}")
