"""The whole loop: reports of a village, a rule's signal, verification, a bulletin in the village, its answer,
the outcome, and what the rule is told to have done."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest
from facilitator import Facilitator
from sent_bulletins import BUDI, RATNA
from village import VILLAGE, Region, quick_folder
from watched_past import burst, with_past

from hub.bulletins.services import BulletinDraft
from hub.services import SignedIn
from hub.signals.finding import Sort
from hub.warning.evaluating import figures_by_rule
from hub.warning.risk import Cell
from hub.warning.services import Closing, SignalChoice
from sync.link_quality import DAY_S
from village_node.web.public_app import create_public_app

SARI = SignedIn("sari", "analyst")
WARNING = "Waspada calo berangkat Kamis. Jangan serahkan paspor. Polisi 110."


@pytest.fixture
def region(tmp_path: Path) -> Iterator[Region]:
    with quick_folder(tmp_path) as folder:
        region = Region(folder)
        yield region
        region.close()


def test_from_five_reports_to_a_warning_in_the_village_and_its_outcome(region: Region) -> None:
    node = region.node()
    with_past(region)
    began_at = region.clock.wall_s()
    reports = burst(region, 5)
    region.clock.advance(7 * DAY_S)
    store = region.hub.store
    store.early.watch.catch_up()

    [row], _ = store.early.signals.rows(SignalChoice(), before=None, limit=9, who=SARI)
    assert (row.unit, row.sort, row.reports) == (VILLAGE, Sort.EXCESS, 5)
    signal = row.id
    view = store.early.signals.view(signal, reports_before=None, who=SARI)
    assert {one.report.id for one in view.reports} == set(reports)
    assert "5 laporan dalam 2 minggu" in " ".join(view.row.reasons)
    assert store.scores.view(reports[0], who=SARI).signals != ()

    def seen() -> int:
        return store.early.signals.view(signal, reports_before=None, who=SARI).last_step

    store.early.signals.move(signal, "verification", "", seen=seen(), who=SARI)
    store.early.signals.move(signal, "assessment", "", seen=seen(), who=SARI)
    store.early.signals.assess(signal, Cell(4, 4), "Dua keluarga mengenal calo itu.", seen=seen(), who=BUDI)
    store.early.signals.move(signal, "response", "", seen=seen(), who=BUDI)

    bulletins = store.bulletins
    until = bulletins.today() + datetime.timedelta(days=14)
    draft = BulletinDraft("Actual", "offer", 3, "Likely", VILLAGE, until, True, WARNING, signal=signal)
    number = bulletins.save(None, draft, who=BUDI)
    bulletins.submit(number, who=BUDI)
    [line] = bulletins.of_signal(signal)
    assert (line.state, line.villages) == ("waiting", 0)
    bulletins.approve(number, bulletins.view(number, who=RATNA, first=0, limit=1).seen, who=RATNA)
    region.talk_by_radio(for_s=300)

    site = create_public_app(
        node, quizzes=node.sessions, notices=node.notices.public, village_name="Pringgarata"
    ).test_client()
    assert WARNING in site.get("/pengumuman").text
    [notice] = node.notices.all()
    Facilitator(node).sign_in().post("/pengumuman", serial=str(notice.serial), step="announced")
    region.talk_by_radio(for_s=300)
    [line] = bulletins.of_signal(signal)
    assert (line.state, line.villages, line.delivered, line.seen) == ("sent", 1, 1, 1)

    store.early.signals.respond(signal, "Desa diperingatkan.", seen=seen(), who=BUDI)
    late = store.early.signals.view(signal, reports_before=None, who=BUDI).row.clocks
    missed = {clock.name: "few_reports" for clock in late if clock.is_late}
    store.early.signals.close(
        signal, Closing("true", "warned", "Calo tidak kembali.", missed), seen=seen(), who=BUDI
    )
    assert store.early.signals.open_count(SARI) == 0
    [figures] = figures_by_rule(store.database, began_at, region.clock.wall_s() + 1)
    assert (figures.rule, figures.raised, figures.true) == ("kentongan", 1, 1)
    assert figures.detect_s is not None
    store.early.watch.catch_up()
    assert store.early.signals.open_count(SARI) == 0, "the same week raises nothing again"
