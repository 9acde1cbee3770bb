"""Old copies put back, of a node's card and of the hub's database: nothing lost, nothing doubled."""

from __future__ import annotations

import pytest
from village import OTHER_VILLAGE, Region, answers, copy_database, put_back_database, reached


def copy_of_node(region: Region) -> None:
    region.stop_node()
    copy_database(region.node_folder(), region.path / "old-node")


def restore_node(region: Region) -> None:
    region.stop_node()
    put_back_database(region.path / "old-node", region.node_folder())


def copy_of_hub(region: Region) -> None:
    region.hub.store.jobs.backup(region.path / "old-hub")


def restore_hub(region: Region) -> None:
    region.restore_hub(region.path / "old-hub")
    region.clock.advance(60)


def carry(region: Region, via: str) -> None:
    if via == "radio":
        region.talk_by_radio(for_s=1200)
    else:
        for _ in range(3):
            region.exchange(via=via)


@pytest.mark.parametrize("via", ["http", "radio", "courier"])
class TestOldCard:
    def test_what_was_sent_after_the_copy_is_not_doubled(self, region: Region, via: str) -> None:
        region.file("sebelum salinan")
        waiting = region.file("menunggu di salinan")
        copy_of_node(region)
        carry(region, via)
        after = [region.file(f"sesudah {number}") for number in range(3)]
        carry(region, via)
        before = sorted(region.stories())
        restore_node(region)
        carry(region, via)
        assert sorted(region.stories()) == before
        assert "received" in reached(region.node(), waiting.code)
        new = [region.file(f"baru {number}") for number in range(3)]
        carry(region, via)
        assert sorted(region.stories()) == sorted([*before, "baru 0", "baru 1", "baru 2"])
        assert region.hub.store.intake.missing() == 0
        ids = [taken.envelope_id for taken in [*after, *new]]
        assert len(set(ids)) == len(ids)
        for taken in new:
            assert "received" in reached(region.node(), taken.code)


@pytest.mark.parametrize("via", ["http", "radio", "courier"])
class TestOldHub:
    def test_nodes_offer_again_what_it_lacks(self, region: Region, via: str) -> None:
        region.file("di cadangan")
        carry(region, via)
        copy_of_hub(region)
        carry(region, via)  # the mark arrives, and the node forgets what is in the backup
        region.file("sesudah cadangan")
        carry(region, via)
        region.restart_node()
        code = region.file("dari mulai berikut").code
        carry(region, via)
        assert len(region.stories()) == 3
        restore_hub(region)
        assert region.stories() == ["di cadangan"]
        carry(region, via)
        if via == "radio":
            region.talk_by_radio(for_s=7 * 3600)
        assert sorted(region.stories()) == ["dari mulai berikut", "di cadangan", "sesudah cadangan"]
        assert "received" in reached(region.node(), code)
        assert region.hub.store.intake.missing() == 0
        assert not region.node().desk.has_work()

    def test_answers_still_come(self, region: Region, via: str) -> None:
        old = region.file("di cadangan")
        carry(region, via)
        assert old.envelope_id is not None
        region.hub.store.work.answer(old.envelope_id, "Di cadangan, belum sampai.", asks=False, by="sari")
        copy_of_hub(region)
        region.hub.store.work.answer(old.envelope_id, "Hilang dengan pusat.", asks=False, by="sari")
        carry(region, via)
        new = region.file("sesudah cadangan")
        carry(region, via)
        restore_hub(region)
        carry(region, via)
        if via == "radio":
            region.talk_by_radio(for_s=7 * 3600)
        assert new.envelope_id is not None
        region.hub.store.work.answer(new.envelope_id, "Sesudah pulih.", asks=False, by="sari")
        carry(region, via)
        node = region.node()
        # The answer in the backup went out twice, under two generations, and shows once.
        assert sorted(answers(node, old.code)) == ["Di cadangan, belum sampai.", "Hilang dengan pusat."]
        assert answers(node, new.code) == ["Sesudah pulih."]
        assert region.hub.store.outgoing.waiting() == []


def test_both_restored_at_once(region: Region) -> None:
    region.file("satu")
    region.settle()
    region.settle(OTHER_VILLAGE)
    copy_of_node(region)
    region.node()
    copy_of_hub(region)
    region.file("dua")
    region.file("dua di sana", OTHER_VILLAGE)
    region.settle()
    region.settle(OTHER_VILLAGE)
    restore_node(region)
    restore_hub(region)
    region.file("tiga")
    region.settle()
    region.settle(OTHER_VILLAGE)
    # Only what neither copy held is gone: "dua" of the village whose card was lost with the hub.
    assert sorted(region.stories()) == ["dua di sana", "satu", "tiga"]
