"""Keeps what officers ask machines to read, has it read in the background, and forgets it with its report.

The lexicon's reading is made anew each time a page is shown, and kept nowhere.
"""

from __future__ import annotations

import json
import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final, Protocol

from hub.accounts.areas import may_see
from hub.languages import N_
from hub.machine_reading.guessing import shipped_guesser
from hub.machine_reading.lexicon import ENOUGH, PhraseTranslator
from hub.machine_reading.models import MachineReading as Row
from hub.machine_reading.phrase_tables import shipped_table, usual_words
from hub.machine_reading.running import missing_library
from hub.machine_reading.services import (
    CORRECTION_MAX_CHARACTERS,
    DONE,
    FAILED,
    KINDS,
    NARRATIVE,
    SPEECH,
    TRANSLATION,
    WAITS,
    KeptReading,
    NoModel,
    Offer,
    Piece,
    Reading,
    ReadingFailed,
    ReadingRefused,
    ReportReadings,
)
from hub.machine_reading.shelf import Model, Shelf
from hub.machine_reading.words import REGIONAL
from hub.models import Node
from hub.retention.contents import ReportContents
from hub.services import AttachmentIncomplete, SignedIn, UnknownAttachment, UnknownReport
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_log = logging.getLogger(__name__)
MACHINE, CORRECTION = "machine_reading", "machine_reading correction"
_SOUND: Final = "sound "


class Run(Protocol):
    """Runs a model; see `running.Runner`."""

    def __call__(self, model: Model, given: bytes) -> Reading:
        """Return what the model made of a text or a sound."""
        ...


class Sounds(Protocol):
    """Gives the attachments of a report; see `hub.attachments.Attachments`."""

    def of(self, report_id: str) -> Sequence[Any]:
        """Return what has come of each."""
        ...

    def content(self, report_id: str, number: int) -> bytes:
        """Return the bytes of one."""
        ...


def in_a_thread(work: Callable[[], None]) -> None:
    """Do work beside what goes on; a process that ends does not wait for it."""
    threading.Thread(target=work, name="machine-reading", daemon=True).start()


class MachineReadings:
    """Implements `services.MachineServices`. Threads may share it. `note` is `AuditLog.note`."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        contents: ReportContents,
        sounds: Sounds,
        shelf: Shelf,
        run: Run,
        *,
        note: Callable[[SignedIn | str, str, str, str], object],
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._contents = contents
        self._sounds = sounds
        self._run = run
        self._note = note
        self._working = threading.Lock()
        self.shelf = shelf
        self.beside: Callable[[Callable[[], None]], None] = in_a_thread

    # -- showing ----------------------------------------------------------------------------------

    def of_report(
        self, report: str, narrative: str, language: str | None, *, who: SignedIn
    ) -> ReportReadings:
        """See `MachineServices.of_report`."""
        self._visible(report, who)
        guess = shipped_guesser()(narrative, language)
        regional = guess is not None and guess.language in REGIONAL
        lexicon = None
        if guess is not None and regional:
            lexicon = PhraseTranslator(shipped_table(guess.language), usual_words())(narrative)
        enough = lexicon is not None and lexicon.confidence >= ENOUGH
        offers, absent = self._offers(report, narrative, guess.language if guess else language)
        without = [kind for kind in absent if any(one.kind == kind for one in self.shelf.models())]
        return ReportReadings(
            guessed=None if guess is None else guess.language,
            guess_sure=0.0 if guess is None else guess.sure,
            lexicon=lexicon if enough else None,
            too_little=lexicon is not None and not enough,
            kept=self._kept(report),
            offers=offers,
            absent=[kind for kind in absent if kind not in without],
            not_installed=without,
        )

    def _offers(self, report: str, narrative: str, language: str | None) -> tuple[list[Offer], list[str]]:
        sounds = [one.number for one in self._sounds.of(report) if one.complete and _is_sound(one.media_type)]
        wanted = [Offer(SPEECH, f"{_SOUND}{number}") for number in sounds]
        if narrative:
            wanted += [Offer(kind, NARRATIVE) for kind in KINDS if kind != SPEECH]
        models = self.shelf.models()
        absent = [kind for kind in KINDS if not any(one.kind == kind for one in models)]
        absent += [kind for kind in KINDS if kind not in absent and missing_library(kind) is not None]
        fits = {
            kind
            for kind in KINDS
            if kind not in absent
            and any(one.kind == kind and (kind != TRANSLATION or _fits(one, language)) for one in models)
        }
        return [offer for offer in wanted if offer.kind in fits], absent

    def _kept(self, report: str) -> list[KeptReading]:
        rows = Row.select().where(Row.report == report).order_by(Row.id)
        opened = self._contents.opened(rows.execute(self._db), MACHINE, "content")
        return [
            KeptReading(
                number=int(row.id),
                kind=row.kind,
                of=row.of,
                state=row.state,
                asked_by=row.asked_by,
                asked_at=row.asked_at,
                reading=_reading(row.content) if row.state == DONE else None,
                correction=row.correction,
                corrected_by=row.corrected_by,
                corrected_at=row.corrected_at,
            )
            for row in self._contents.opened(opened, CORRECTION, "correction")
        ]

    # -- asking -----------------------------------------------------------------------------------

    def ask(self, report: str, kind: str, of: str, *, who: SignedIn) -> None:
        """See `MachineServices.ask`."""
        narrative, language = self._visible(report, who)
        guess = shipped_guesser()(narrative, language)
        offers, _ = self._offers(report, narrative, guess.language if guess else language)
        if Offer(kind, of) not in offers:
            raise ReadingRefused(N_("Tidak ada model untuk itu."))

        def job() -> None:
            same = (Row.report == report) & (Row.kind == kind) & (Row.of == of)
            if Row.select().where(same & (Row.state == WAITS)).exists(self._db):
                return
            self._note(who, "machine reading asked", f"report {report}", kind)
            Row.insert(
                report=report,
                kind=kind,
                of=of,
                state=WAITS,
                asked_by=who.name,
                asked_at=self._clock.wall_s(),
                content="",
                correction="",
                corrected_by="",
                corrected_at=None,
            ).execute(self._db)

        self._writer.run(job)

    def correct(self, report: str, number: int, text: str, *, who: SignedIn) -> None:
        """See `MachineServices.correct`."""
        self._visible(report, who)
        cleaned = text.replace("\r\n", "\n").strip()
        if not cleaned or len(cleaned) > CORRECTION_MAX_CHARACTERS:
            raise ReadingRefused(
                N_("Koreksi berisi 1 sampai %(most)s huruf.", most=CORRECTION_MAX_CHARACTERS)
            )
        if not cleaned.isprintable() and any(0xD800 <= ord(letter) < 0xE000 for letter in cleaned):
            raise ReadingRefused(N_("Koreksi berisi huruf yang rusak."))
        this = (Row.id == number) & (Row.report == report) & (Row.state == DONE)
        if not Row.select().where(this).exists(self._db):
            raise ReadingRefused(N_("Bacaan mesin itu tidak ada."))

        def job() -> None:
            self._note(who, "machine reading corrected", f"report {report}", "")
            sealed = self._contents.seal(report, CORRECTION, cleaned)
            told = {"correction": sealed, "corrected_by": who.name, "corrected_at": self._clock.wall_s()}
            Row.update(told).where(this).execute(self._db)

        self._writer.run(job)

    # -- reading ----------------------------------------------------------------------------------

    def work(self) -> None:
        """Read all that waits, one after the other; whoever else does so already goes on alone."""
        if not self._working.acquire(blocking=False):
            return
        try:
            connect(self._db)
            while (
                row := Row.select().where(Row.state == WAITS).order_by(Row.id).first(self._db)
            ) is not None:
                self._read(row)
        finally:
            self._working.release()
            self._db.close()

    def _read(self, row: Any) -> None:
        try:
            narrative, language = self._visible(row.report, "")
            reading = self._run(*self._given(row, narrative, language))
            told = json.dumps(asdict(reading), ensure_ascii=False)
            told.encode("utf-8")
        except (NoModel, ReadingFailed, UnknownReport, UnknownAttachment, AttachmentIncomplete):
            self._writer.run(lambda: self._end(row, FAILED, ""))
            return
        except Exception as error:
            # Nobody thought of it; its text could hold some of the report. Left waiting, it would be read
            # again first for ever, and nothing behind it.
            _log.error("fault while a machine read: %s", type(error).__name__)
            self._writer.run(lambda: self._end(row, FAILED, ""))
            return
        try:
            self._writer.run(lambda: self._end(row, DONE, self._contents.seal(row.report, MACHINE, told)))
        except UnknownReport:
            self._writer.run(lambda: self.forget([row.report]))  # forgotten meanwhile

    def _given(self, row: Any, narrative: str, language: str | None) -> tuple[Model, bytes]:
        if row.of.startswith(_SOUND):
            return self.shelf.find(SPEECH, None), self._sounds.content(row.report, int(row.of[len(_SOUND) :]))
        guess = shipped_guesser()(narrative, language)
        spoken = guess.language if guess else language
        wanted = spoken if row.kind == TRANSLATION else None
        return self.shelf.find(row.kind, wanted), narrative.encode("utf-8", "replace")

    def _end(self, row: Any, state: str, content: str) -> None:
        Row.update(state=state, content=content).where((Row.id == row.id) & (Row.state == WAITS)).execute(
            self._db
        )

    def _visible(self, report: str, who: SignedIn | str) -> tuple[str, str | None]:
        """Return a report's narrative and its language, of one that `who` may see; raise UnknownReport."""
        connect(self._db)
        row = self._contents.report(report)
        if row is None:
            raise UnknownReport
        node = Node.select(Node.village).where(Node.number == row.node).first(self._db)
        if node is None or not may_see(who, node.village):
            raise UnknownReport
        body = json.loads(row.body)
        return body.get("narrative", ""), body.get("language")

    def start(self) -> None:
        """Begin with what waits, beside; also with what waited when the hub ended."""
        connect(self._db)
        if Row.select().where(Row.state == WAITS).exists(self._db):
            self.beside(self.work)

    def forget(self, reports: Sequence[str]) -> None:
        """Let go of what was read of reports, in the transaction that forgets them."""
        Row.delete().where(Row.report.in_(list(reports))).execute(self._db)


def _fits(model: Model, language: str | None) -> bool:
    return language is not None and model.from_language == language and model.to_language != language


def _is_sound(media_type: str) -> bool:
    return media_type.startswith("audio/")


def _reading(content: str) -> Reading:
    told = json.loads(content)
    pieces = tuple(Piece(**one) for one in told.pop("pieces"))
    return Reading(pieces=pieces, **told)
