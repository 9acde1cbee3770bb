"""`kentongan hub cluster`: labels under the caller's ids."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from kentongan import main

SAMPLE = Path(__file__).resolve().parents[2] / "data" / "reports-train.jsonl"


def run(file: Path) -> Any:
    return CliRunner().invoke(main, ["hub", "cluster", str(file), "--jsonl"])


def write(path: Path, *lines: object) -> Path:
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), encoding="utf-8")
    return path


def test_labels_come_under_the_caller_s_ids_in_their_order(tmp_path: Path) -> None:
    one = {"kind": "recruiter", "narrative": "Pak Darmaji 0812-0000-3141"}
    other = {"kind": "recruiter", "narrative": "0812 0000 3141 nawari kerja"}
    nobody = {"kind": "other", "narrative": "kambing saya hilang"}
    file = write(
        tmp_path / "r.jsonl",
        {"id": "x", "truth": {"recruiter": "A"}, "report": one},
        {"id": 7, "report": other},
        nobody,
    )
    result = run(file)
    assert result.exit_code == 0
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["id"] for row in rows] == ["x", 7, None]
    assert rows[0]["recruiter"] == rows[1]["recruiter"] is not None
    assert rows[2]["recruiter"] is None
    assert len({row["incident"] for row in rows}) == 3


def test_a_line_that_is_no_report_is_refused_without_its_words(tmp_path: Path) -> None:
    result = run(write(tmp_path / "r.jsonl", {"id": "x", "report": {"kind": "rahasia", "narrative": "-"}}))
    assert result.exit_code == 1
    assert "line 1" in result.stderr
    assert "rahasia" not in result.stderr


def test_the_sample_is_linked_well_and_without_looking_at_its_labels(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in SAMPLE.read_text("utf-8").splitlines()]
    bare = write(tmp_path / "r.jsonl", *({"id": line["id"], "report": line["report"]} for line in lines))
    result = run(bare)
    found = {row["id"]: row for row in map(json.loads, result.stdout.splitlines())}
    for name, least_right, most_wrong in (("recruiter", 160, 18), ("incident", 26, 9)):
        truth = [line["truth"][name] for line in lines]
        said = [found[line["id"]][name] for line in lines]
        right = wrong = 0
        for i in range(len(lines)):
            for j in range(i):
                if said[i] is not None and said[i] == said[j]:
                    right += truth[i] is not None and truth[i] == truth[j]
                    wrong += truth[i] is None or truth[i] != truth[j]
        assert (right >= least_right, wrong <= most_wrong) == (True, True), (name, right, wrong)
