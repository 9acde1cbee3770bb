"""A hub with as many reports as a whole country sends, written straight into its tables.

The rows are what intake, placing, linking and staff would have left: out of a few prepared stories, but each
report with its own key, sealed body and envelope. Nothing here is quick enough for a hub in use: it is for
`scripts/measure-pages-at-scale` and for tests of query plans.
"""

from __future__ import annotations

import json
import os
import random
import struct
from array import array
from base64 import b64encode
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from bulk_tables import BulkTables
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from hub.audit.entries import Entry
from hub.audit.log import TREE
from hub.audit.merkle import new_nodes
from hub.cases.choosing import REGENCY_CHARACTERS
from hub.cases.search import doc_of_report, indexed_words
from hub.cases.states import States
from hub.cases.urgency import Facts, day_number, departure_day, sort_key
from hub.linking.evidence import extract
from hub.linking.evidence_text import VERSION, evidence_to_text
from hub.linking.index import FULL, keys_of
from hub.linking.words import Rarity
from hub.links.evidence_store import counts_of, hashed
from hub.retention.contents import ADDITION, ANSWER, COMMENT, MARK, REASON
from hub.risk.scoring import Judged, assess, rank
from hub.store_wiring import HubStore
from sync.areas.table import area_table
from sync.link.ranges import RangeSet
from sync.records import KINDS, Report, check_report

DAY_S = 86_400.0
WEEKS = 260
AT_ONCE = 10_000
EPOCHS = 3
"""Of each node."""
CLUSTER = 5
"""Reports that tell of one recruiter."""
STORIES = 1_000
_NAMES = ("Wayan", "Budi", "Siti", "Lalu", "Made", "Agus", "Dewi", "Nur", "Hasan", "Rina", "Joko", "Maria")
_DOINGS = ("mengajak", "menjanjikan", "menjemput", "menghubungi", "membawa", "mendatangi", "menawari")
_PLACES = ("Malaysia", "Batam", "Kupang", "Mataram", "Surabaya", "Tanjung Pinang", "Kamboja", "Singapura")
_COUNTRIES = (None, None, "MY", "KH", "SG", "SA", "HK", "MM")
_STAFF = ("sari", "budi", "ketut", "made")
_CLOSED = States("kept", "confirmed", "high", "done", "safe")
_OPEN = (States(), States("kept"), States("kept", "confirmed", "high", "begun"))
_DISCARDED = States("discarded")
_FILLED = [
    "report",
    "envelope",
    "report_key",
    "triage",
    "search_doc",
    "link_evidence",
    "link_due",
    "down",
    "answer",
    "addition",
    "triage_step",
    "triage_score",
    "staff_comment",
    "audit_entry",
    "case_file",
    "case_report",
    "case_task",
    "case_person",
    "case_step",
    "link_suggestion",
    "link_decision",
    "link_member",
    "link_group",
    "retention_due",
]


@dataclass(frozen=True)
class Story:
    """A prepared report and all that follows from its words alone."""

    report: Report
    body: bytes
    departure: int | None
    destination: str | None
    text: str
    digits: str
    words: str
    evidence: str
    keys: bytes
    hashes: tuple[int, ...]
    counts: Counter[str]


def a_story(number: int, rng: random.Random, leaves: date | None, phone: str) -> Story:
    """Return a fictional story, about 120 letters; a rare word stands in one of them alone."""
    who = f"{rng.choice(_NAMES)} {rng.choice(_NAMES)} {rng.choice(_NAMES)}"
    place, doing = rng.choice(_PLACES), rng.choice(_DOINGS)
    rare = " zebrafinken" if number == 7 else ""
    told = f"{who} {doing} {rng.randrange(2, 9)} orang ke {place} lewat {rng.choice(_PLACES)}, janji kerja{rare}."  # noqa: E501
    offer = {"destination": rng.choice(_COUNTRIES), "departure_on": leaves.isoformat() if leaves else None}
    report = check_report(
        {
            "kind": rng.choice(KINDS),
            "narrative": told,
            "urgency": rng.choice(["now", "soon", "info", "info", "info", "info"]),
            "recruiter": {"name": who, "phone": phone},
            "offer": {name: value for name, value in offer.items() if value},
        }
    )
    doc = doc_of_report("", report, "", 0.0)
    evidence = extract(report)
    hashes = sorted({hashed(key) for key in keys_of(evidence, Rarity({}, 0))})
    return Story(
        report,
        json.dumps(report.to_json()).encode(),
        departure_day(report),
        None if report.offer is None else report.offer.destination,
        doc.text,
        doc.digits,
        indexed_words(doc),
        evidence_to_text(evidence),
        struct.pack(f"<{len(hashes)}q", *hashes),
        tuple(hashes),
        counts_of(evidence),
    )


class FullHub:
    """Fills a new hub's store. `now` is the moment up to which reports came, Unix seconds."""

    def __init__(
        self,
        store: HubStore,
        reports: int,
        villages: int,
        *,
        now: float,
        rng: random.Random,
        districts: int = 500,
    ) -> None:
        self.store, self.reports, self.now, self.rng = store, reports, now, rng
        self.begin = now - WEEKS * 7 * DAY_S
        self.today = store.inbox.today()
        self.villages = villages_of(villages, districts)
        self._wrapping = store.contents._wrapping
        self._clusters = max(reports // 500, 2)
        leaving = [None, *(self.today + timedelta(days) for days in range(-2, 12))]
        self._stories = [
            a_story(n, rng, leaving[n % 60] if n % 60 < len(leaving) else None, f"0812-0000-{n:04}")
            for n in range(STORIES)
        ]
        self._of_clusters = [
            a_story(9_999, rng, None, f"0813-0000-{n % 10_000:04}") for n in range(min(self._clusters, 4_000))
        ]
        # A tenth of the villages sends five times as much as the others.
        slots = [n for n in range(villages) for _ in range(5 if n % 10 == 0 else 1)]
        rng.shuffle(slots)
        self._slots = slots
        self._counters = array("L", [0]) * (villages * EPOCHS)
        self._epoch_ids = [rng.randbytes(8) for _ in range(villages * EPOCHS)]
        self.some: list[str] = []
        """Ids of reports that share a recruiter, the newest clusters last."""

    # -- what each report is ----------------------------------------------------------------------

    def _epoch_start(self, part: int) -> float:
        return self.begin + part * WEEKS * 7 * DAY_S / EPOCHS

    def _story_of(self, n: int) -> Story:
        """Return the story of a report: neighbours of a cluster lie some hundred reports apart."""
        place = n % 500
        if place % 100 == 13:
            return self._of_clusters[n // 500 % len(self._of_clusters)]
        # Departures ahead are told by what came lately.
        if n < self.reports * 0.97:
            return self._stories[60 * (n % (STORIES // 60)) + 20 + n % 40]
        return self._stories[n % STORIES]

    def fill(self) -> None:
        """Fill all tables and make their indexes anew."""
        tables = BulkTables(self.store)
        try:
            with tables.without_indexes(_FILLED):
                self._nodes(tables)
                for first in range(0, self.reports, AT_ONCE):
                    self._some_reports(tables, first, min(first + AT_ONCE, self.reports))
                    tables.commit()
                self._linking(tables)
                self._held(tables)
                self._cases(tables)
                self._audit(tables)
                tables.commit()
            tables.settle()
        finally:
            tables.close()

    def _nodes(self, tables: BulkTables) -> None:
        enrolled, today = int(self.begin - DAY_S), int((self.now + 7 * 3600) // DAY_S)
        count = range(1, len(self.villages) + 1)
        tables.insert(
            "node",
            "number village village_name psk enrolled_at static_public refused_keys retired",
            (
                (n, self.villages[n - 1], f"Contoh {n}", bytes(32), enrolled, os.urandom(32), 0, False)
                for n in count
            ),
        )
        tables.insert(
            "contact",
            "node via at",
            ((n, via, self.now - n % 700_000) for n in count for via in ("radio", "http")),
        )
        tables.insert(
            "epoch",
            "id node enc tag start_earliest start_latest heard_at claimed",
            (
                (
                    name,
                    place // EPOCHS + 1,
                    os.urandom(32),
                    name[0],
                    start,
                    start + (600 if place % 20 else 9 * DAY_S),
                    start,
                    True,
                )
                for place, name in enumerate(self._epoch_ids)
                for start in [self._epoch_start(place % EPOCHS)]
            ),
        )
        figures = (
            "frames_heard questions_heard questions_missed receipts_lost bundles radio_envelopes gateway_envelopes "  # noqa: E501
            "http_envelopes courier_envelopes receipts_sent downs_sent airtime_ms rssi_dbm_count rssi_dbm_total "  # noqa: E501
            "snr_db_count snr_db_total margin_db_count margin_db_total hops_count hops_total"
        )
        tables.insert(
            "link_day",
            f"node day {figures}",
            (
                (n, day, 9, 8, 1, 1, 2, 3, 0, 1, 0, 7, 1, 900.0, 8, -700.0, 8, 40.0, 8, 90.0, 8, 12.0)
                for n in count
                for day in range(today - 35, today + 1)
            ),
        )
        tables.insert(
            "node_content",
            "node version files trouble of_version told_at",
            ((n, 0, bytes(32), 0, 0, self.now) for n in count),
        )
        notices = range(40)
        tables.insert(
            "notice",
            "serial kind level public issued until text signed written_at written_by",
            (
                (
                    1_000 + k,
                    1,
                    1,
                    True,
                    today - k,
                    today + 20,
                    "Waspada tawaran kerja.",
                    bytes(96),
                    self.now,
                    "budi",
                )
                for k in notices
            ),
        )
        tables.insert(
            "down",
            "node what ref generation counter sealed delivered delivered_at changed",
            (
                (n, "notice", str(1_000 + k), 1, 100_000 + k, bytes(120), k > 0 or n % 9 > 0, self.now, 0)
                for k in notices
                for n in count
            ),
        )
        tables.insert(
            "notice_seen",
            "notice node step at told_at",
            ((1_000 + k, n, 1, None, self.now) for k in notices for n in count if n % 3),
        )

    # -- reports ----------------------------------------------------------------------------------

    def _some_reports(self, tables: BulkTables, first: int, end: int) -> None:
        reports, envelopes, keys, places, docs, evidence = [], [], [], [], [], []
        downs, answers, additions, steps, comments, due, scores = [], [], [], [], [], [], []
        later: list[tuple[Any, ...]] = []
        rng, wrap = self.rng, self._wrapping.encrypt
        step_s = WEEKS * 7 * DAY_S / self.reports
        slots, villages, count = self._slots, self.villages, self.reports
        pool = os.urandom(32 * (end - first))
        for n in range(first, end):
            at = self.begin + (n + 0.5) * step_s
            node = slots[n % len(slots)]
            part = min(int(EPOCHS * n / count), EPOCHS - 1)
            place = node * EPOCHS + part
            counter = self._counters[place]
            self._counters[place] = counter + 1
            epoch = self._epoch_ids[place]
            owner = f"{epoch.hex()}.0.{counter}"
            story = self._story_of(n)
            report = story.report
            chance = rng.random()
            recent = n > 0.97 * count
            if recent:
                states = _OPEN[int(chance * 3)] if chance < 0.95 else _DISCARDED
            else:
                states = _CLOSED if chance < 0.87 else _DISCARDED if chance < 0.97 else _OPEN[1]
            read = not (recent and states is _OPEN[0] and chance < 0.25)
            delay = 300.0 if n % 33 else 20 * DAY_S
            age = max(int((at - delay - self._epoch_start(part)) / 60), 0)
            secret = pool[32 * (n - first) : 32 * (n - first) + 32]
            key, nonce = AESGCM(secret), secret[:4] + struct.pack("<Q", n)
            sealed = b64encode(nonce + key.encrypt(nonce, story.body, b"report " + owner.encode())).decode()
            keys.append((owner, nonce + wrap(nonce, secret, owner.encode())))
            urgent = not read and report.urgency == "now"
            acted = at + 7_200 if states.response in ("begun", "done") else None
            reports.append(
                (owner, epoch, counter, node + 1, urgent, report.kind, MARK + sealed, age, "radio", at,
                 at + 3_600 if read else None, acted, story.destination)
            )  # fmt: skip
            envelopes.append(
                (
                    epoch,
                    0,
                    counter,
                    nonce + key.encrypt(nonce, bytes(90), b"envelope " + owner.encode()),
                    owner,
                    "radio",
                    at,
                    True,
                )
            )
            village = villages[node]
            found = assess(Judged(report), self.today)
            scores.append(
                (owner, found.points, found.band, found.version, " ".join(rule.code for rule in found.rules),
                 day_number(self.today), None)
            )  # fmt: skip
            rank_of = rank(found.band, found.points)
            facts = Facts(report=report, received_at=at, read=read, states=states, rank=rank_of)
            assignee = _STAFF[n % 4] if chance > 0.4 else None
            places.append(
                (owner, village, village[:REGENCY_CHARACTERS], report.kind, at, sort_key(facts, self.today), not read,  # noqa: E501
                 story.departure, states.stage, states.signal, states.verification, states.risk, states.response,  # noqa: E501
                 states.outcome, assignee, 0, found.band)
            )  # fmt: skip
            docs.append(("report", owner, owner, village, at, story.text, story.digits, story.words))
            evidence.append((n + 1, owner, VERSION, story.evidence, story.keys))
            if read:
                downs.append((node + 1, "read", owner, 1, counter, bytes(30), True, at + 9_000, 0))
                if states is not _OPEN[1]:
                    steps.append((owner, at + 3_700, "sari", "signal", "new", states.signal, "", None))

            def text(
                what: str, words: str, key: AESGCM = key, owner: str = owner, nonce: bytes = nonce
            ) -> str:
                own = nonce[:3] + what.encode()[:1] + nonce[4:]
                return (
                    MARK
                    + b64encode(own + key.encrypt(own, words.encode(), f"{what} {owner}".encode())).decode()
                )

            if n % 10 == 1:
                answers.append(
                    (owner, text(ANSWER, "Terima kasih, sedang diperiksa."), False, int(at) + 3_800, "sari")
                )
            if n % 20 == 1:
                comments.append((owner, at + 4_000, "sari", text(COMMENT, "Tanya BP3MI.")))
            if n % 50 == 1:
                name = f"{epoch.hex()}.0.{1_000_000 + counter}"
                additions.append(
                    (
                        name,
                        node + 1,
                        owner,
                        text(ADDITION, "Katanya besok."),
                        False,
                        epoch,
                        age + 9,
                        "radio",
                        at + 4_100,
                        at + 9_999,
                    )
                )
                later.append(("addition", name, owner, village, at, "Katanya besok.", "", "katanya besok"))
            if n % 100 == 1 and states is _DISCARDED:
                steps.append(
                    (owner, at + 3_900, "budi", "risk", "low", "high", text(REASON, "Contoh."), None)
                )
            if n < 0.05 * count:
                due.append((owner, village, "closed", self.now + 20 * DAY_S))
            if n % 500 % 100 == 13 and len(self.some) < 200_000:
                self.some.append(owner)
        tables.insert(
            "report",
            "id epoch counter node urgent_unread kind body age_minutes via received_at read_at acted_on_at destination",  # noqa: E501
            reports,
        )
        tables.insert("envelope", "epoch lane counter sealed owner via received_at readable", envelopes)
        tables.insert("report_key", "owner wrapped", keys)
        tables.insert(
            "triage",
            "report village regency kind received_at sort_key unread departure_day stage signal verification risk response outcome assignee last_step band",  # noqa: E501
            places,
        )
        tables.insert("triage_score", "report points band version rules day staff_band", scores)
        self._search(tables, docs + later)
        tables.insert("link_evidence", "number report version body keys", evidence)
        tables.insert("down", "node what ref generation counter sealed delivered delivered_at changed", downs)
        tables.insert("answer", "report text asks written_at written_by", answers)
        tables.insert("staff_comment", "about at by text", comments)
        tables.insert(
            "addition", "id node report text urgent epoch age_minutes via received_at read_at", additions
        )
        tables.insert("triage_step", "report at by state was becomes reason undoes", steps)
        tables.insert("retention_due", "report village category due_at", due)

    def _search(self, tables: BulkTables, docs: list[tuple[Any, ...]]) -> None:
        columns = "what ref report village at text digits"
        if tables.on_postgres:
            tables.run(
                "CREATE TEMP TABLE IF NOT EXISTS told (what text, ref text, report text, village text, at float8, text text, digits text, words text)"  # noqa: E501
            )
            tables.insert("told", f"{columns} words", docs)
            names = columns.replace(" ", ", ")
            tables.run(
                f"INSERT INTO search_doc ({names}, words) SELECT {names}, to_tsvector('simple', words) FROM told"  # noqa: E501
            )
            tables.run("TRUNCATE told")  # nothing vacuums a temporary table
            return
        before = tables.run("SELECT COALESCE(MAX(id), 0) FROM search_doc").fetchone()[0]
        tables.insert("search_doc", columns, (row[:7] for row in docs))
        tables.run(
            "INSERT INTO search_words(rowid, text, digits) SELECT id, text, digits FROM search_doc WHERE id > ?",  # noqa: E501
            (before,),
        )

    def _held(self, tables: BulkTables) -> None:
        tables.insert(
            "held",
            "epoch lane settled",
            (
                (name, 0, RangeSet([(0, count)] if count else []).to_bytes())
                for name, count in zip(self._epoch_ids, self._counters, strict=True)
            ),
        )

    # -- linking ----------------------------------------------------------------------------------

    def _linking(self, tables: BulkTables) -> None:
        of_story: Counter[int] = Counter()
        places: dict[int, list[int]] = {}
        stories: dict[int, Story] = {}
        for n in range(self.reports):
            story = self._story_of(n)
            of_story[id(story)] += 1
            stories[id(story)] = story
            own = places.setdefault(id(story), [])
            if len(own) <= FULL:
                own.append(n + 1)
        counts: Counter[str] = Counter()
        posted: Counter[int] = Counter()
        lists: dict[int, list[int]] = {}
        for name, story in stories.items():
            for word, times in story.counts.items():
                counts[word] += times * of_story[name]
            for key in story.hashes:
                posted[key] += of_story[name]
                lists.setdefault(key, []).extend(places[name][: FULL + 1])
        tables.run("DELETE FROM link_count")
        tables.insert("link_count", "word count", counts.items())
        tables.insert(
            "link_posting",
            "key count reports",
            (
                (key, count, struct.pack(f"<{count}I", *sorted(lists[key])) if count <= FULL else b"")
                for key, count in posted.items()
            ),
        )
        self._suggestions(tables)

    def _suggestions(self, tables: BulkTables) -> None:
        suggestions: list[tuple[Any, ...]] = []
        decisions: list[tuple[Any, ...]] = []
        groups: list[tuple[Any, ...]] = []
        members: list[tuple[Any, ...]] = []
        some = self.some
        for cluster in range(len(some) // CLUSTER):
            own = sorted(some[cluster * CLUSTER : (cluster + 1) * CLUSTER])
            joined = cluster % 2
            for i, one in enumerate(own):
                for other in own[i + 1 :]:
                    state = "confirmed" if joined and i == 0 else "joined" if joined else "open"
                    suggestions.append(
                        ("recruiter", one, other, 14.0, 14.0 + cluster % 90 / 9, "[]", True, state, self.now)
                    )
            if joined:
                number = len(decisions) + 1
                for other in own[1:]:
                    decisions.append(
                        (len(decisions) + 1, "recruiter", own[0], other, True, "budi", self.now, "", 10, "")
                    )
                groups.append((number, "recruiter", CLUSTER, self.begin, self.begin + cluster * 60.0))
                members += [("recruiter", one, number) for one in own]
        tables.insert("link_suggestion", "kind one other bits rank pieces strong state made_at", suggestions)
        tables.insert("link_decision", "id kind one other same by at reason band undo_reason", decisions)
        tables.insert("link_decision_piece", "decision piece", ((row[0], "phone") for row in decisions))
        tables.insert("link_group", "number kind reports first_at last_at", groups)
        tables.insert("link_member", "kind report group_number", members)

    # -- staff ------------------------------------------------------------------------------------

    def _cases(self, tables: BulkTables) -> None:
        year, day = self.today.year, day_number(self.today)
        some = self.some
        count = min(self.reports // 100, len(some) // 2)
        cases = range(1, count + 1)
        tables.insert(
            "case_file",
            "id year serial number title state outcome opened_at opened_by",
            (
                (
                    c,
                    year,
                    c,
                    f"{year}-{c:04}",
                    f"Contoh {c}",
                    "open" if c % 2 else "closed",
                    None if c % 2 else "safe",
                    self.now,
                    "sari",
                )
                for c in cases
            ),
        )
        tables.insert(
            "case_report", "report case", ((some[2 * (c - 1) + k], c) for c in cases for k in (0, 1))
        )
        tables.insert(
            "case_task",
            "case text due_day assignee",
            ((c, "Telepon BP3MI", day + c % 9 - 2, "sari") for c in cases),
        )
        tables.insert(
            "case_person", "case name phones note", ((c, "Pak Contoh", "0812-0000-4321", "") for c in cases)
        )
        tables.insert(
            "case_step",
            "case at by what detail reason",
            ((c, self.now, "sari", "opened", "", "") for c in cases),
        )

    def _audit(self, tables: BulkTables) -> None:
        """Append looks at reports: as many as a tenth of the reports."""
        last: dict[int, tuple[int, bytes]] = {}
        size = self.store.audit.size()
        for level in range(40):
            place = (size >> level) - 1
            if size >> level & 1:
                last[level] = (place, self.store.audit.node(level, place))

        def read(level: int, place: int) -> bytes:
            held, found = last[level]
            assert held == place
            return found

        for start in range(size, size + self.reports // 10, AT_ONCE):
            entries, nodes = [], []
            for number in range(start, min(start + AT_ONCE, size + self.reports // 10)):
                about = self.some[number % len(self.some)]
                entry = Entry(
                    number, int(self.now * 1000) - 999, _STAFF[number % 4], "read", f"report {about}"
                )
                salt = os.urandom(16)
                entries.append((number, entry.at_ms, entry.by, entry.what, entry.about, "", salt))
                for level, place, found in new_nodes(read, number, entry.leaf(salt)):
                    nodes.append((level, place, found))
                    last[level] = (place, found)
            tables.insert("audit_entry", "number at_ms by what about reason salt", entries)
            tables.insert("audit_node", "level place hash", nodes)
        tables.run(f"UPDATE audit_tree SET size = ? WHERE id = {TREE}", (size + self.reports // 10,))


def villages_of(count: int, districts: int) -> list[str]:
    """Return area codes of so many villages, out of at most so many regencies."""
    table = area_table()
    regencies = [code for province in table.children_of() for code in table.children_of(province)][:districts]
    below = [iter([v for d in table.children_of(r) for v in table.children_of(d)]) for r in regencies]
    found: list[str] = []
    while len(found) < count and below:
        for one in list(below):
            village = next(one, None)
            if village is None:
                below.remove(one)
            else:
                found.append(village)
    if len(found) < count:
        raise ValueError("so few districts have fewer villages")
    return found[:count]
