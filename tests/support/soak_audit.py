"""What a soak finds at its end: each report at the hub once and whole, each answer in its village."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from hub.models import Answer, Report
from hub.models import Withdrawal as WithdrawalRow
from hub.retention.contents import ANSWER
from hub.services import ReportView
from sync.records import Report as Told
from sync.records import check_report
from sync.storage.database import connect, integrity_problem

if TYPE_CHECKING:
    from soak_year import Soak

BAD = (
    *("reports_lost", "reports_changed", "reports_doubled", "codes_not_received"),
    *("additions_lost", "additions_doubled", "withdrawals_lost", "withdrawals_doubled"),
    *("pictures_lost", "answers_not_readable", "answers_doubled", "notices_lacking", "notices_doubled"),
    *("databases_broken", "envelopes_unreadable", "places_failed"),
)
"""Each must be 0."""
_SERIAL = re.compile(r"^Laporan nomor (\d{5}):")


def audit(soak: Soak) -> dict[str, Any]:
    """Return the counts of `BAD`, and how many of each were looked at. The soak must be drained."""
    hub = soak.hub.hub
    assert hub is not None
    connect(hub.store.database)
    found: Counter[str] = Counter(dict.fromkeys(BAD, 0))
    there: Counter[int] = Counter()
    for view in hub.store.work.all_reports():
        _look_at(soak, view, there, found)
    rows = soak.ledger.ask("SELECT serial FROM report")
    found["reports"] = len(rows)
    found["reports_lost"] = sum(there[serial] == 0 for (serial,) in rows)
    found["reports_doubled"] = sum(count - 1 for count in there.values() if count > 1)
    _follow_ups(soak, found)
    _villages(soak, found)
    found["databases_broken"] += integrity_problem(hub.store.database) is not None
    found["envelopes_unreadable"] = hub.store.intake.unreadable()
    found["places_failed"] = hub.store.arrivals.waiting()
    return dict(found)


def _same(kept: Told, body: dict[str, Any]) -> bool:
    return kept == check_report(body)


def _look_at(soak: Soak, view: ReportView, there: Counter[int], found: Counter[str]) -> None:
    matched = _SERIAL.match(view.report.narrative)
    serial = int(matched[1]) if matched else -1
    there[serial] += 1
    rows = soak.ledger.ask("SELECT body FROM report WHERE serial = ?", (serial,))
    found["reports_changed"] += not rows or not _same(view.report, json.loads(rows[0][0]))
    if view.attachments:
        _pictures(soak, serial, view.id, found)
    if view.additions:
        for text, times in Counter(one.text for one in view.additions).items():
            found["additions_doubled"] += times - 1
            found["additions"] += bool(soak.ledger.ask("SELECT 1 FROM added WHERE text = ?", (text,)))


def _pictures(soak: Soak, serial: int, report: str, found: Counter[str]) -> None:
    work = soak.hub.hub.store.work if soak.hub.hub is not None else None
    assert work is not None
    wanted = soak.ledger.ask("SELECT number, sha256 FROM attached WHERE serial = ?", (serial,))
    kept = {view.number: view.complete for view in work.attachments_of(report)}
    for number, sha256 in wanted:
        if kept.get(number):
            content = work.show_attachment(report, number, by="soak")
            found["pictures"] += hashlib.sha256(content).digest() == bytes(sha256)


def _follow_ups(soak: Soak, found: Counter[str]) -> None:
    hub = soak.hub.hub
    assert hub is not None
    [(added,)] = soak.ledger.ask("SELECT COUNT(*) FROM added")
    found["additions_lost"] = added - found["additions"]
    [(pictures,)] = soak.ledger.ask("SELECT COUNT(*) FROM attached")
    found["pictures_lost"] = pictures - found["pictures"]
    wanted = {str(name) for (name,) in soak.ledger.ask("SELECT envelope FROM report WHERE withdrawn")}
    rows = WithdrawalRow.select(WithdrawalRow.report).tuples().execute(hub.store.database)
    there = Counter(str(name) for (name,) in rows)
    found["withdrawals"] = len(wanted)
    found["withdrawals_lost"] = len(wanted - set(there))
    found["withdrawals_doubled"] = sum(count - 1 for count in there.values())


def _villages(soak: Soak, found: Counter[str]) -> None:
    hub = soak.hub.hub
    assert hub is not None
    store = hub.store
    written: dict[str, list[str]] = {}
    for row in store.contents.opened(Answer.select().order_by(Answer.id).execute(store.database), ANSWER):
        written.setdefault(row.report, []).append(row.text)
    marks = {
        name: (read is not None, acted is not None)
        for name, read, acted in Report.select(Report.id, Report.read_at, Report.acted_on_at)
        .tuples()
        .execute(store.database)
    }
    notices = {row.serial for row in store.notices.rows() if not row.withdrawn}
    for village in soak.villages:
        box = village.box
        assert box is not None
        rows = soak.ledger.ask("SELECT code, envelope FROM report WHERE village = ?", (village.code,))
        for code, envelope in rows:
            view = box.look_up(code)
            steps = {step.name: step.reached for step in view.ladder}
            read, acted = marks.get(envelope, (False, False))
            ladder = steps["received"] and steps["read"] >= read and steps["acted_on"] >= acted
            found["codes_not_received"] += not ladder
            shown = Counter(answer.text for answer in view.answers)
            wanted = Counter(written.get(envelope, []))
            found["answers"] += sum(wanted.values())
            found["answers_not_readable"] += sum((wanted - shown).values())
            found["answers_doubled"] += max(
                0, len(view.answers) - len({a.written_at_s for a in view.answers})
            )
        here = Counter(notice.serial for notice in box.notices.all())
        found["notices_doubled"] += sum(count - 1 for count in here.values())
        found["notices_lacking"] += len({serial for serial in notices if serial not in here})
        found["databases_broken"] += integrity_problem(box.store.database) is not None
