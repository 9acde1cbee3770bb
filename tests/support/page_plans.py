"""Which statements of pages go over all of a table that grows with the reports."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

GROWING = frozenset(
    [
        "report",
        "envelope",
        "report_key",
        "triage",
        "search_doc",
        "link_evidence",
        "link_posting",
        "link_suggestion",
        "link_decision",
        "down",
        "answer",
        "addition",
        "withdrawal",
        "triage_step",
        "staff_comment",
        "audit_entry",
        "audit_node",
        "notice_seen",
        "link_day",
        "forgotten_report",
        "retention_due",
        "case_report",
        "triage_score",
        "triage_override",
        "signal_report",
    ]
)
"""Tables that have as many rows as there are reports, or a part of that."""


SMALL = 20_000
"""A table of fewer rows is rightly read from end to end: that is quicker than its index."""


def walked(execute: Any, sql: str, params: Any) -> list[str]:
    """Return the steps of a plan that go over all of a growing table; what ends at a limit is none."""
    named = {alias: table for table, alias in re.findall(r'"(\w+)" AS "(\w+)"', sql)}
    found = []
    for row in execute(f"EXPLAIN QUERY PLAN {sql}", tuple(params or ())).fetchall():
        step = re.match(r"SCAN (\w+)", str(row[3]))
        if step and named.get(step[1], step[1]) in GROWING and " LIMIT " not in sql and "(0 = 1)" not in sql:
            found.append(str(row[3]))
    return found


def walked_on_postgresql(execute: Any, sql: str, params: Any) -> list[str]:
    """Return the tables that grow and that the planner means to read from one end to the other.

    It plans by the size of tables, so only a full hub tells; a step that a limit stops early is none.
    """
    [[plan]] = execute(f"EXPLAIN (FORMAT JSON) {sql}", params).fetchall()
    found = plan if isinstance(plan, list) else json.loads(plan)
    names = [name for name in _whole_tables(found[0]["Plan"], limited=False) if name in GROWING]
    return [name for name in names if _rows(execute, name) > SMALL]


def _rows(execute: Any, table: str) -> float:
    [[rows]] = execute("SELECT reltuples FROM pg_class WHERE relname = %s", (table,)).fetchall()
    return float(rows)


def _whole_tables(step: dict[str, Any], *, limited: bool) -> Iterator[str]:
    if step["Node Type"].endswith("Seq Scan") and not limited:
        yield str(step["Relation Name"])
    # What sorts or counts reads all that is under it, whatever limit stands above.
    reads_all = step["Node Type"] in ("Sort", "Aggregate", "Hash", "Incremental Sort", "GroupAggregate")
    for under in step.get("Plans", []):
        yield from _whole_tables(under, limited=(limited or step["Node Type"] == "Limit") and not reads_all)
