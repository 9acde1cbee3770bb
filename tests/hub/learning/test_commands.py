"""`kentongan hub learning`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from verified_reports import STRONG, verified
from village import Region

from kentongan import main


@pytest.mark.parametrize("database_url", [None])  # what the command adds has nothing to do with the database
def test_it_prints_one_object_or_csv(region: Region) -> None:
    verified(region, ["confirmed", "refuted"], **STRONG)
    asked = ["hub", "learning", str(region.hub_folder), "--capacity", "1"]
    told = json.loads(CliRunner().invoke(main, [*asked, "--json"]).stdout)
    assert (told["weeks"], told["reports"], told["cut"], told["recall"]["capacity"]) == (26, 2, False, 1)
    [high] = [row for row in told["bands"] if row["band"] == "high"]
    assert (high["confirmed"], high["refuted"], high["share"]["of"]) == (1, 1, 2)
    lines = CliRunner().invoke(main, asked).stdout.splitlines()
    assert lines[0] == "part,name,measure,value,of,low,high"
    assert "bands,high,reports,2,,," in lines
    assert "cerita" not in "\n".join(lines)
    refused = CliRunner().invoke(main, [*asked, "--weeks", "7"])
    assert refused.exit_code == 2
    assert "'13', '26', '52'" in refused.stderr
