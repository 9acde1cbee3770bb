"""`kentongan bench intake`."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from kentongan import main


def test_it_prints_one_object_and_refuses_a_hub_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["bench", "intake", "--envelopes", "32", "--runs", "1", "--json"]
    done = CliRunner().invoke(main, [*arguments, "--database", "sqlite"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.output)["sqlite"]["envelopes"] == 32
    monkeypatch.setenv("DATABASE_URL", "postgresql://sari:rahasia@127.0.0.1:1")
    refused = CliRunner().invoke(main, [*arguments, "--database", "postgresql"])
    assert refused.exit_code == 1
    assert "rahasia" not in refused.output
