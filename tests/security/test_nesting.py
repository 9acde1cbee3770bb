"""JSON in a hundred thousand brackets: whoever reads it from outside says what it says of any other rubbish.

Python's reader raises RecursionError there, which is no ValueError.
"""

from __future__ import annotations

import ast
import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from hub.audit.verifying import NotProven, head_from_lines, verify_lines
from hub.cases import choosing
from hub.links import cursors
from hub.retention.key_copies import read_keys
from hub.storage.copies import CopyFailed

ROOT = Path(__file__).parents[2]
PROGRAMS = ("sync", "content", "firmware_bridge", "village_node", "hub", "bots")
NESTED = "[" * 100_000
WORD = base64.urlsafe_b64encode(NESTED[:9_000].encode()).decode("ascii")
"""Fits into an address."""

OF_OUR_OWN = {
    "a column that this program wrote itself": (
        *("hub/cases/arrivals.py", "hub/cases/inbox.py", "hub/cases/merging.py", "hub/cases/search.py"),
        *("hub/retention/rights.py", "hub/risk/tables.py", "hub/exports/exports.py"),
        *("hub/exports/public_numbers.py", "hub/other_data/series.py", "hub/other_data/judging.py"),
        *("hub/other_data/imports.py", "hub/flows/flow_counts.py", "hub/linking/evidence_text.py"),
        *("hub/migrations/0020_hours_and_destinations.py", "hub/weekly/facts.py", "hub/desk_work.py"),
        *("hub/forwarding/forwarding.py", "hub/imports/imports.py", "hub/links/work.py"),
        *("hub/links/weighing.py", "hub/links/linker.py", "hub/links/corrections.py"),
        *("hub/watching/telling.py", "hub/bulletins/known_people.py", "hub/warning/keeping.py"),
        *("hub/warning/facts.py", "hub/learning/challenging.py", "hub/learning/judgements.py"),
        *("hub/learning/labels.py", "hub/counting/signs.py", "hub/referrals/sealing.py"),
        *("hub/referrals/dossier.py", "hub/fleet/boxes.py", "hub/fleet/settings_kind.py"),
    ),
    "a file beside its keys, which nobody else may write": (
        *("bots/sms/doctor.py", "bots/telegram/doctor.py", "hub/key_file.py", "hub/duty/ways.py"),
        *("hub/folder.py", "village_node/folder.py"),
    ),
    "a model that an administrator put there": (
        *("hub/machine_reading/shelf.py", "hub/machine_reading/translating.py"),
        *("hub/machine_reading/worker.py", "hub/machine_reading/readings.py"),
    ),
    "a program of ours at the other end of a pipe, or a line of an own tool": (
        *("firmware_bridge/modem_cli.py", "hub/referrals/paper.py", "hub/exports/stix_bundle.py"),
        *("hub/weekly/paper.py", "village_node/print_sheets.py", "village_node/site_benchmark.py"),
        "sync/benchmarks/priming_text.py",
    ),
    "a file of the program": (
        *("hub/pictures/outlines.py", "sync/areas/packing.py", "sync/records.py"),
        *("sync/benchmarks/other_codecs.py", "village_node/web/spoken.py"),
    ),
    "signed by the hub, and compared with what it would write": ("hub/audit/entries.py",),
}
"""Files that read JSON which nobody outside has written, by why it is so."""


def readers() -> Iterator[tuple[str, bool]]:
    """Yield each place that reads JSON: its file, and whether brackets without end are caught there."""
    for folder in PROGRAMS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            source = path.read_text("utf-8")
            if "import json" in source:
                name = str(path.relative_to(ROOT))
                yield from ((name, caught) for caught in _reads(ast.parse(source), caught=False))


def _reads(node: ast.AST, *, caught: bool) -> Iterator[bool]:
    if isinstance(node, ast.Call) and ast.unparse(node.func) in ("json.loads", "json.load"):
        yield caught
    inner = caught
    if isinstance(node, ast.Try):
        told = " ".join(ast.unparse(one.type) for one in node.handlers if one.type is not None)
        inner = caught or "RecursionError" in told or "Exception" in told.split()
    if isinstance(node, ast.With):
        inner = caught or any("RecursionError" in ast.unparse(one) for one in node.items)
    for child in ast.iter_child_nodes(node):
        of_the_body = not isinstance(node, ast.Try) or child in node.body
        yield from _reads(child, caught=inner if of_the_body else caught)


def test_whoever_reads_json_from_outside_expects_brackets_without_end() -> None:
    own = {name for names in OF_OUR_OWN.values() for name in names}
    found = list(readers())
    assert len(found) > 60
    assert {name for name, caught in found if not caught} == own


@pytest.mark.parametrize("read", [choosing.read_cursor, cursors.read_cursor])
def test_a_cursor_of_brackets_is_none(read: object) -> None:
    assert callable(read)
    assert read(WORD) is None


@pytest.mark.parametrize("report", ["\\ud800", "\\u0000", "\\u202e", "\n"])
def test_a_cursor_that_no_database_takes_is_none(report: str) -> None:
    """Half of a letter breaks SQLite's question, a zero byte PostgreSQL's."""
    assert choosing.read_cursor(base64.urlsafe_b64encode(f'[1, "{report}"]'.encode()).decode()) is None


def test_a_log_of_brackets_is_no_proof() -> None:
    for read in (verify_lines, head_from_lines):
        with pytest.raises(NotProven):
            read([NESTED])


def test_a_file_of_keys_of_brackets_is_none(tmp_path: Path) -> None:
    file = tmp_path / "keys.jsonl"
    for text in (NESTED, '{"kentongan_report_keys": 1, "lines": 1}\n' + NESTED):
        file.write_text(text, "ascii")
        with pytest.raises(CopyFailed):
            read_keys(file)
