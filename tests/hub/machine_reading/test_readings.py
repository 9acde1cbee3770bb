"""What officers ask machines to read: under the report's key, by area, with a trace, and forgotten with the
report."""

from __future__ import annotations

import pytest
from village import Region, dump

from hub.machine_reading.models import MachineReading
from hub.machine_reading.readings import MachineReadings
from hub.machine_reading.services import (
    CORRECTION_MAX_CHARACTERS,
    DONE,
    FAILED,
    NARRATIVE,
    SUMMARY,
    TRANSLATION,
    WAITS,
    Piece,
    Reading,
    ReadingFailed,
    ReadingRefused,
)
from hub.machine_reading.shelf import Model
from hub.services import SignedIn, UnknownReport

STORY = "Adhiku diajak wong menyang Batam, saiki durung bali. Dhuwite dijupuk."
SARI = SignedIn("sari", "analyst")
ELSEWHERE = SignedIn("made", "analyst", ("51.03",))
MADE = Reading((Piece("adik terjemahanmesin "), Piece("xyz", False)), 0.7, "jv", "id", "kecil", "2026-11")

ONE = pytest.mark.parametrize("database_url", [None])
"""For what no database decides."""


class Desk:
    """A report in Javanese, a model on the shelf, and in the place of its process what it would say."""

    def __init__(self, region: Region, monkeypatch: pytest.MonkeyPatch) -> None:
        self.region = region
        self.report = region.file(STORY).envelope_id or ""
        region.exchange()
        self.given: list[bytes] = []
        self.says: Reading | Exception = MADE
        readings = self.readings
        readings._run = self._run
        readings.beside = lambda work: work()
        monkeypatch.setattr("hub.machine_reading.readings.missing_library", lambda kind: None)
        self.put("kecil", TRANSLATION)

    @property
    def readings(self) -> MachineReadings:
        return self.region.hub.store.machine

    def _run(self, model: Model, given: bytes) -> Reading:
        self.given.append(given)
        if isinstance(self.says, Exception):
            raise self.says
        return self.says

    def put(self, name: str, kind: str) -> None:
        source = self.region.path / f"source-{name}"
        source.mkdir()
        (source / "model.bin").write_bytes(b"weights")
        told = {"name": name, "kind": kind, "from": "jv", "to": "id", "licence": "MIT", "dated": "2026-11"}
        self.readings.shelf.add(source, {**told, "prompt": "{text}"})

    def ask(self, kind: str = TRANSLATION, who: SignedIn = SARI) -> None:
        self.readings.ask(self.report, kind, NARRATIVE, who=who)
        self.readings.start()

    def shown(self) -> list[tuple[str, str]]:
        view = self.readings.of_report(self.report, STORY, None, who=SARI)
        return [(one.state, one.reading.text if one.reading else "") for one in view.kept]


@pytest.fixture
def desk(region: Region, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return Desk(region, monkeypatch)


@ONE
def test_the_lexicon_reads_without_being_asked_and_keeps_nothing(desk: Desk) -> None:
    view = desk.readings.of_report(desk.report, STORY, None, who=SARI)
    assert view.guessed == "jv"
    assert view.lexicon is not None
    assert "belum pulang" in view.lexicon.text
    assert MachineReading.select().count(desk.region.hub.store.database) == 0
    plain = desk.readings.of_report(desk.report, "Adik saya belum pulang dari Batam.", None, who=SARI)
    assert (plain.guessed, plain.lexicon, plain.too_little) == ("id", None, False)


@ONE
def test_a_text_of_too_few_known_words_is_not_translated(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.machine_reading.readings.ENOUGH", 0.999)
    view = desk.readings.of_report(desk.report, STORY, None, who=SARI)
    assert (view.lexicon, view.too_little) == (None, True)


def test_what_was_asked_for_is_kept_under_the_key_of_the_report_and_noted(desk: Desk) -> None:
    desk.ask()
    assert desk.shown() == [(DONE, MADE.text)]
    assert desk.given == [STORY.encode()]
    assert "terjemahanmesin" not in repr(dump(desk.region.hub_folder))
    assert "machine reading asked" in repr(list(desk.region.hub.store.audit.entries()))


def test_a_correction_is_kept_with_a_name_beside_what_the_machine_made(desk: Desk) -> None:
    desk.ask()
    [kept] = desk.readings.of_report(desk.report, STORY, None, who=SARI).kept
    desk.readings.correct(desk.report, kept.number, "adik koreksipetugas", who=SARI)
    [kept] = desk.readings.of_report(desk.report, STORY, None, who=SARI).kept
    assert (kept.correction, kept.corrected_by) == ("adik koreksipetugas", "sari")
    assert kept.reading == MADE
    assert "koreksipetugas" not in repr(dump(desk.region.hub_folder))
    for text in (" ", "x" * (CORRECTION_MAX_CHARACTERS + 1)):
        with pytest.raises(ReadingRefused, match="1 sampai"):
            desk.readings.correct(desk.report, kept.number, text, who=SARI)
    with pytest.raises(ReadingRefused, match="tidak ada"):
        desk.readings.correct(desk.report, kept.number + 1, "x", who=SARI)


def test_who_may_not_see_the_report_sees_and_asks_nothing(desk: Desk) -> None:
    with pytest.raises(UnknownReport):
        desk.ask(who=ELSEWHERE)
    with pytest.raises(UnknownReport):
        desk.readings.of_report(desk.report, STORY, None, who=ELSEWHERE)
    with pytest.raises(UnknownReport):
        desk.readings.correct(desk.report, 1, "x", who=ELSEWHERE)
    assert desk.shown() == []


def test_forgetting_the_report_forgets_it(desk: Desk) -> None:
    desk.ask()
    desk.region.hub.store.writer.run(lambda: desk.readings.forget([desk.report]))
    assert desk.shown() == []
    assert desk.readings.forget in desk.region.hub.store.forgetting.also


@ONE
def test_a_failure_is_told_and_may_be_asked_again(desk: Desk) -> None:
    desk.says = ReadingFailed()
    desk.ask()
    assert desk.shown() == [(FAILED, "")]
    desk.says = MADE
    desk.ask()
    assert desk.shown() == [(FAILED, ""), (DONE, MADE.text)]


@ONE
@pytest.mark.parametrize(
    "says", [Reading((Piece("\ud800"),), 1.0, "jv", "id", "kecil", "2026-11"), OSError(), RuntimeError(STORY)]
)
def test_one_that_nobody_thought_of_fails_and_keeps_no_other_back(
    desk: Desk, says: Reading | Exception, caplog: pytest.LogCaptureFixture
) -> None:
    desk.says = says
    desk.ask()
    assert desk.shown() == [(FAILED, "")]
    assert "Adhiku" not in caplog.text
    desk.says = MADE
    desk.ask()
    assert desk.shown() == [(FAILED, ""), (DONE, MADE.text)]


@ONE
def test_a_model_without_what_runs_it_is_not_said_to_be_missing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.machine_reading.readings.missing_library", lambda kind: "not installed")
    view = desk.readings.of_report(desk.report, STORY, None, who=SARI)
    assert (list(view.absent), list(view.not_installed)) == (["speech", "summary"], ["translation"])
    assert not view.offers


def test_what_waits_is_asked_for_once_and_goes_on_after_a_restart(desk: Desk) -> None:
    for _ in range(2):
        desk.readings.ask(desk.report, TRANSLATION, NARRATIVE, who=SARI)
    assert [state for state, _ in desk.shown()] == [WAITS]
    desk.readings.start()
    assert desk.shown() == [(DONE, MADE.text)]


@ONE
def test_without_a_model_nothing_is_offered_and_nothing_can_be_asked(desk: Desk) -> None:
    view = desk.readings.of_report(desk.report, STORY, None, who=SARI)
    assert [(one.kind, one.of) for one in view.offers] == [(TRANSLATION, NARRATIVE)]
    assert view.absent == ["speech", "summary"]
    with pytest.raises(ReadingRefused, match="model"):
        desk.ask(SUMMARY)
    desk.put("ringkas", SUMMARY)
    desk.ask(SUMMARY)
    assert desk.shown() == [(DONE, MADE.text)]
