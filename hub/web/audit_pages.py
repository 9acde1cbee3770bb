"""The log of accesses for auditors: entries with filters, and its state. Each look is noted too."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from hub.account_services import account_key
from hub.audit.entries import NoEntry
from hub.audit.log import DAY_MS, AuditLog, EntryFilter, UnknownEntry
from hub.languages import N_
from hub.services import Role
from hub.web import account_words
from hub.web.guards import open_to, refuse_unless_a_person_looks, who_is_signed_in
from hub.web.local_time import LocalTime
from sync.clock import Clock
from sync.errors import SealBroken

AUDITORS: tuple[Role, ...] = ("auditor",)
ENTRIES_PER_PAGE: Final = 100
_ABOUT_MAX_CHARACTERS: Final = 120


@dataclass(frozen=True)
class _Choice:
    """What the address of the log asks for: `by` is the key of an account."""

    by: str
    what: str
    about: str
    day: str
    before: int | None

    def address(self, before: int | None) -> str:
        """Return the address of this list from another entry on."""
        parts: dict[str, Any] = {
            "by": self.by,
            "what": self.what,
            "about": self.about,
            "day": self.day,
            "before": before,
        }
        return url_for("audit.show_log", **{name: value for name, value in parts.items() if value})


def make_blueprint(log: AuditLog, local: LocalTime, clock: Clock) -> Blueprint:
    """Build the pages below `/catatan`."""
    pages = Blueprint("audit", __name__)
    pages.register_error_handler(UnknownEntry, _show_as_not_found)

    @pages.get("/catatan")
    @open_to(*AUDITORS)
    def show_log() -> str:
        refuse_unless_a_person_looks()
        choice = _choice()
        names = log.names()
        chosen, problem = _filter(choice, names, local.zone)
        log.note(who_is_signed_in(), "log seen", "log entries")
        entries, after = log.page(chosen, before=choice.before, limit=ENTRIES_PER_PAGE)
        return render_template(
            "audit_log.html",
            entries=entries,
            after=after,
            choice=choice,
            names=[(account_key(name), name) for name in names],
            problem=problem,
            said=account_words,
            now=clock.wall_s(),
        )

    @pages.get("/catatan/keadaan")
    @open_to(*AUDITORS)
    def show_state() -> str:
        refuse_unless_a_person_looks()
        log.note(who_is_signed_in(), "log seen", "log state")
        try:
            last, broken = log.last_head(), False
        except (SealBroken, NoEntry):
            last, broken = None, True
        head = None if last is None else last[0]
        return render_template(
            "audit_state.html",
            size=log.size(),
            root=log.root().hex(),
            head=head,
            signed=None if last is None else last[1].hex(),
            stands=head is None or (head.size <= log.size() and log.root(head.size) == head.root),
            broken=broken,
            key=log.public.hex(),
            now=clock.wall_s(),
        )

    return pages


def _choice() -> _Choice:
    args = request.args
    before = args.get("before", "")
    return _Choice(
        by=args.get("by", "")[:16],
        what=args.get("what", "")[:40],
        about=args.get("about", "").strip()[:_ABOUT_MAX_CHARACTERS],
        day=args.get("day", "")[:10],
        before=int(before) if before.isascii() and before.isdecimal() and len(before) < 19 else None,
    )


def _filter(choice: _Choice, names: list[str], zone: ZoneInfo) -> tuple[EntryFilter, str | None]:
    """Return what to look for, and what was wrong with it."""
    by = next((name for name in names if account_key(name) == choice.by), "")
    from_ms = until_ms = problem = None
    if choice.day:
        try:
            day = datetime.date.fromisoformat(choice.day)
            from_ms = int(datetime.datetime.combine(day, datetime.time(), zone).timestamp() * 1000)
            until_ms = from_ms + DAY_MS
        except (ValueError, OverflowError):
            problem = N_("Pilih tanggal seperti 2026-11-26.")
    return EntryFilter(by, choice.what, choice.about, from_ms, until_ms), problem


def _show_as_not_found(_: UnknownEntry) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
