"""`kentongan hub signals`: the signals of a hub, for programs and for a look on the machine itself."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import click

OpenStore = Callable[[Path], AbstractContextManager[Any]]
_AT_ONCE = 200
_STATES = ("open", "verification", "assessment", "response", "closed")


def add_signal_commands(hub: click.Group, open_store: OpenStore) -> None:
    """Put the command into the group; `open_store` turns what goes wrong into one line."""

    @hub.command("signals")
    @click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
    @click.option("--state", type=click.Choice(_STATES), help="Those in one state; default: all not closed.")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object a signal instead of a line.")
    def signals(folder: Path, state: str | None, as_json: bool) -> None:
        """Print the signals of the early warning, the newest first. They name nobody."""
        from hub.services import COMMAND_LINE
        from hub.warning.services import SignalChoice

        with open_store(folder) as store:
            before = None
            while True:
                rows, before = store.early.signals.rows_for_machine(
                    SignalChoice(state=state), before=before, limit=_AT_ONCE, by=COMMAND_LINE
                )
                for row in rows:
                    told = as_told(row)
                    click.echo(json.dumps(told, ensure_ascii=False) if as_json else _line(told))
                if before is None:
                    return


def as_told(row: Any) -> dict[str, Any]:
    """Return a signal as one JSON object; times are Unix seconds, the area a code, empty for the region."""
    return {
        "signal": row.id,
        "state": row.state,
        "verdict": row.verdict,
        "outcome": row.outcome,
        "origin": row.origin,
        "rule": row.rule or None,
        "sort": row.sort or None,
        "area": row.unit,
        "level": row.level,
        "group": row.group or None,
        "value": row.value or None,
        "week": row.week,
        "reports": row.reports,
        "reasons": [str(reason) for reason in row.reasons],
        "risk": None if row.cell is None else row.cell.level,
        "raised_at": row.raised_at,
        "assignee": row.assignee,
        "monitor_until": None if row.monitor_until is None else row.monitor_until.isoformat(),
        "clocks": {clock.name: clock.state for clock in row.clocks},
    }


def _line(told: dict[str, Any]) -> str:
    late = [name for name, state in told["clocks"].items() if state in ("missed", "overdue")]
    clocks = f"  late: {', '.join(late)}" if late else ""
    reasons = "; ".join(told["reasons"]) or "-"
    return f"{told['signal']:>6}  {told['state']:<12}  {told['area'] or 'region':<13}  {reasons}{clocks}"
