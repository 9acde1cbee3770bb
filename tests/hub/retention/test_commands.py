"""`kentongan hub forget`."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from inbox_arrivals import SARI, arrive
from village import Region

from kentongan import main


def forget(region: Region, *arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["hub", "forget", str(region.hub_folder), *arguments])
    return done.exit_code, done.stdout + done.stderr


@pytest.mark.parametrize("database_url", [None])  # what the command adds has nothing to do with the database
def test_it_forgets_when_it_is_meant_and_says_what_hinders(region: Region) -> None:
    one, other = arrive(region, "satu", "dua")
    cases = region.hub.store.cases
    number = cases.open("Kasus Contoh", who=SARI)
    cases.add_reports(number, [other], who=SARI)
    code, said = forget(region, one, "--reason", "masa simpan habis")
    assert (code, "say --yes" in said) == (1, True)
    for ids, problem in (
        ([one, "0000000000000000.0.1"], "nothing was forgotten"),
        ([one, other], f"case {number}, which is open"),
    ):
        code, said = forget(region, *ids, "--reason", "masa simpan habis", "--yes")
        assert (code, problem in said, said.count("\n")) == (1, True, 1)
    assert sorted(region.stories()) == ["dua", "satu"]
    assert forget(region, one, "--reason", "masa simpan habis", "--yes") == (0, '{"forgotten": 1}\n')
    assert region.stories() == ["dua"]
