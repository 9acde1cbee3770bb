from __future__ import annotations

from collections.abc import Callable

import pytest
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.boxes import BoxRefused, mark_compared, revoke
from hub.doctor import node_lines
from hub.enrolling import USABLE_DAYS
from hub.keyring import Keyring
from hub.models import Node
from sync.sealing.enrolment import Enrolment
from village_node import folder as node_folder

DAY_S = 86_400


def compare(region: Region, heard: str) -> None:
    store = region.hub.store
    mark_compared(store.database, store.writer, store.audit, 1, heard=heard, by="Sari", now_s=1_800_000_000)


def shut_out(region: Region, number: int = 1) -> None:
    store = region.hub.store
    revoke(store.database, store.writer, store.audit, number, by="Sari", now_s=1_800_000_000)


def line_of(region: Region) -> dict[str, object]:
    [line] = node_lines(region.hub.store)
    return line


def test_what_the_box_reads_out_is_compared_with_what_the_hub_bound(region: Region) -> None:
    region.file()
    with pytest.raises(BoxRefused, match="not spoken yet"):
        compare(region, "1")
    region.exchange()
    shown = str(region.node().health.status()["fingerprint"])
    other = shown[:-1] + str((int(shown[-1]) + 1) % 10)
    with pytest.raises(BoxRefused, match="not the fingerprint"):
        compare(region, other)
    for misheard in (shown[:-1], f"{shown}1", ""):
        with pytest.raises(BoxRefused, match="has 20 digits"):
            compare(region, misheard)
    assert line_of(region)["compared_at"] is None
    compare(region, shown.replace(" ", "-"))
    assert (line_of(region)["compared_by"], line_of(region)["compared_at"]) == ("Sari", 1_800_000_000)


def test_a_revoked_box_is_refused_and_what_it_sent_stays(region: Region) -> None:
    region.file("sebelum dicuri")
    region.exchange()
    shut_out(region)
    region.file("sesudah dicuri")
    imported, _ = region.exchange()
    assert (imported.new, imported.refused) == (0, 1)
    assert region.stories() == ["sebelum dicuri"]
    assert line_of(region)["revoked_at"] == 1_800_000_000
    with pytest.raises(BoxRefused, match="no box in use"):
        shut_out(region)
    # The village is enrolled anew, and what both boxes sent is one village's.
    region.node().close()
    folder = region.path / "new-card"
    node_folder.create(folder, region.enrolment())
    region.nodes[VILLAGE] = region.start(folder)
    region.file("kartu baru")
    region.exchange()
    assert sorted(region.stories()) == ["kartu baru", "sebelum dicuri"]
    assert {view.village for view in region.hub.store.work.all_reports()} == {VILLAGE}


def test_an_enrolment_that_has_ended_binds_no_box(region: Region) -> None:
    region.file()
    store = region.hub.store
    late = Keyring(
        store.database,
        store.writer,
        store.identity.sealing_keys,
        lambda: region.clock.wall_s() + (USABLE_DAYS + 1) * DAY_S,
    )
    block = region.node()._block(region.node().log.epochs()[0][1])
    assert late.learn(block) is None
    assert (line_of(region)["fingerprint"], line_of(region)["refused_keys"]) == (None, 1)
    assert store.keyring.learn(block) is not None
    # A box that is bound goes on, and an enrolment that nobody used loses its key with its right.
    assert late.learn(block) is not None
    psk = Enrolment.from_text(region.enrolment(OTHER_VILLAGE)).psk
    shut_out(region, 2)
    kept = Node.select().where(Node.number == 2).first(store.database)
    assert (bytes(kept.psk) == psk, kept.binds_until) == (False, kept.enrolled_at + USABLE_DAYS * DAY_S)


def test_digits_of_another_script_are_no_fingerprint(region: Region) -> None:
    region.file()
    region.exchange()
    with pytest.raises(BoxRefused, match="has 20 digits"):
        compare(region, "²٣" * 10)


def test_a_box_that_is_bound_while_its_enrolment_is_revoked_keeps_its_key(region: Region) -> None:
    store, psk = region.hub.store, Enrolment.from_text(region.enrolment(OTHER_VILLAGE)).psk
    [number] = [int(node.number) for node in Node.select().where(Node.psk == psk).execute(store.database)]

    class BoundMeanwhile:
        def run(self, job: Callable[[], object]) -> object:
            bound = Node.update(static_public=bytes(32)).where(Node.number == number)
            store.writer.run(lambda: bound.execute(store.database))
            return store.writer.run(job)

    revoke(store.database, BoundMeanwhile(), store.audit, number, by="Sari", now_s=1_800_000_000)  # type: ignore[arg-type]
    kept = Node.select().where(Node.number == number).first(store.database)
    assert (kept.retired, bytes(kept.psk)) == (True, psk)
