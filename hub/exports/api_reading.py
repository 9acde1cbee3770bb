"""What programs read, page by page. Implements `hub.exports.api_services.ApiServices`.

Nothing here holds a name, a phone or a text that somebody wrote: of reports and cases the same as in an
export without people.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import itertools
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import peewee

from hub.accounts.areas import sees
from hub.cases.arrivals import FAILED
from hub.cases.case_models import CaseFile
from hub.cases.models import Arrival
from hub.cases.visible import UNDONE, visible_case
from hub.exports.api_services import ITEMS_A_PAGE, REQUESTS_A_MINUTE, ApiPage, BadCursor
from hub.exports.columns import CaseRecord, ReportRecord
from hub.exports.counting import Count, counts_from
from hub.exports.exports import Exports
from hub.exports.ledger import ExportLedger
from hub.models import Node, Report
from hub.pictures.weeks import last_weeks
from hub.referrals.models import Referral
from hub.referrals.records import ReferralRecords, visible
from hub.retention.models import ForgottenReport
from hub.services import SignedIn
from hub.week_counts import WeekCounts
from sync.areas.table import AreaNames, area_names
from sync.clock import Clock
from sync.storage.database import connect

SETTLED_S = 60
"""A report is listed a minute after it came, and after all that came before it have their place in the inbox:
none is passed over."""

LOOKED_AT = 20_000
"""Reports that a page is chosen from at most: it may hold fewer than it could, and still have a next."""

USUAL_WEEKS = 12
MOST_WEEKS = 26
ANY_STATE = "any"
"""As the state of cases: all of them."""
Found = tuple[list[dict[str, Any]], list[Any] | None]


class ApiReading:
    """Reads the store. Threads may share it."""

    def __init__(
        self,
        database: Any,
        clock: Clock,
        exports: Exports,
        referrals: ReferralRecords,
        ledger: ExportLedger,
        weeks: WeekCounts,
    ) -> None:
        self._db = database
        self._clock = clock
        self._exports = exports
        self._referrals = referrals
        self._ledger = ledger
        self._weeks, self._zone = weeks, weeks.zone
        self._collections: Mapping[str, Callable[[Mapping[str, str], list[Any] | None, int, SignedIn], Found]]
        self._collections = {
            "reports": self._reports,
            "cases": self._cases,
            "counts": self._counts,
            "referrals": self._list_referrals,
        }

    def page(self, collection: str, asked: Mapping[str, str], *, who: SignedIn) -> ApiPage:
        """See `ApiServices.page`."""
        page = self.read(collection, asked, ITEMS_A_PAGE, who=who)
        told = " ".join(
            f"{name}={asked[name]}" for name in ("area", "kind", "state", "weeks") if name in asked
        )
        self.note(who, f"api {collection} {told}".strip(), len(page.items))
        return page

    def note(self, who: SignedIn, about: str, rows: int) -> None:
        """Note an answer of so many rows before its first byte; raise ExportRefused where it is too much."""
        self._ledger.take(who, "program read", about, rows, "", a_minute=REQUESTS_A_MINUTE)

    def read(self, collection: str, asked: Mapping[str, str], most: int, *, who: SignedIn) -> ApiPage:
        """Return a page of at most so many items, which the caller notes; raise BadCursor."""
        connect(self._db)
        try:
            found = self._collections[collection](asked, _read_cursor(asked.get("cursor")), most, who)
        except (ValueError, TypeError, OverflowError, IndexError):
            raise BadCursor from None
        items, following = found
        return ApiPage(items, None if following is None else _cursor(following))

    def total(self, collection: str, asked: Mapping[str, str], *, who: SignedIn) -> int:
        """Return how many items there are, which the caller notes."""
        connect(self._db)
        if collection == "counts":
            return sum(1 for _ in self._counted(asked, who))
        if collection == "reports" and not who.areas and asked.keys() <= {"kind"}:
            return self._all_reports(asked.get("kind"), who)
        queries = {
            "reports": self._report_query,
            "cases": self._case_query,
            "referrals": self._referral_query,
        }
        query = queries[collection](asked, who)
        return int(query.count(self._db))

    def one(self, collection: str, key: Mapping[str, str], *, who: SignedIn) -> dict[str, Any] | None:
        """Return one item by its key, which the caller notes, or None: unknown, or not to be seen."""
        connect(self._db)
        if collection == "reports":
            reports = self._exports.report_records([key["id"]], who)
            return _report(reports[0]) if reports else None
        if collection == "cases":
            row = CaseFile.select(CaseFile.id).where(CaseFile.number == key["number"]).first(self._db)
            cases = [] if row is None else self._exports.case_records([row.id], who)
            return _case(cases[0]) if cases else None
        if collection == "referrals":
            row = self._referral_query(key, who).first(self._db)
            return None if row is None else self._referral(row)
        asked = {"weeks": str(MOST_WEEKS)}
        place, names = [key["regency"], key["week"], key["kind"]], area_names()
        counted = self._counted(asked, who, key["regency"])
        return next((_count(one, names) for one in counted if _place(one) == place), None)

    def report(self, report_id: str, *, who: SignedIn) -> dict[str, Any] | None:
        """See `ApiServices.report`."""
        found = self.one("reports", {"id": report_id}, who=who)
        if found is not None:
            self.note(who, f"api report {report_id}", 1)
        return found

    def _report_query(self, asked: Mapping[str, str], who: SignedIn) -> Any:
        query = self._span(asked, who, Report.received_at, Report.id)
        if "kind" in asked:
            query = query.where(Report.kind == asked["kind"])
        nodes = self._nodes(asked.get("area"), who)
        return query if nodes is None else query.where(Report.node.in_(nodes))

    def _all_reports(self, kind: str | None, who: SignedIn) -> int:
        """Return how many reports a walk finds, out of the counters: there may be millions of rows."""
        settled_at, waits = self._clock.wall_s() - SETTLED_S, self._waits_since(who)
        # A range of the index, never the opposite of one: that would go through all rows.
        later = Report.received_at > settled_at
        if waits is not None and waits <= settled_at:
            later = Report.received_at >= waits
        not_listed = Report.select().where(later & Report.id.not_in(Arrival.select(Arrival.report)))
        if kind is not None:
            not_listed = not_listed.where(Report.kind == kind)
        wanted = ForgottenReport.kind != "" if kind is None else ForgottenReport.kind == kind
        forgotten = ForgottenReport.select().where(wanted)
        return self._weeks.placed(kind) - int(not_listed.count(self._db) + forgotten.count(self._db))

    def _span(self, asked: Mapping[str, str], who: SignedIn, *columns: Any) -> Any:
        query = Report.select(*columns).where(Report.received_at <= self._clock.wall_s() - SETTLED_S)
        waits = self._waits_since(who)
        query = query if waits is None else query.where(Report.received_at < waits)
        return query.where(Report.id == asked["id"]) if "id" in asked else query

    def _waits_since(self, who: SignedIn) -> float | None:
        """Return when the oldest report came that has no place in the inbox yet: no cursor goes past it. One
        that could not be placed does not hold up the others."""
        oldest = peewee.fn.MIN(Report.received_at)
        waiting = Arrival.select(oldest).join(Report, on=(Report.id == Arrival.report))
        waiting = waiting.where(Arrival.turn < FAILED)
        nodes = self._nodes(None, who)
        at = (waiting if nodes is None else waiting.where(Report.node.in_(nodes))).scalar(self._db)
        return None if at is None else float(at)

    def _reports(self, asked: Mapping[str, str], after: list[Any] | None, most: int, who: SignedIn) -> Found:
        span = self._span(asked, who, Report.received_at, Report.id, Report.node, Report.kind)
        if after is not None:
            at, last = float(after[0]), str(after[1])
            span = span.where((Report.received_at >= at) & ((Report.received_at > at) | (Report.id > last)))
        span = span.order_by(Report.received_at, Report.id)
        # What is asked for may be rare: a page looks at so many reports and no more, and the next goes on.
        rows, kind, nodes = [], asked.get("kind"), self._nodes(asked.get("area"), who)
        limit = most + 1 if kind is None and nodes is None else LOOKED_AT
        looked = list(span.limit(limit).tuples().execute(self._db))
        for at, name, node, told in looked:
            if kind in (None, told) and (nodes is None or node in nodes):
                rows.append([at, name])
                if len(rows) > most:
                    break
        ids = [row[1] for row in rows[:most]]
        items = [_report(record) for record in self._exports.report_records(ids, who)]
        if len(rows) > most:
            return items, rows[most - 1]
        return items, list(looked[-1][:2]) if len(looked) == LOOKED_AT else None

    def _nodes(self, area: str | None, who: SignedIn) -> set[int] | None:
        """Return the nodes of an area that an account sees; None for every one."""
        if area is None and not who.areas:
            return None
        query = Node.select(Node.number).where(sees(who, Node.village))
        if area is not None:
            query = query.where(sees(_of_area(area), Node.village))
        return {int(row[0]) for row in query.tuples().execute(self._db)}

    def _case_query(self, asked: Mapping[str, str], who: SignedIn) -> Any:
        query = CaseFile.select(CaseFile.id).where(CaseFile.state != UNDONE)
        if asked.get("state") != ANY_STATE:
            query = query.where(CaseFile.state == asked.get("state", "open"))
        if "number" in asked:
            query = query.where(CaseFile.number == asked["number"])
        return query.where(visible_case(who)) if who.areas else query

    def _cases(self, asked: Mapping[str, str], after: list[Any] | None, most: int, who: SignedIn) -> Found:
        query = self._case_query(asked, who)
        if after is not None:
            query = query.where(CaseFile.id > int(after[0]))
        rows = query.order_by(CaseFile.id).limit(most + 1).tuples().execute(self._db)
        ids = [row[0] for row in rows]
        items = [_case(record) for record in self._exports.case_records(ids[:most], who)]
        return items, [ids[most - 1]] if len(ids) > most else None

    def _counted(self, asked: Mapping[str, str], who: SignedIn, regency: str = "") -> Iterator[Count]:
        weeks = last_weeks(self._clock.wall_s(), self._zone, int(asked.get("weeks", USUAL_WEEKS)))
        return counts_from(self._weeks, weeks, who, regency)

    def _counts(self, asked: Mapping[str, str], after: list[Any] | None, most: int, who: SignedIn) -> Found:
        # By what was last, not by how many: counts come in between while a program reads.
        last = None if after is None else [str(part) for part in after]
        counted = self._counted(asked, who, "" if last is None else last[0])
        further = (one for one in counted if last is None or _place(one) > last)
        rows = list(itertools.islice(further, most + 1))
        names = area_names()
        items = [_count(one, names) for one in rows[:most]]
        return items, _place(rows[most - 1]) if len(rows) > most else None

    def _referral_query(self, asked: Mapping[str, str], who: SignedIn) -> Any:
        query = Referral.select().where(visible(who))
        return query.where(Referral.name == asked["name"]) if "name" in asked else query

    def _list_referrals(
        self, asked: Mapping[str, str], after: list[Any] | None, most: int, who: SignedIn
    ) -> Found:
        query = self._referral_query(asked, who)
        if after is not None:
            query = query.where(Referral.id > int(after[0]))
        rows = list(query.order_by(Referral.id).limit(most + 1).execute(self._db))
        items = [self._referral(row) for row in rows[:most]]
        return items, [rows[most - 1].id] if len(rows) > most else None

    def _referral(self, row: Any) -> dict[str, Any]:
        shown = self._referrals.shown(row)
        return {
            "name": shown.name,
            "about": shown.about,
            "agency": shown.partner,
            "state": shown.state,
            "due_on": shown.due.isoformat(),
            "made_at": _moment(shown.made_at),
            "late": shown.late,
        }


def _place(count: Count) -> list[str]:
    """Return where a count stands in the order of counts."""
    return [count.regency, count.monday.isoformat(), count.kind]


def _count(count: Count, names: AreaNames) -> dict[str, Any]:
    return {
        "regency": count.regency,
        "name": names.name_of(count.regency),
        "week": count.monday.isoformat(),
        "kind": count.kind,
        "count": count.count,
    }


def _of_area(area: str) -> SignedIn:
    return SignedIn("", "analyst", (area,))


def _report(record: ReportRecord) -> dict[str, Any]:
    report, offer, people = record.report, record.report.offer, record.report.people
    return {
        "id": record.id,
        "case": record.case or None,
        "received_on": record.received_on.isoformat(),
        "observed_on": report.observed_on,
        "village": record.village,
        "kind": report.kind,
        "urgency": report.urgency,
        "stage": record.states.stage,
        "signal": record.states.signal,
        "verification": record.states.verification,
        "risk": record.states.risk,
        "response": record.states.response,
        "outcome": record.states.outcome,
        "withdrawn": record.withdrawn,
        "from_shut_out": record.from_shut_out,
        "indicators": report.to_json().get("indicators", []),
        "destination": None if offer is None else offer.destination,
        "job": None if offer is None else offer.job,
        "departure_on": None if offer is None else offer.departure_on,
        "women": None if people is None else people.women,
        "men": None if people is None else people.men,
        "children": None if people is None else people.children,
    }


def _case(record: CaseRecord) -> dict[str, Any]:
    return {
        "number": record.number,
        "state": record.state,
        "outcome": record.outcome or None,
        "opened_on": record.opened_on.isoformat(),
        "reports": record.reports,
        "kinds": list(record.kinds),
        "villages": list(record.villages),
        "open_tasks": record.open_tasks,
        "late_tasks": record.late_tasks,
    }


def _moment(at: float) -> str:
    return datetime.datetime.fromtimestamp(at, datetime.UTC).isoformat(timespec="seconds")


def _cursor(place: list[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode("ascii")


def _read_cursor(text: str | None) -> list[Any] | None:
    if text is None:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(text.encode("ascii", "replace")))
    except (ValueError, binascii.Error, RecursionError):
        raise BadCursor from None
    if (
        not isinstance(found, list)
        or not 1 <= len(found) <= 3
        or not all(str(one).isprintable() for one in found)
    ):
        raise BadCursor
    return found
