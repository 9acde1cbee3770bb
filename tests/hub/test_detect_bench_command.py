"""`kentongan bench detect`."""

from __future__ import annotations

import json

from click.testing import CliRunner

from kentongan import main


def test_it_prints_one_object_with_every_detector() -> None:
    done = CliRunner().invoke(main, ["bench", "detect", "--series", "20", "--r-series", "0", "--json"])
    assert done.exit_code == 0, done.output
    printed = json.loads(done.output)
    assert (printed["series"], printed["weeks"]) == (20, 260)
    named = ["farringtonFlexible", "earsC", "cusum", "glrpois", "glrnb", "kentongan"]
    assert list(printed["detectors"]) == named
    assert all(found["cpu_s"] >= 0 and found["ratio"] is None for found in printed["detectors"].values())
