"""Refits weights, tries a table in the shadow, and switches by two people. Implements
`hub.learning.weight_services.WeightServices`."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any, Final, NamedTuple

import numpy as np

from hub.cases.states import StepRefused, check_reason
from hub.languages import N_
from hub.learning.comparing import LEAST_COMPARED, LEAST_CONFIRMED_COMPARED, Comparison, TooFewLater, compare
from hub.learning.judgements import Judgements
from hub.learning.kept import Kept
from hub.learning.labels import judged
from hub.learning.labels import weights as counting
from hub.learning.refitting import Calibration, Example, calibrate, missing, refit
from hub.learning.services import MOST_CAPACITY
from hub.learning.weight_services import (
    HELD_BACK_CHOICES,
    SignRow,
    Trial,
    WeightsRefused,
    WeightStep,
    WeightsView,
)
from hub.retention.contents import ReportContents
from hub.risk.models import ShadowScore, TriageScore, WeightSwitch, WeightTable
from hub.risk.scoring import BANDS
from hub.risk.tables import HOLDING, PROPOSED, REJECTED, SWITCHED, UNDONE, WeightTables
from hub.risk.weights import FIRST, Weights
from hub.services import SignedIn
from hub.week_counts import week_of
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter

_EPOCH: Final = datetime.date(1970, 1, 1)
_SEED: Final = 1963
"""Of the bootstrap: the same labels give the same interval."""
_SHADOWED: Final = 20_000
_QUICKER: Final = N_("Orang lain baru saja mengubah bobot. Lihat dulu keadaannya sekarang.")


class _Labels(NamedTuple):
    labels: int
    confirmed: int
    missing: tuple[int, int]
    counted_at: float


class Challenging:
    """Reads labels, keeps tables and steps. Threads may share it."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        clock: Clock,
        zone: datetime.tzinfo,
        contents: ReportContents,
        *,
        note: Callable[[SignedIn | str, str, str], object],
    ) -> None:
        self._db = database
        self._writer = writer
        self._clock = clock
        self._zone = zone
        self._note = note
        self._kept: Kept[_Labels] = Kept(clock)
        self._tables = WeightTables(database)
        self._judgements = Judgements(database, contents, zone)

    # -- looking ----------------------------------------------------------------------------------

    def view(self, *, who: SignedIn | str) -> WeightsView:
        """See `WeightServices.view`."""
        _check_whole_hub(who)
        self._note(who, "weights seen", "weights all")
        connect(self._db)
        labels = self._kept.recent("labels", lambda now: self._labels(who, now))
        champion, row = self._tables.current(), self._tables.challenger()
        trial = None if row is None else self._tables.of(row.version)
        history = self._history()
        return WeightsView(
            champion=champion.version,
            trial=None if row is None else self._trial(row),
            signs=tuple(
                SignRow(sign, one.why, one.points, None if trial is None else trial.signs[sign].points)
                for sign, one in champion.signs.items()
                if FIRST.signs[sign].points
            ),
            labels=labels.labels,
            confirmed=labels.confirmed,
            missing=labels.missing,
            counted_at=labels.counted_at,
            proposal=_proposal(history, row),
            before=_before(history),
            history=history,
            last=history[-1].id if history else 0,
        )

    def _labels(self, who: SignedIn | str, now: float) -> _Labels:
        reports, _ = judged(self._db, 0, who)
        counts = counting(reports)
        labelled = [one for one in reports if counts.get(one.id, 0) > 0]
        plain = [Example(frozenset(), False, bool(one.came)) for one in labelled]
        return _Labels(len(labelled), sum(bool(one.came) for one in labelled), missing(plain), now)

    def compare(self, capacity: int, *, who: SignedIn | str) -> Comparison:
        """See `WeightServices.compare`."""
        _check_whole_hub(who)
        if not 1 <= capacity <= MOST_CAPACITY:
            raise WeightsRefused(
                N_("Kapasitas seminggu adalah bilangan dari 1 sampai %(most)s.", most=MOST_CAPACITY)
            )
        connect(self._db)
        row = self._tables.challenger()
        if row is None:
            raise WeightsRefused(N_("Tidak ada tabel bobot yang sedang dicoba."))
        self._note(who, "weights compared", f"weights {row.version}")
        reports, _ = judged(self._db, row.until, who)
        old, new = (Calibration(*one) for one in json.loads(row.calibration))
        pairs = self._judgements.pairs(
            reports,
            lambda one: week_of(one.received_at, self._zone),
            (self._tables.of(row.against), old),
            (self._tables.of(row.version), new),
        )
        try:
            return compare(pairs, capacity, np.random.default_rng(_SEED))
        except TooFewLater as lack:
            raise WeightsRefused(
                N_(
                    "Belum dapat dibandingkan: dari minggu-minggu sesudah batasnya ada %(labels)s hasil "
                    "verifikasi, %(confirmed)s di antaranya terbukti. Perlu %(least)s dan "
                    "%(least_confirmed)s.",
                    labels=lack.labels,
                    confirmed=lack.confirmed,
                    least=LEAST_COMPARED,
                    least_confirmed=LEAST_CONFIRMED_COMPARED,
                )
            ) from None

    def _trial(self, row: Any) -> Trial:
        query = (
            ShadowScore.select(ShadowScore.band, TriageScore.band)
            .join(TriageScore, on=(TriageScore.report == ShadowScore.report))
            .where(ShadowScore.version == row.version)
            .limit(_SHADOWED)
        )
        moves = [BANDS.index(new) - BANDS.index(old) for new, old in query.tuples().execute(self._db)]
        return Trial(
            row.version,
            row.made_at,
            row.made_by,
            row.until,
            row.labels,
            row.confirmed,
            len(moves),
            sum(move > 0 for move in moves),
            sum(move < 0 for move in moves),
        )

    def _history(self) -> tuple[WeightStep, ...]:
        rows = WeightSwitch.select().order_by(WeightSwitch.id).execute(self._db)
        return tuple(WeightStep(row.id, row.at, row.by, row.what, row.version, row.reason) for row in rows)

    # -- changing ---------------------------------------------------------------------------------

    def refit(self, held_back: int, *, who: SignedIn | str) -> str:
        """See `WeightServices.refit`."""
        _check_whole_hub(who)
        if held_back not in HELD_BACK_CHOICES:
            raise WeightsRefused(N_("Pilih berapa minggu yang disisihkan dari daftar."))
        connect(self._db)
        now = self._clock.wall_s()
        monday = _EPOCH + datetime.timedelta(week_of(now, self._zone) - 7 * held_back)
        until = datetime.datetime.combine(monday, datetime.time(), self._zone).timestamp()
        champion = self._tables.current()
        reports, _ = judged(self._db, 0, who)
        examples = self._judgements.examples([one for one in reports if one.received_at < until])
        lack = missing(examples)
        if any(lack):
            raise WeightsRefused(
                N_(
                    "Terlalu sedikit hasil verifikasi: kurang %(labels)s, dan kurang %(confirmed)s yang "
                    "terbukti. Dari sesedikit itu bobot hanya mengikuti kebetulan.",
                    labels=lack[0],
                    confirmed=lack[1],
                )
            )
        old = _points(champion)
        points = refit(examples, old)
        told = [list(asdict(calibrate(examples, one)).values()) for one in (old, points)]

        def job() -> str:
            made = WeightTable.select().count(self._db) + 1
            day = datetime.datetime.fromtimestamp(now, self._zone).date().isoformat()
            version = f"{day}-r{made}"
            self._note(who, "weights refitted", f"weights {version}")
            WeightTable.insert(
                version=version,
                made_at=now,
                made_by=_name(who),
                against=champion.version,
                points=json.dumps(points, sort_keys=True),
                until=until,
                labels=len(examples),
                confirmed=sum(one.came for one in examples),
                calibration=json.dumps(told),
            ).execute(self._db)
            self._tables.keep_standing()
            return version

        return str(self._writer.run(job))

    def propose(self, version: str, reason: str, *, seen: int | None, who: SignedIn | str) -> None:
        """See `WeightServices.propose`."""

        def job() -> None:
            history, row = self._standing(seen, who)
            if row is None or row.version != version:
                raise WeightsRefused(N_("Hanya tabel yang sedang dicoba yang dapat diusulkan."))
            if _proposal(history, row) is not None:
                raise WeightsRefused(N_("Tabel itu sudah diusulkan dan menunggu orang kedua."))
            self._write(PROPOSED, version, reason, who)

        self._writer.run(job)

    def decide(
        self, version: str, accept: bool, reason: str, *, seen: int | None, who: SignedIn | str
    ) -> None:
        """See `WeightServices.decide`."""

        def job() -> None:
            history, row = self._standing(seen, who)
            if row is None or row.version != version:
                raise WeightsRefused(N_("Hanya tabel yang sedang dicoba yang dapat diusulkan."))
            proposal = _proposal(history, row)
            if accept and proposal is None:
                raise WeightsRefused(
                    N_("Tabel itu belum diusulkan: usulkan dulu, lalu orang kedua memutuskan.")
                )
            if accept and proposal is not None and proposal.by == _name(who):
                raise WeightsRefused(N_("Yang mengusulkan tidak dapat menyetujui: perlu orang kedua."))
            self._write(SWITCHED if accept else REJECTED, version, reason, who)

        self._writer.run(job)

    def undo(self, reason: str, *, seen: int | None, who: SignedIn | str) -> str:
        """See `WeightServices.undo`."""

        def job() -> str:
            history, _ = self._standing(seen, who)
            before = _before(history)
            if before is None:
                raise WeightsRefused(N_("Tidak ada penggantian bobot yang dapat dibatalkan."))
            self._write(UNDONE, before, reason, who)
            return before

        return str(self._writer.run(job))

    def _standing(self, seen: int | None, who: SignedIn | str) -> tuple[tuple[WeightStep, ...], Any]:
        _check_whole_hub(who)
        history = self._history()
        if seen is not None and seen != (history[-1].id if history else 0):
            raise WeightsRefused(_QUICKER)
        return history, self._tables.challenger()

    def _write(self, what: str, version: str, reason: str, who: SignedIn | str) -> None:
        try:
            check_reason(reason, needed=True)
        except StepRefused as refused:
            raise WeightsRefused(str(refused)) from None
        self._note(who, f"weights {what}", f"weights {version}")
        row = {"at": self._clock.wall_s(), "by": _name(who), "what": what}
        WeightSwitch.insert({**row, "version": version, "reason": reason.strip()}).execute(self._db)
        self._tables.keep_standing()


def _points(table: Weights) -> dict[str, int]:
    return {sign: one.points for sign, one in table.signs.items() if FIRST.signs[sign].points}


def _name(who: SignedIn | str) -> str:
    return who if isinstance(who, str) else who.name


def _check_whole_hub(who: SignedIn | str) -> None:
    if not isinstance(who, str) and who.areas:
        raise WeightsRefused(
            N_("Bobot berlaku di seluruh hub: hanya akun tanpa batas wilayah yang mengurusnya.")
        )


def _proposal(history: Sequence[WeightStep], row: Any) -> WeightStep | None:
    """Return the proposal that waits, if the last step is one of the table on trial."""
    if not history or row is None or history[-1].what != PROPOSED or history[-1].version != row.version:
        return None
    return history[-1]


def _before(history: Sequence[WeightStep]) -> str | None:
    """Return the table that held before the one that holds now; what was undone is gone."""
    held = [FIRST.version]
    for step in history:
        if step.what == SWITCHED:
            held.append(step.version)
        elif step.what in HOLDING:
            held.pop()
    return held[-2] if len(held) > 1 else None
