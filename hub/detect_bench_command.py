"""`kentongan bench detect`: CPU seconds and memory of the detectors on many series, beside R."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from hub.signals.detection import Counts

WEEKS = 260
CHART_WEEKS = 130
NOUFAILY = ["b=4", "noPeriods=10", "pastWeeksNotIncluded=26", "pThresholdTrend=1", "alpha=0.01"]
JOBS: dict[str, tuple[str, int, list[str], str]] = {
    "farringtonFlexible": (
        "farringtonFlexible",
        1,
        [*NOUFAILY, "thresholdMethod=nbPlugin"],
        "b=4, noPeriods=10, pastWeeksNotIncluded=26, pThresholdTrend=1, alpha=0.01, "
        'thresholdMethod="nbPlugin"',
    ),
    "earsC": ("earsC", 1, [], 'method="C1"'),
    "cusum": ("cusum", CHART_WEEKS, ["trans=rossi"], 'k=1.04, h=2.26, trans="rossi"'),
    "glrpois": ("glrpois", CHART_WEEKS, [], "c.ARL=5"),
    "glrnb": ("glrnb", 1, ["alpha=0.2"], "c.ARL=5, alpha=0.2"),
    "kentongan": ("kentongan", 1, [], ""),
}
"""Name -> detector, how many last weeks it goes through, its settings here and in R ("": R has it not)."""
R_CODE = """
suppressMessages(library(surveillance))
arguments <- commandArgs(TRUE)
counts <- as.matrix(read.csv(arguments[1], header = FALSE))
begin <- proc.time()[["user.self"]]
for (column in seq_len(ncol(counts))) {
  watched <- sts(observed = counts[, column], start = c(2000, 1), frequency = 52)
  control <- eval(parse(text = paste0("list(", arguments[4], ")")))
  control$range <- (nrow(counts) - as.integer(arguments[3]) + 1):nrow(counts)
  suppressWarnings(suppressMessages(do.call(arguments[2], list(watched, control = control))))
}
cat("seconds", proc.time()[["user.self"]] - begin)
"""


@click.command()
@click.option("--series", type=click.IntRange(1, 100_000), default=10_000, show_default=True)
@click.option(
    "--r-series", type=click.IntRange(0, 10_000), default=50, show_default=True, help="That R gets."
)
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines to read.")
def detect(series: int, r_series: int, seed: int, as_json: bool) -> None:
    """CPU seconds of the detectors on series of 260 weeks, and the largest memory of the process until then.

    Counts are negative binomial. Tested is the latest week; CUSUM and the Poisson GLR, which sum up, go
    through the last 130 weeks to it. The negative binomial GLR is given its dispersion.
    "ratio" is how many times the CPU seconds a series R takes, on fewer series; null without R.
    """
    # One core, as the figures are meant; read when NumPy is loaded.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    counts = _counts(series, seed)
    results = {name: _measured(name, counts, r_series) for name in JOBS}
    if as_json:
        click.echo(json.dumps({"series": series, "weeks": WEEKS, "detectors": results}))
        return
    click.echo(f"{series} series of {WEEKS} weeks")
    click.echo(f"{'detector':<20} {'CPU s':>7} {'peak MB':>8} {'alarms':>7} {'R/ours':>7}")
    for name, found in results.items():
        ratio = "-" if found["ratio"] is None else f"{found['ratio']:.0f}"
        click.echo(
            f"{name:<20} {found['cpu_s']:>7.2f} {found['peak_mb']:>8.0f} {found['alarms']:>7} {ratio:>7}"
        )


def _counts(series: int, seed: int) -> Counts:
    import numpy as np

    chance = np.random.default_rng(seed)
    level = np.exp(chance.uniform(np.log(0.1), np.log(20), (series, 1)))
    weeks = np.arange(WEEKS)
    wave = 0.3 * np.sin(2 * np.pi * (weeks / 52 + chance.random((series, 1))))
    return chance.poisson(chance.gamma(2.0, 0.5, (series, WEEKS)) * level * np.exp(wave)).astype(np.float64)


def _measured(name: str, counts: Counts, r_series: int) -> dict[str, Any]:
    from hub.signals.methods import detect as run

    method, weeks, settings, control = JOBS[name]
    begin = time.process_time()
    found = run(method, counts, WEEKS - weeks, settings)
    cpu_s = time.process_time() - begin
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    ratio = None
    if control and r_series and shutil.which("Rscript"):
        per_series_s = _seconds_of_r(counts[:r_series], method, weeks, control) / min(r_series, len(counts))
        ratio = round(per_series_s / (cpu_s / len(counts)), 1)
    return {
        "cpu_s": round(cpu_s, 3),
        "peak_mb": round(peak_mb),
        "alarms": int(found.alarm[:, -1].sum()),
        "ratio": ratio,
    }


def _seconds_of_r(counts: Counts, method: str, weeks: int, control: str) -> float:
    with tempfile.TemporaryDirectory(prefix="kentongan-bench-") as folder:
        table, code = Path(folder) / "counts.csv", Path(folder) / "run.R"
        table.write_text(
            "".join(",".join(str(int(count)) for count in row) + "\n" for row in counts.T), "utf-8"
        )
        code.write_text(R_CODE, "utf-8")
        arguments = ["Rscript", str(code), str(table), method, str(weeks), control]
        printed = subprocess.run(arguments, capture_output=True, text=True, check=False).stdout
    _, found, seconds = printed.rpartition("seconds")
    if not found:
        raise click.ClickException(
            "R has no package surveillance: apt-get install r-cran-surveillance, or --r-series 0"
        )
    return float(seconds)
