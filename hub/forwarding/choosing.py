"""What of a report is passed on to the hub above. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, Literal

from sync.records import Report, Reporter

What = Literal["verified", "all"]
WHAT: Final[tuple[What, ...]] = ("verified", "all")
"""Which reports are passed on: those found true, or each that nobody discarded."""


def passed_on(report: Report, village: str, *, with_contact: bool) -> Report | None:
    """Return a report as the hub above gets it, or None where its reporter said no to passing on.

    It comes "from a hub", with the village as its place where it names none. How the reporter can be reached
    stays here unless `with_contact`: the hub above asks this one.
    """
    reporter = report.reporter
    if reporter is not None and reporter.refer is False:
        return None
    if reporter is not None and not with_contact:
        kept = replace(reporter, contact=None, contact_safely=None)
        reporter = None if kept == Reporter() else kept
    return replace(report, channel="hub", place=report.place or village, reporter=reporter)
