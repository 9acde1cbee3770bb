"""Search over everything an account may see, on SQLite (FTS5) and PostgreSQL (tsvector) alike.

What is found stands in `SearchDoc`; the two dialects differ in how words are indexed, matched and removed,
and in nothing else. `keep` and `forget` are called inside the transaction that stores or removes the text.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import peewee

from hub.accounts.areas import sees
from hub.cases.models import Comment, Triage
from hub.cases.search_models import SearchDoc
from hub.cases.search_words import (
    Part,
    Query,
    backwards,
    excerpt,
    kept_numbers,
    kept_words,
    parse_query,
)
from hub.linking.phones import find_phones
from hub.models import Addition, Node, Report, Setting
from hub.retention.contents import ADDITION as ADDITION_TEXT
from hub.retention.contents import ReportContents
from hub.services import SignedIn
from hub.storage.statements import insert_rows, places, run
from sync.clock import Clock
from sync.records import Report as RecordedReport
from sync.records import check_report
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

REPORT, ADDITION, COMMENT, CASE = "report", "addition", "comment", "case"
FILLED = "search-filled"
"""Setting that tells that what came before there was a search is findable."""
_AT_ONCE = 500
FEW = 2000
"""So many texts that hold what is searched are sorted rather than walked for (PostgreSQL)."""
_IN_A_STATEMENT = 64


@dataclass(frozen=True)
class Found:
    """One text that was found. `ref` is the id of what it stands in: a report, or a case."""

    what: str
    ref: str
    report: str
    village: str
    at: float
    parts: tuple[Part, ...]


class SearchServices(Protocol):
    """What the search page asks."""

    def search(
        self, text: str, *, before: int | None, limit: int, who: SignedIn
    ) -> tuple[list[Found], int | None]:
        """Return a page of what was found, the newest first, and where the next begins. Noted as a look."""
        ...


@dataclass(frozen=True)
class Doc:
    """A row of `SearchDoc`, with the numbers that were found in its text."""

    what: str
    ref: str
    report: str
    village: str
    at: float
    text: str
    digits: str


def doc_of(what: str, ref: str, text: str, *, report: str, village: str, at: float) -> Doc:
    """Return a text as it is kept; to find its numbers takes long, so do it before the transaction."""
    return Doc(what, ref, report, village, at, text, kept_numbers(text, find_phones(text)))


def doc_of_report(report_id: str, report: RecordedReport, village: str, at: float) -> Doc:
    """Return what a report says as it is kept."""
    return doc_of(REPORT, report_id, text_of(report), report=report_id, village=village, at=at)


class _Dialect(Protocol):
    def insert(self, docs: Sequence[Doc]) -> None: ...

    def matching(self, query: Query, areas: Sequence[str]) -> Any: ...

    def newest(self, select: Any, most: int) -> Any: ...

    def remove(self, rows: Sequence[Any]) -> None: ...

    def clean(self) -> None: ...


class Search:
    """Keeps words and finds them. `note` notes an access: `AuditLog.note`; inside the transaction."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        *,
        note: Callable[[SignedIn, str, str], object],
        contents: ReportContents,
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._note = note
        self._contents = contents
        on_sqlite = isinstance(database, peewee.SqliteDatabase)
        self._dialect: _Dialect = _Sqlite(database) if on_sqlite else _Postgres(database)

    # -- keeping; call inside a job of the writer -------------------------------------------------

    def keep(self, what: str, ref: str, text: str, *, report: str, village: str, at: float) -> None:
        """Make a text findable that was not kept before."""
        self.keep_many([doc_of(what, ref, text, report=report, village=village, at=at)])

    def keep_many(self, docs: Sequence[Doc]) -> None:
        """Make texts findable that were not kept before, in the order in which they come."""
        for start in range(0, len(docs), _IN_A_STATEMENT):
            self._dialect.insert(docs[start : start + _IN_A_STATEMENT])

    def keep_again(self, what: str, ref: str, text: str, *, report: str, village: str, at: float) -> None:
        """Make a text findable in place of what was kept under the same `what` and `ref`."""
        old = SearchDoc.select().where((SearchDoc.what == what) & (SearchDoc.ref == ref))
        self._remove(list(old.execute(self._db)))
        self.keep(what, ref, text, report=report, village=village, at=at)

    def keep_report(self, report_id: str, report: RecordedReport, village: str, at: float) -> None:
        """Make what a report says findable."""
        self.keep_many([doc_of_report(report_id, report, village, at)])

    def keep_addition(self, number: str, report_id: str, village: str, text: str, at: float) -> None:
        """Make what was added to a report findable."""
        if text:
            self.keep(ADDITION, number, text, report=report_id, village=village, at=at)

    def keep_comment(self, about: str, number: int, text: str) -> None:
        """Make a comment on a report findable, by who may see the report."""
        row = Triage.select(Triage.village).where(Triage.report == about).first(self._db)
        if row is not None:
            at = self._clock.wall_s()
            self.keep(COMMENT, str(number), text, report=about, village=row.village, at=at)

    def forget(self, report_ids: Sequence[str]) -> None:
        """Remove all words of these reports from table and index, so that no page of either holds them.

        On SQLite the index is written anew, which takes time with many texts: give all ids at once.
        On PostgreSQL the next vacuum overwrites them.
        """
        rows = SearchDoc.select().where(SearchDoc.report.in_(list(report_ids))).execute(self._db)
        self._remove(list(rows))
        self._dialect.clean()

    def forget_cases(self, numbers: Sequence[str]) -> None:
        """Remove all words of these cases, as `forget` does."""
        here = (SearchDoc.what == CASE) & SearchDoc.ref.in_(list(numbers))
        self._remove(list(SearchDoc.select().where(here).execute(self._db)))
        self._dialect.clean()

    def _remove(self, rows: Sequence[Any]) -> None:
        if rows:
            self._dialect.remove(rows)
            SearchDoc.delete().where(SearchDoc.id.in_([row.id for row in rows])).execute(self._db)

    def fill(self) -> None:
        """Make findable what came before there was a search; once, in pieces."""
        connect(self._db)
        if Setting.select().where(Setting.key == FILLED).exists(self._db):
            return
        villages = {row.number: row.village for row in Node.select().execute(self._db)}
        for model, keep, opened in (
            (Report, self._keep_report_row, self._contents.reports),
            (Addition, self._keep_addition_row, partial(self._contents.opened, what=ADDITION_TEXT)),
            (Comment, self._keep_comment_row, self._contents.comments),
        ):
            after: Any = None
            while True:
                query = model.select().order_by(model.id).limit(_AT_ONCE)
                rows = list((query if after is None else query.where(model.id > after)).execute(self._db))
                if not rows:
                    break
                texts = opened(rows)
                self._writer.run(lambda texts=texts, keep=keep: [keep(row, villages) for row in texts])  # type: ignore[misc]
                after = rows[-1].id
        self._writer.run(lambda: Setting.insert(key=FILLED, value=b"1").execute(self._db))

    def _keep_report_row(self, row: Any, villages: dict[int, str]) -> None:
        report = check_report(json.loads(row.body))
        self.keep_report(row.id, report, villages.get(row.node, ""), row.received_at)

    def _keep_addition_row(self, row: Any, villages: dict[int, str]) -> None:
        self.keep_addition(row.id, row.report, villages.get(row.node, ""), row.text, row.received_at)

    def _keep_comment_row(self, row: Any, villages: dict[int, str]) -> None:
        self.keep_comment(row.about, row.id, row.text)

    # -- finding ----------------------------------------------------------------------------------

    def search(
        self, text: str, *, before: int | None, limit: int, who: SignedIn
    ) -> tuple[list[Found], int | None]:
        """See `SearchServices.search`."""
        query = parse_query(text)
        if not query:
            return [], None
        connect(self._db)
        rows = list(self.query(query, before=before, limit=limit, who=who).execute(self._db))
        # What was typed may name people: that somebody searched is noted, and whose texts were shown.
        shown = rows[:limit]
        self._writer.run(lambda: self._note_shown(shown, who))
        found = [
            Found(row.what, row.ref, row.report, row.village, row.at, excerpt(row.text, query))
            for row in shown
        ]
        return found, rows[limit - 1].id if len(rows) > limit else None

    def query(self, query: Query, *, before: int | None, limit: int, who: SignedIn) -> Any:
        """Return the query of a page; public for the test that looks at its plan."""
        select = self._dialect.matching(query, who.areas)
        if before is not None:
            select = select.where(SearchDoc.id < before)
        if who.areas:
            select = select.where(sees(who, SearchDoc.village))
        return self._dialect.newest(select, limit + 1)

    def _note_shown(self, rows: Sequence[Any], who: SignedIn) -> None:
        self._note(who, "searched", f"texts {len(rows)}")
        for about in dict.fromkeys(
            f"report {row.report}" if row.report else f"{row.what} {row.ref}" for row in rows
        ):
            self._note(who, "found", about)


def text_of(report: RecordedReport) -> str:
    """Return all that can be searched in a report: narrative, names, numbers, companies, places."""
    recruiter, offer, reporter = report.recruiter, report.offer, report.reporter
    pieces = [report.narrative, report.place_text]
    if recruiter is not None:
        pieces += [recruiter.name, recruiter.alias, recruiter.phone, recruiter.company]
        pieces += [recruiter.social, recruiter.vehicle_plate]
    if offer is not None:
        pieces.append(offer.route)
    if reporter is not None:
        pieces.append(reporter.contact)
    return "\n".join(piece for piece in pieces if piece)


def indexed_words(doc: Doc) -> str:
    """Return what PostgreSQL indexes of a text: its words, its numbers, the areas that it lies in."""
    steps = doc.village.split(".") if doc.village else []
    areas = [area_word(".".join(steps[: level + 1])) for level in range(len(steps))]
    return " ".join([kept_words(doc.text), doc.digits, *areas])


def area_word(code: str) -> str:
    """Return the word that stands for an area in the index: "wilayah:52.02" would be cut into parts."""
    return "xwilayah" + code.replace(".", "")


def is_beginning(word: str) -> bool:
    """Tell whether a word finds those that begin with it. Two letters begin too many of them."""
    return len(word) > 2


class _Sqlite:
    """FTS5 over the texts where they stand."""

    def __init__(self, database: Any) -> None:
        self._db = database

    def insert(self, docs: Sequence[Doc]) -> None:
        newest = "SELECT COALESCE(MAX(id), 0) FROM search_doc"
        before = int(run(self._db, newest).fetchone()[0])
        insert_rows(self._db, SearchDoc, [vars(doc) for doc in docs])
        run(
            self._db,
            "INSERT INTO search_words(rowid, text, digits) "
            "SELECT id, text, digits FROM search_doc WHERE id > ?",
            (before,),
        )

    def matching(self, query: Query, areas: Sequence[str]) -> Any:
        terms = [f'"{word}"{"*" if is_beginning(word) else ""}' for word in query.words] + [
            f'(digits : "{number}"* OR digits : "{backwards(number)}"*)' for number in query.numbers
        ]
        index = peewee.Table("search_words").alias("w")
        matches = peewee.Expression(index.c.search_words, "MATCH", " AND ".join(terms))
        return (
            SearchDoc.select()
            .join(index, on=(index.c.rowid == SearchDoc.id))
            .where(matches)
            .order_by(index.c.rowid.desc())
        )

    def newest(self, select: Any, most: int) -> Any:
        return select.limit(most)

    def remove(self, rows: Sequence[Any]) -> None:
        for row in rows:
            self._db.execute_sql(
                "INSERT INTO search_words(search_words, rowid, text, digits) VALUES ('delete', ?, ?, ?)",
                (row.id, row.text, row.digits),
            )

    def clean(self) -> None:
        # A removal is a mark beside the word: only one segment of the whole index holds no removed words.
        self._db.execute_sql("INSERT INTO search_words(search_words) VALUES ('optimize')")


class _Postgres:
    """A tsvector of folded words, configuration "simple": no language's stems, as in FTS5.

    Each area that a text lies in is a word of it, too: the index then meets the few texts of an office's area
    at once, where a frequent word alone would lead it through all of the country's.
    """

    def __init__(self, database: Any) -> None:
        self._db = database

    def insert(self, docs: Sequence[Doc]) -> None:
        row = places(len(Doc.__dataclass_fields__))[:-1] + ", to_tsvector('simple', ?))"
        run(
            self._db,
            f"INSERT INTO search_doc ({', '.join(Doc.__dataclass_fields__)}, words) VALUES "  # noqa: S608
            + ", ".join([row] * len(docs)),
            [v for doc in docs for v in (*vars(doc).values(), indexed_words(doc))],
        )

    def matching(self, query: Query, areas: Sequence[str]) -> Any:
        terms = [f"'{word}'{':*' if is_beginning(word) else ''}" for word in query.words] + [
            f"('{number}':* | '{backwards(number)}':*)" for number in query.numbers
        ]
        if areas:
            terms.append(f"({' | '.join(area_word(code) for code in areas)})")
        asked = peewee.fn.to_tsquery("simple", " & ".join(terms))
        words = peewee.Expression(peewee.SQL("words"), "@@", asked)
        return SearchDoc.select().where(words)

    def newest(self, select: Any, most: int) -> Any:
        # Asked for the newest at once, the planner walks back through all texts for a word that it takes for
        # frequent and that is not. So the index is asked first; only what many texts hold is walked for.
        few = [row[0] for row in select.select(SearchDoc.id).limit(FEW + 1).tuples().execute(self._db)]
        if len(few) <= FEW:
            newest = sorted(few, reverse=True)[:most]
            return SearchDoc.select().where(SearchDoc.id.in_(newest)).order_by(SearchDoc.id.desc())
        return select.order_by(SearchDoc.id.desc()).limit(most)

    def remove(self, rows: Sequence[Any]) -> None:
        """Words go with their rows."""

    def clean(self) -> None:
        """The next vacuum does."""
