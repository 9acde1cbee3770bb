"""Take a report out of linking for good, with everything that was found in it."""

from __future__ import annotations

from typing import Any

from hub.links.decisions import Decisions
from hub.links.evidence_store import EvidenceStore
from hub.links.models import LinkDue
from hub.links.suggestions import Suggestions
from hub.links.verdicts import rebuild
from hub.links.weighing import KINDS


def forget(
    database: Any, store: EvidenceStore, suggestions: Suggestions, decisions: Decisions, report: str
) -> None:
    """Remove evidence, keys, its part in all counts, suggestions, and the reasons of decisions of a report.

    Call it in the transaction that removes the report itself, after the report is gone: groups count and
    date those that are left. A report that is being linked at this moment is not kept again.
    """
    LinkDue.delete().where(LinkDue.report == report).execute(database)
    store.remove(report)
    suggestions.forget(report)
    decisions.forget(report)
    for kind in KINDS:
        rebuild(database, kind, [report])
