"""Reports that arrive at a hub, and two of its staff."""

from __future__ import annotations

from village import VILLAGE, Region

from hub.cases.services import InboxChoice
from hub.services import COMMAND_LINE, ReportRow, SignedIn

SARI = SignedIn("sari", "analyst")
BUDI = SignedIn("budi", "supervisor")


def arrive(region: Region, *stories: str, village: str = VILLAGE, **fields: object) -> list[str]:
    """Let reports arrive together, with one time of arrival; return their ids."""
    ids = [region.file(story, village, **fields).envelope_id for story in stories]
    region.exchange(village)
    return [name for name in ids if name is not None]


def listed(region: Region, choice: InboxChoice | None = None) -> list[ReportRow]:
    """Return the first page of the inbox as sari sees it."""
    page, _ = region.hub.store.inbox.page(choice or InboxChoice(), before=None, limit=50, who=SARI)
    return [row.report for row in page]


def noted(region: Region) -> list[tuple[str, str, str]]:
    """Return who did what with what, as the log of accesses has it, without what the command line did."""
    entries = [kept.entry for kept in region.hub.store.audit.entries()]
    return [(entry.by, entry.what, entry.about) for entry in entries if entry.by != COMMAND_LINE]
