"""A card dies: whatever is left of it, old receipts are answered by the box that comes after."""

from __future__ import annotations

import pytest
from village import VILLAGE, Region, answers, reached, report

from hub.boxes import mark_compared, revoke
from hub.models import Down
from hub.outgoing import MOVED
from sync.errors import MalformedWire
from sync.sealing.derivation import spoken_fingerprint
from sync.wire.control_records import MovedReceipt, decode_down, encode_down
from sync.wire.numbers import WithdrawalReason
from village_node import folder as node_folder
from village_node.services import Taken, UnknownReceipt
from village_node.wiring import Node


def new_box(region: Region, *, compared: bool = True) -> Node:
    """The card died without a backup: the old number is shut out, the village is enrolled anew."""
    store = region.hub.store
    region.stop_node()
    revoke(store.database, store.writer, store.audit, 1, by="Sari", now_s=region.clock.wall_s())
    folder = region.path / "second"
    node_folder.create(folder, region.enrolment())
    node = region.nodes[VILLAGE] = region.start(folder)
    region.settle()
    if compared:
        compare(region, node)
    return node


def compare(region: Region, node: Node) -> None:
    store, number = region.hub.store, node.store.identity.enrolment.node_number
    heard = spoken_fingerprint(node.store.identity.static.public)
    mark_compared(
        store.database, store.writer, store.audit, number, heard=heard, by="Sari", now_s=region.clock.wall_s()
    )


def two_reports(region: Region) -> tuple[Taken, Taken]:
    first, second = region.file("Yang pertama"), region.file("Yang kedua")
    region.settle()
    work = region.hub.store.work
    [read] = [view for view in work.all_reports() if view.report.narrative == "Yang pertama"]
    work.show_report(read.id, by="Sari")
    work.answer(read.id, "Terima kasih", asks=False, by="Sari")
    return first, second


def test_without_a_backup_old_codes_are_answered_on_the_new_box(region: Region) -> None:
    first, second = two_reports(region)
    node = new_box(region)
    with pytest.raises(UnknownReceipt):
        node.look_up(str(first.code))
    assert region.hub.store.succession.turn() == 2
    region.settle()
    assert answers(node, first.code) == ["Terima kasih"]
    assert reached(node, first.code)[:4] == ["saved", "on_its_way", "received", "read"]
    assert reached(node, second.code) == ["saved", "on_its_way", "received"]
    assert node.look_up_pictures(second.pictures).ladder[2].reached
    assert region.hub.store.succession.turn() == 0, "each is told once"
    region.restart_hub()
    region.clock.advance(3600)
    assert node.look_up(str(second.code)).ladder[2].age_s is not None


def test_a_code_shown_when_forced_shows_what_it_showed(region: Region) -> None:
    first, _ = two_reports(region)
    forced = f"{str(first.code)[:-4]}{first.duress_digits}"
    before = region.node().look_up(forced)
    node = new_box(region)
    region.hub.store.succession.turn()
    region.settle()
    shown = node.look_up(forced)
    assert [step.reached for step in shown.ladder][:3] == [step.reached for step in before.ladder][:3]
    assert "Terima kasih" not in [answer.text for answer in shown.answers]


def test_what_comes_after_goes_to_the_new_box_and_from_it_to_the_report(region: Region) -> None:
    _, second = two_reports(region)
    node = new_box(region)
    region.hub.store.succession.turn()
    region.settle()
    work = region.hub.store.work
    [view] = [one for one in work.all_reports() if one.report.narrative == "Yang kedua"]
    work.answer(view.id, "Siapa namanya?", asks=True, by="Sari")
    region.settle()
    assert answers(node, second.code) == ["Siapa namanya?"]
    node.add_to_report(str(second.code), "Namanya Contoh", urgent=False, question=None, form_token="a" * 22)
    region.settle()
    assert [added.text for added in work.view(view.id).additions] == ["Namanya Contoh"]
    node.withdraw_report(str(second.code), WithdrawalReason.MISTAKE, form_token="b" * 22)
    region.settle()
    assert work.view(view.id).withdrawal is not None


def test_a_box_that_nobody_compared_and_one_of_another_village_are_told_nothing(region: Region) -> None:
    first, _ = two_reports(region)
    node = new_box(region, compared=False)
    assert region.hub.store.succession.turn() == 0
    region.settle()
    with pytest.raises(UnknownReceipt):
        node.look_up(str(first.code))
    assert not Down.select().where(Down.what == MOVED).exists(region.hub.store.database)
    compare(region, node)
    assert region.hub.store.succession.turn() == 2
    assert {
        int(row.node) for row in Down.select().where(Down.what == MOVED).execute(region.hub.store.database)
    } == {2}


def test_what_is_forgotten_does_not_move(region: Region) -> None:
    first, second = two_reports(region)
    work = region.hub.store.work
    [view] = [one for one in work.all_reports() if one.report.narrative == "Yang pertama"]
    region.hub.store.writer.run(lambda: region.hub.store.outgoing.forget(view.id))
    node = new_box(region)
    region.hub.store.succession.turn()
    region.settle()
    assert "received" in reached(node, second.code)


@pytest.mark.parametrize("place", range(1, 36))
def test_a_moved_receipt_cut_short_is_refused(place: int) -> None:
    moved = MovedReceipt(b"f" * 8, b"d" * 8, 0x1234, b"e" * 8, 300, 2, 1_790_000_000)
    data = encode_down(moved)
    assert decode_down(data) == moved
    assert len(data) == 34
    with pytest.raises(MalformedWire):
        decode_down(data[:place] if place < 34 else data + bytes(place - 33))


def test_steps_and_codes_that_no_box_gave_are_refused() -> None:
    for wrong in (
        MovedReceipt(b"f" * 8, b"f" * 8, 0, b"e" * 8, 3, 1, 1),
        MovedReceipt(b"f" * 8, b"d" * 8, 0, b"e" * 8, 3, 3, 1),
        MovedReceipt(b"f" * 8, b"d" * 8, 0, b"e" * 8, 65_536, 1, 1),
    ):
        with pytest.raises(MalformedWire):
            decode_down(encode_down(wrong))


def test_with_a_backup_the_number_stays_and_what_came_after_it_is_told_anew(region: Region) -> None:
    first = region.file("Sebelum cadangan")
    region.settle()
    from village_node.backups import restore_backup, write_backup

    stick = region.path / "stick"
    stick.mkdir()
    made = write_backup(region.node_folder(), stick, now_s=None)
    after = region.file("Sesudah cadangan")
    region.settle()
    region.stop_node()
    folder = region.path / "again"
    restore_backup(made.file, folder)
    node = region.nodes[VILLAGE] = region.start(folder)
    region.settle()
    assert "received" in reached(node, first.code)
    with pytest.raises(UnknownReceipt):
        node.look_up(str(after.code))
    assert node.take_report(report(), form_token=None).code
