"""The register of facts: what is so, who says it, since when, and whether we saw the source."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass

from content.reading import Table, latest_day, named_once

OLD_AFTER_DAYS = 365
"""A fact whose source is older needs a mark that says why it still stands, or that it must be asked again."""


@dataclass(frozen=True)
class Fact:
    """One statement. `dated` is the date of the source as well as it is known, empty when it is not."""

    key: str
    text: str
    source: str
    dated: str
    verified: bool
    """Whether the source was seen. What is not verified is never worded as certain."""
    old: str
    """The mark of an old fact, in words for the reader; empty where there is none."""
    address: str
    """Where the source was read; empty where no address is known."""

    @property
    def cited(self) -> str:
        """The source with its date, for the reader."""
        return cited(self.source, self.dated)

    def is_old(self, today: datetime.date) -> bool:
        """Return whether the source is older than `OLD_AFTER_DAYS`, or its date is not known."""
        return not self.dated or (today - latest_day(self.dated)).days > OLD_AFTER_DAYS


MONTHS = (
    ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli")
    + ("Agustus", "September", "Oktober", "November", "Desember")
)  # fmt: skip


def cited(source: str, dated: str) -> str:
    """Return a source with its date as Indonesians write it (25-11-2026), once: many sources tell theirs."""
    year, *rest = dated.split("-")
    month = f"{MONTHS[int(rest[0]) - 1]} {year}" if rest else year
    told = f"{int(rest[1])} {month}" if len(rest) == 2 else month
    if not dated or re.search(rf"(?<![0-9]){told}(?![0-9])", source):
        return source
    return f"{source}, {'-'.join(reversed(dated.split('-')))}"


def read_facts(table: Table) -> dict[str, Fact]:
    """Return the register by key."""
    facts = [_fact(entry) for entry in table.tables("register", 1, 500)]
    table.end()
    named_once(table.where, (fact.key for fact in facts))
    return {fact.key: fact for fact in facts}


def _fact(table: Table) -> Fact:
    fact = Fact(
        key=table.key("key"),
        text=table.text("text"),
        source=table.text("source"),
        dated=table.dated("dated"),
        verified=table.flag("verified"),
        old=table.text("old", ""),
        address=table.text("address", ""),
    )
    table.end()
    return fact


HEDGES = ("belum pasti", "belum kami periksa", "setahu kami", "mungkin", "bisa berubah", "biasanya")
"""Words that tell an Indonesian reader that something is not certain."""


def is_hedged(texts: Iterable[str]) -> bool:
    """Return whether one of the texts says that it is not certain."""
    return any(hedge in text.casefold() for text in texts for hedge in HEDGES)
