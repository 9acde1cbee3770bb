"""A hub held in memory, and somebody at a browser of it."""

from __future__ import annotations

import dataclasses
import html
import re
import secrets
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from flask import Flask
from flask.testing import FlaskClient
from stores import store_url
from werkzeug.test import TestResponse

from hub.account_services import Session
from hub.accounts.areas import may_see
from hub.accounts.sessions import is_live
from hub.cases.services import InboxChoice, InboxRow, SavedFilterRow
from hub.cases.states import States, StepRefused
from hub.cases.urgency import Reason
from hub.picture_services import Flow, WallNumbers
from hub.services import (
    ANSWER_MAX_CHARACTERS,
    AnswerRefused,
    AnswerRow,
    AttachmentIncomplete,
    AttachmentView,
    HeldSession,
    OwnRadio,
    ReportRow,
    ReportView,
    Role,
    SessionCount,
    SignedIn,
    SignInSlowed,
    UnknownAttachment,
    UnknownReport,
    UnknownVillage,
    VillagePart,
    VillageRow,
    VillageView,
)
from hub.web.app import create_hub_app
from sync.clock import ManualClock
from sync.records import Report, check_report

SECRET_KEY = bytes(range(32))
FIRST = "0123456789abcdef.0.1"
UNKNOWN = "ffffffffffffffff.0.9"
STORY = "Ada orang dari kota mencari pekerja, disuruh diam-diam."


@dataclass
class LinksInMemory:
    """The villages of a hub, as a test sets them."""

    rows: list[VillageRow] = field(default_factory=list)
    views: dict[int, VillageView] = field(default_factory=dict)
    own: OwnRadio | None = None
    resets: list[tuple[int, str]] = field(default_factory=list)
    held: list[HeldSession] = field(default_factory=list)

    def villages(self, *, who: SignedIn, area: str, first: int, limit: int) -> VillagePart:
        seen = [row for row in self.rows if may_see(who, row.village) and row.village.startswith(area)]
        return VillagePart(tuple(seen[first : first + limit]), len(seen), by_silence=False)

    def village(self, node: int) -> VillageView:
        if node not in self.views:
            raise UnknownVillage
        return self.views[node]

    def own_radio(self) -> OwnRadio | None:
        return self.own

    def sessions(self, node: int) -> list[HeldSession]:
        return self.held

    def session_counts(self, nodes: Collection[int]) -> dict[int, SessionCount]:
        people = sum(session.summary.people for session in self.held)
        return {1: SessionCount(len(self.held), people)} if self.held else {}

    def reset_pin(self, node_number: int, *, by: str) -> str:
        self.resets.append((node_number, by))
        return "12345678"


@dataclass
class PicturesInMemory:
    """Counts, as a test sets them; notes who asked for what."""

    weeks: dict[str, int] = field(default_factory=dict)
    villages: dict[str, int] = field(default_factory=dict)
    destinations: dict[str | None, int] = field(default_factory=dict)
    ways: list[Flow] = field(default_factory=list)
    numbers: WallNumbers = WallNumbers(0, None, 0, 0, 0, 0)
    asked: list[tuple[object, ...]] = field(default_factory=list)

    def by_week(self, starts: Sequence[float], who: SignedIn) -> list[dict[str, int]]:
        self.asked.append(("by_week", len(starts) - 1, who.name))
        return [{} for _ in starts[2:]] + [dict(self.weeks)]

    def by_area(self, begins_at: float, ends_at: float, kind: str | None, who: SignedIn) -> Mapping[str, int]:
        self.asked.append(("by_area", round((ends_at - begins_at) / 604_800), kind, who.name))
        return self.villages

    def by_destination(
        self, begins_at: float, ends_at: float, kind: str | None, who: SignedIn
    ) -> Mapping[str | None, int]:
        self.asked.append(("by_destination", round((ends_at - begins_at) / 604_800), kind, who.name))
        return self.destinations

    def flows(
        self, begins_at: float, ends_at: float, kind: str | None, province: str | None, who: SignedIn
    ) -> list[Flow]:
        weeks = round((ends_at - begins_at) / 604_800)
        self.asked.append(("flows", weeks, kind, province, who.name))
        return self.ways

    def wall(self, now: float, who: SignedIn) -> WallNumbers:
        return self.numbers


@dataclass
class HubInMemory:
    """The use cases of the pages over plain dictionaries; notes every call."""

    clock: ManualClock
    accounts: dict[str, SignedIn] = field(default_factory=dict)
    views: dict[str, ReportView] = field(default_factory=dict)
    calls: list[tuple[object, ...]] = field(default_factory=list)
    attached: dict[str, list[tuple[AttachmentView, bytes]]] = field(default_factory=dict)
    """By id of a report or an addition."""
    news: set[str] = field(default_factory=set)
    withdrawn: set[str] = field(default_factory=set)
    reasons: list[Reason] = field(default_factory=list)
    filters: list[tuple[str, str]] = field(default_factory=list)
    slowed_s: int | None = None
    breaks_with: Exception | None = None
    links: LinksInMemory = field(default_factory=LinksInMemory)
    sessions: dict[str, tuple[str, float, float]] = field(default_factory=dict)
    """By id: whose it is, when it began and when it was seen."""
    pictures: PicturesInMemory = field(default_factory=PicturesInMemory)

    PASSWORD = "kentongan bertalu"

    def sign_in(self, name: str, password: str) -> SignedIn | None:
        self.calls.append(("sign_in", name))
        self._perhaps_break()
        if self.slowed_s is not None:
            raise SignInSlowed(self.slowed_s)
        return self.accounts.get(name) if password == self.PASSWORD else None

    def begin_session(self, name: str) -> str:
        session_id = secrets.token_hex(16)
        self.sessions[session_id] = (name, self.clock.wall_s(), self.clock.wall_s())
        return session_id

    def begin_wall(self, name: str) -> str:
        return self.begin_session(name)

    def session(self, session_id: str) -> Session | None:
        name, begun_at, seen_at = self.sessions.get(session_id, ("", 0.0, 0.0))
        account = self.accounts.get(name)
        live = account is not None and is_live(begun_at, seen_at, self.clock.wall_s())
        return Session(account, "whole") if live and account is not None else None

    def note_activity(self, session_id: str) -> None:
        name, begun_at, _ = self.sessions[session_id]
        self.sessions[session_id] = (name, begun_at, self.clock.wall_s())

    def end_session(self, session_id: str) -> None:
        self.sessions.pop(session_id, None)

    def enter_code(self, session_id: str, code: str) -> str | None:
        return None

    def page(
        self, choice: InboxChoice, *, before: str | None, limit: int, who: SignedIn
    ) -> tuple[list[InboxRow], str | None]:
        self.calls.append(("page", choice, before, who.name))
        self._perhaps_break()
        rows = [self._row(view) for view in self.views.values() if not (choice.unread and view.read_at)]
        rows.sort(key=lambda row: (row.read or row.urgency != "now", -row.received_at))
        start = int(before) if before else 0
        end = start + limit
        listed = [InboxRow(row, tuple(self.reasons), States(), None) for row in rows[start:end]]
        return listed, str(end) if end < len(rows) else None

    def drawn_waiting(self, who: SignedIn) -> int:
        return 0

    def saved_filters(self, who: SignedIn) -> list[SavedFilterRow]:
        return [SavedFilterRow(1, *one) for one in self.filters]

    def save_filter(self, name: str, query: str, *, who: SignedIn) -> None:
        if not name:
            raise StepRefused("Nama saringan berisi 1 sampai 40 huruf.")
        self.filters.append((name, query))

    def remove_filter(self, number: int, *, who: SignedIn) -> None:
        self.filters.clear()

    def show_report(self, report_id: str, *, by: SignedIn) -> ReportView:
        self.calls.append(("show_report", report_id, by.name))
        self._perhaps_break()
        if self._view(report_id).read_at is None:
            self._change(report_id, read_at=self.clock.wall_s())
        return self._view(report_id)

    def _row(self, view: ReportView) -> ReportRow:
        return dataclasses.replace(_row(view), news=view.id in self.news, withdrawn=view.id in self.withdrawn)

    def attachments_of(self, report_id: str, *, by: SignedIn) -> tuple[AttachmentView, ...]:
        return tuple(view for view, _ in self.attached.get(report_id, []))

    def show_attachment(self, report_id: str, number: int, *, by: SignedIn) -> bytes:
        self.calls.append(("show_attachment", report_id, number, by.name))
        for view, content in self.attached.get(report_id, []):
            if view.number == number:
                if not view.complete:
                    raise AttachmentIncomplete
                return content
        raise UnknownAttachment

    def answer(self, report_id: str, text: str, *, asks: bool, by: SignedIn) -> None:
        self.calls.append(("answer", report_id, text, asks, by.name))
        self._perhaps_break()
        view = self._view(report_id)
        if not text.strip():
            raise AnswerRefused("Tulis jawaban dulu.")
        if len(text) > ANSWER_MAX_CHARACTERS:
            raise AnswerRefused("Jawaban paling banyak 1.000 huruf.")
        row = AnswerRow(text, asks, self.clock.wall_s(), by.name, delivered=False)
        self._change(report_id, answers=(*view.answers, row))

    def mark_acted_on(self, report_id: str, *, by: SignedIn) -> None:
        self.calls.append(("mark_acted_on", report_id, by.name))
        self._perhaps_break()
        self._view(report_id)
        self._change(report_id, acted_on_at=self.clock.wall_s())

    def add(self, report_id: str, *, village: str = "53.18.01.2003", **fields: object) -> ReportView:
        """Let a report arrive now."""
        report = check_report({"kind": "recruiter", "narrative": STORY, **fields})
        return self.put(report_id, report, village=village)

    def put(self, report_id: str, report: Report, *, village: str = "53.18.01.2003") -> ReportView:
        now = self.clock.wall_s()
        self.views[report_id] = ReportView(
            id=report_id,
            village=village,
            report=report,
            via="radio",
            received_at=now,
            taken_at=now - 600,
            taken_between=(now - 610, now - 590),
            read_at=None,
            acted_on_at=None,
            answers=(),
        )
        return self.views[report_id]

    def change(self, report_id: str, **changes: object) -> None:
        self._change(report_id, **changes)

    def called(self, name: str) -> list[tuple[object, ...]]:
        return [call for call in self.calls if call[0] == name]

    def _perhaps_break(self) -> None:
        if self.breaks_with is not None:
            raise self.breaks_with

    def _view(self, report_id: str) -> ReportView:
        if report_id not in self.views:
            raise UnknownReport
        return self.views[report_id]

    def _change(self, report_id: str, **changes: object) -> None:
        self.views[report_id] = dataclasses.replace(self._view(report_id), **changes)  # type: ignore[arg-type]


def _row(view: ReportView) -> ReportRow:
    return ReportRow(
        id=view.id,
        village=view.village,
        kind=view.report.kind,
        urgency=view.report.urgency,
        received_at=view.received_at,
        read=view.read_at is not None,
        acted_on=view.acted_on_at is not None,
        answers=len(view.answers),
        excerpt=view.report.narrative[:80],
        urgent=view.report.urgency == "now" or any(one.urgent for one in view.additions),
    )


class Browser:
    """Somebody at a browser: keeps cookies, and posts forms with the token of the page they stand on."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()

    def get(self, path: str, headers: Mapping[str, str] | None = None) -> TestResponse:
        return self.client.get(path, headers=dict(headers or {}), buffered=True)

    def read(self, path: str) -> str:
        """Return the page's HTML; it must be there."""
        response = self.get(path)
        assert response.status_code == 200, (path, response.status_code)
        return response.text

    def post(self, path: str, *, page: str, **typed: str) -> TestResponse:
        """Post the form that stands on `page`, with what was typed."""
        return self.client.post(path, data={**hidden_fields(self.get(page).text), **typed})

    def sign_in(self, name: str = "sari", password: str = HubInMemory.PASSWORD, **typed: str) -> TestResponse:
        return self.post("/sign-in", page="/sign-in", name=name, password=password, **typed)

    def answer(self, text: str = "Terima kasih", kind: str = "answer", report: str = FIRST) -> TestResponse:
        return self.post(f"/reports/{report}/answer", page=f"/reports/{report}", text=text, kind=kind)


def hidden_fields(page: str) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    return {name: html.unescape(value) for name, value in found}


def build(services: HubInMemory, *, secure_cookies: bool = False) -> Flask:
    return create_hub_app(
        services,
        accounts=services,
        inbox=services,
        links=services.links,
        pins=services.links,
        sessions=services.links,
        pictures=services.pictures,
        secret_key=SECRET_KEY,
        secure_cookies=secure_cookies,
        clock=services.clock,
    )


@pytest.fixture
def database_url() -> Iterator[str | None]:
    """Pages of one village and its reports are asked for on PostgreSQL; those of the filled hub, which every
    page is, on SQLite."""
    with store_url("postgresql") as url:
        yield url


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
def services(clock: ManualClock) -> HubInMemory:
    """A hub with an account of each role and one unread report."""
    hub = HubInMemory(clock)
    people: dict[str, Role] = {
        "sari": "analyst",
        "budi": "supervisor",
        "ketut": "administrator",
        "auni": "auditor",
        "lembaga": "agency",
    }
    hub.accounts = {name: SignedIn(name, role) for name, role in people.items()}
    hub.add(FIRST, urgency="soon")
    return hub


@pytest.fixture
def app(services: HubInMemory) -> Flask:
    return build(services)


@pytest.fixture
def stranger(app: Flask) -> Browser:
    """Nobody signed in."""
    return Browser(app)


@pytest.fixture
def sari(app: Flask) -> Browser:
    """An analyst, signed in."""
    browser = Browser(app)
    assert browser.sign_in("sari").status_code == 303
    return browser
