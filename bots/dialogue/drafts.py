"""A report that is being told: its answers, what is asked next, and the report itself. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bots.dialogue.contract import Channel, Room, SharedPosition
from bots.dialogue.scene import clean, one_line
from bots.texts import N_
from content.typed_values import iso_date
from sync.records import NUMBER_LIMITS, TEXT_LIMITS
from sync.wire.attachments import MAX_ATTACHMENTS

FIRST = ("kind", "urgency", "narrative", "place", "official_involved")
"""The short chain, in order; after it stands the summary."""
RECRUITER = ("recruiter.name", "recruiter.phone", "recruiter.company")
OFFER = ("offer.destination", "offer.departure_on")
CHAINS = (FIRST, RECRUITER, OFFER)
SUMMARY = "summary"
SENDING = "sending"
DATES = ("observed_on", "offer.departure_on")
TEXTS = ("narrative", *RECRUITER, "reporter.contact")
LABELS: Mapping[str, str] = {
    "kind": N_("Tentang apa laporan ini?"),
    "urgency": N_("Seberapa mendesak?"),
    "narrative": N_("Ceritakan apa yang terjadi"),
    "place": N_("Di mana kejadiannya?"),
    "official_involved": N_("Apakah ada perangkat desa yang ikut terlibat?"),
    "observed_on": N_("Tanggal kejadian"),
    "recruiter.name": N_("Nama orang itu"),
    "recruiter.phone": N_("Nomor HP orang itu"),
    "recruiter.company": N_("Nama perusahaan (PT)"),
    "offer.destination": N_("Negara tujuan"),
    "offer.departure_on": N_("Tanggal berangkat"),
    "reporter.contact": N_("Bagaimana petugas bisa menghubungi Anda?"),
}
"""Every field that is asked, by its path in the report -> the question."""
PICKED = "Dipilih di peta:"
"""Before the name of a place whose position is not the reporter's own; staff read Indonesian."""
PICTURE_ONLY = "Hanya foto atau suara, tanpa tulisan."
"""The story of a report that has none but files; staff read Indonesian, so it is not translated."""


@dataclass(frozen=True, repr=False)
class Draft:
    """Answers by dotted path, as the contract of reports has them, and where the conversation is."""

    step: str = FIRST[0]
    answers: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[int, ...] = ()
    token: str = ""
    at: str = ""
    """The area whose parts are offered."""
    page: int = 0
    """Which page of a long list is shown."""
    searched: str = ""
    """What was typed to find a place."""

    def with_answer(self, path: str, value: Any) -> Draft:
        """Return the draft with an answer, or without one where the value is None."""
        kept = {name: old for name, old in self.answers.items() if name != path}
        if path == "place":
            kept.pop("place_text", None)
        if value is not None:
            kept[path] = value
        return replace(self, answers=kept)

    def with_file(self, handle: int) -> Draft | None:
        """Return the draft with another file; None where it holds as many as a report may have."""
        if len(self.files) >= MAX_ATTACHMENTS:
            return None
        return replace(self, files=(*self.files, handle))

    def going_to(self, step: str) -> Draft:
        """Return the draft at a step."""
        return replace(self, step=step, at="", page=0, searched="")

    def next(self) -> Draft:
        """Return the draft at the step that follows; at the end of a chain stands the summary.

        A story that was told before it was asked for is not asked for again.
        """
        for chain in CHAINS:
            if self.step in chain[:-1]:
                after = self.going_to(chain[chain.index(self.step) + 1])
                return after.next() if after.step == "narrative" and "narrative" in self.answers else after
        return self.going_to(SUMMARY)

    @property
    def can_be_sent(self) -> bool:
        """Whether there is anything to tell yet: a story, a picture or a sound."""
        return bool(self.answers.get("narrative") or self.files)

    @property
    def is_urgent(self) -> bool:
        """Whether the reporter says so."""
        return self.answers.get("urgency") == "now"


class TooLong(Exception):
    """A text that does not fit; `most` characters do."""

    def __init__(self, length: int, most: int) -> None:
        super().__init__("the text is too long")
        self.length = length
        self.most = most


def text_answer(path: str, typed: str) -> str:
    """Return what was typed as the report may hold it; raise `TooLong`."""
    text = clean(typed) if path == "narrative" else one_line(typed)
    most = TEXT_LIMITS[path]
    if len(text) > most:
        raise TooLong(len(text), most)
    return text


def date_answer(typed: str) -> str | None:
    """Return a day in ISO 8601 as people write it; None for what is no day."""
    text = iso_date(one_line(typed))
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) is None:
        return None
    try:
        return datetime.date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def shown_date(iso: str) -> str:
    """Return a day as it is written in Indonesia."""
    return "-".join(reversed(iso.split("-")))


def with_position(draft: Draft, shared: SharedPosition) -> Draft | None:
    """Return a draft with a position; None for one that is not on Earth. Of a place that was picked on a map
    the report says so, with its name: an officer would look for somebody there."""
    found = position_answer(shared)
    if found is None:
        return None
    # What was picked before goes: the newest position alone stands in the report.
    told = str(draft.answers.get("place_text") or "").split(PICKED)[0].rstrip("; ")
    if shared.place:
        picked = f"{PICKED} {one_line(shared.place)}"
        told = (f"{told}; {picked}" if told else picked)[: TEXT_LIMITS["place_text"]].strip()
    return draft.with_answer("position", found).with_answer("place_text", told or None)


def position_answer(shared: SharedPosition) -> dict[str, int] | None:
    """Return a position as the report holds it; None for one that is not on Earth."""
    found = {"lat_e5": shared.lat_e5, "lon_e5": shared.lon_e5}
    for name, value in found.items():
        least, most = NUMBER_LIMITS[f"position.{name}"]
        if type(value) is not int or not least <= value <= most:
            return None
    return found


def report_of(draft: Draft, channel: Channel) -> dict[str, Any]:
    """Return the report, as `sync.records.check_report` takes it."""
    report: dict[str, Any] = {"kind": "other", "channel": channel.value}
    answers = {"narrative": PICTURE_ONLY if draft.files else "", **draft.answers}
    for path, value in answers.items():
        section, _, member = path.partition(".")
        if member:
            report.setdefault(section, {})[member] = value
        else:
            report[section] = value
    return report


def begun(room: Room, **answers: Any) -> Draft:
    """Return a draft with a token of its own."""
    return Draft(token=room.token(), answers=answers)
