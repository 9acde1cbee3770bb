"""Whom to ring or where to go: each with its source, its date and what is not sure."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from content.facts import OLD_AFTER_DAYS, cited
from content.reading import Table, latest_day, named_once

KINDS = (
    ("danger", "migrant", "abroad", "police", "women_children", "witness")
    + ("legal", "health", "psychological", "complaint", "local")
)  # fmt: skip
"""What somebody needs help with."""
REACHED_FROM = ("indonesia", "abroad", "both")


@dataclass(frozen=True)
class HelpLine:
    """One place of help; a place without a known number has an empty `number` and says where to go."""

    key: str
    who: str
    kind: str
    number: str
    """As it is shown, or empty."""
    by: str
    """`call` or `sms`: how the number is used."""
    whatsapp: str
    """As it is shown, or empty."""
    hours: str
    note: str
    reached_from: str
    emergency: bool
    """Whether it stands on every page of the village site."""
    source: str
    dated: str
    verified: bool
    """Whether a source was seen; not whether somebody answered: that stands in `rung_on`."""
    rung_on: datetime.date | None
    """The last day on which somebody rang and was answered."""
    old: str
    """The mark of an old or undated source, in words for the reader."""

    @property
    def dialled(self) -> str:
        """The number as a phone dials it."""
        return re.sub(r"[^0-9+]", "", self.number)

    @property
    def cited(self) -> str:
        """The source with its date, for the reader."""
        return cited(self.source, self.dated)

    def is_old(self, today: datetime.date) -> bool:
        """Return whether nothing within a year says that this is still so."""
        if self.rung_on is not None and (today - self.rung_on).days <= OLD_AFTER_DAYS:
            return False
        return not self.dated or (today - latest_day(self.dated)).days > OLD_AFTER_DAYS


def read_help_lines(table: Table) -> dict[str, HelpLine]:
    """Return all places of help by key, in the order in which they are shown."""
    lines = [_line(entry) for entry in table.tables("lines", 1, 200)]
    table.end()
    named_once(table.where, (line.key for line in lines))
    return {line.key: line for line in lines}


def _line(table: Table) -> HelpLine:
    line = HelpLine(
        key=table.key("key"),
        who=table.text("who"),
        kind=table.choice("kind", KINDS),
        number=_phone(table, "number"),
        by=table.choice("by", ("call", "sms"), "call"),
        whatsapp=_phone(table, "whatsapp"),
        hours=table.text("hours", ""),
        note=table.text("note"),
        reached_from=table.choice("reached_from", REACHED_FROM),
        emergency=table.flag("emergency", False),
        source=table.text("source"),
        dated=table.dated("dated"),
        verified=table.flag("verified"),
        rung_on=table.day("rung_on") if table.has("rung_on") else None,
        old=table.text("old", ""),
    )
    if line.emergency and not (line.number and line.verified):
        raise table.refuse("emergency", "false where there is no number from a source that was seen")
    table.end()
    return line


def _phone(table: Table, key: str) -> str:
    text = table.text(key, "")
    if text and not re.fullmatch(r"\+?[0-9][0-9 -]{1,18}[0-9]", text):
        raise table.refuse(key, "digits, blanks and - only, such as 0800-1000, or left out")
    return text


def numbers_by_key(lines: dict[str, HelpLine]) -> dict[str, str]:
    """Return what `{key}` in a text stands for, so that no text holds a number of its own."""
    return {key: line.number for key, line in lines.items() if line.number}
