"""A box that was shut out is told so by each carrier, by the hub alone, and is told nothing else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from village import STORY, VILLAGE, Region, answers, reached, report

from hub.boxes import revoke
from hub.cases.services import InboxChoice
from hub.enrolling import enrol
from hub.late_reports import NotLate, take_late_reports
from hub.link_desk import UnknownSender
from hub.models import Node as NodeRow
from hub.services import SignedIn
from kentongan import main
from sync.carriers.courier import read_bundle
from sync.sealing.signing import sign
from sync.wire.bundle_codec import UpBundle, decode_down_bundle, decode_up_bundle, encode_up_bundle
from sync.wire.control_records import SignedSetting
from sync.wire.frame_codec import DownFrame, decode_frame, encode_frame
from sync.wire.settings_records import SETTING_LABEL, Revoked, encode_setting
from village_node import folder as node_folder
from village_node.doctor import examine
from village_node.offline import offline_status
from village_node.services import BoxShutOut
from village_node.web.public_app import create_public_app
from village_node.wiring import Node


def shut_out(region: Region, number: int = 1) -> None:
    store = region.hub.store
    revoke(store.database, store.writer, store.audit, number, by="Sari", now_s=region.clock.wall_s())


def refuses(node: Node) -> bool:
    with pytest.raises(BoxShutOut):
        node.take_report(report(), form_token=None)
    return node.health.status()["shut_out"] is True


def test_over_the_internet_it_is_told_keeps_what_it_has_and_takes_nothing_more(region: Region) -> None:
    node = region.node()
    first = region.file()
    region.settle()
    waiting = region.file("Belum terkirim")
    shut_out(region)
    region.exchange()
    assert refuses(node)
    assert len(region.stories()) == 1
    assert node.log.pending_count() == 1, "what was not sent stays, sealed"
    assert "received" in reached(node, first.code)
    assert "received" not in reached(node, waiting.code)
    again = region.restart_node()
    assert refuses(again)
    [told] = [one for one in examine(region.node_folder(), radio_url=None, hub_url=None) if not one["ok"]][:1]
    assert "shut this box out" in told["problem"]


def test_on_the_air_it_is_told_also_after_a_start_and_then_is_silent(region: Region) -> None:
    region.file()
    region.talk_by_radio()
    shut_out(region)
    node = region.restart_node()
    region.file("Sesudah dicabut")
    region.talk_by_radio()
    assert refuses(node)
    assert len(region.stories()) == 1
    assert not node.carriers.uses_radio()


def test_by_courier_the_box_that_was_replaced_is_told(region: Region) -> None:
    node = region.node()
    region.file()
    region.settle()
    store = region.hub.store
    made = enrol(
        store.database,
        store.writer,
        store.identity,
        village=VILLAGE,
        village_name="",
        hub_url=None,
        now_s=region.clock.wall_s(),
        replace=True,
    )
    file = region.hub.desk.courier_bundle([made.node_number])
    assert {section.node_number for section in decode_down_bundle(file).nodes} == {1, made.node_number}
    node.desk.apply_down_bundle(file)
    assert refuses(node)


def test_what_waits_for_a_box_that_is_shut_out_stays_at_the_hub(region: Region) -> None:
    node = region.node()
    taken = region.file()
    region.talk_by_radio()
    [view] = region.hub.store.work.all_reports()
    region.hub.store.work.answer(view.id, "Terima kasih", asks=False, by="Sari")
    region.hub.desk.due_frames()
    shut_out(region)
    down, _ = region.hub.desk.exchange(node.desk.up_bundle().data, via="http")
    [section] = decode_down_bundle(down).nodes
    assert (section.receipts, section.lane_receipts, section.content, len(section.downs)) == ((), (), (), 1)
    node.desk.apply_down_bundle(down)
    for _ in range(200):
        for frame in region.hub.desk.due_frames():
            node.desk.hear(frame.payload, 0x0000AAAA)
        region.clock.advance(10)
    assert answers(node, taken.code) == []


@pytest.mark.parametrize("with_report", [True, False])
def test_a_stranger_and_a_changed_question_get_no_answer(region: Region, with_report: bool) -> None:
    region.file()
    region.talk_by_radio()
    shut_out(region)
    node = region.restart_node()
    if with_report:
        region.file()
    asked: list[bytes] = []
    while not asked:
        asked = [frame.payload for frame in node.desk.due_frames()]
        region.clock.advance(1)
    for payload in asked:
        for place in range(len(payload) - 8, len(payload)):
            changed = bytes([*payload[:place], payload[place] ^ 1, *payload[place + 1 :]])
            assert region.hub.desk._shut_out.frame_for(changed) is None
    assert region.hub.desk._shut_out.frame_for(asked[-1]) is not None


@pytest.mark.parametrize("number", [1, 2])
def test_only_the_hubs_signature_for_this_very_box_shuts_it_out(region: Region, number: int) -> None:
    """A thief has the card: its keys seal what looks like the hub's. Another box's word is replayed."""
    node = region.node()
    region.file()
    region.settle()
    hub_key = region.hub.store.identity.signing_private
    forger = Ed25519PrivateKey.generate().private_bytes_raw()
    body = encode_setting(Revoked(number, 1, 1))
    signed = sign(forger if number == 1 else hub_key, SETTING_LABEL, body)
    keys = node.hub_keys.to_hub()
    generation = node.log.number("generation")
    counter = node.log.down_seen(generation).first_missing()
    sealed = keys.seal_down(generation, counter, bytes([0x05]) + signed)
    assert node.desk.hear(encode_frame(DownFrame(counter, sealed, generation)), 0x0000AAAA)
    assert node.take_report(report(), form_token=None).code
    node.revocation.take_setting(SignedSetting(sign(hub_key, "bulletin", encode_setting(Revoked(1, 1, 1)))))
    assert not node.health.status()["shut_out"]


def test_a_courier_tells_it_too_where_no_other_box_came_after_it(region: Region) -> None:
    node = region.node()
    region.file()
    region.settle()
    shut_out(region)
    file = region.path / "down"
    region.stop_hub()
    told = CliRunner().invoke(main, ["hub", "courier-export", str(region.hub_folder), str(file)])
    assert told.exit_code == 0, told.stderr
    node.desk.apply_down_bundle(read_bundle(file))
    assert refuses(node)
    status = offline_status(region.node_folder())
    assert (status["shut_out"], status["takes_reports"]) == (True, False), "without a server, too"


def test_the_word_of_one_box_is_of_no_use_for_the_next(region: Region) -> None:
    node = region.node()
    region.file()
    region.settle()
    shut_out(region)
    word = region.hub.desk._shut_out.sections_for_courier([1])[0].downs[0]
    frame = decode_frame(word)
    assert isinstance(frame, DownFrame)
    store = region.hub.store
    assert NodeRow.select().where(NodeRow.number == 1).get(store.database).retired
    signed = node.hub_keys.to_hub().open_down(int(frame.generation or 0), frame.counter, frame.sealed)[1:]
    other = region.start(_other_box(region))
    try:
        other.revocation.take_setting(SignedSetting(signed))
        assert not other.health.status()["shut_out"]
    finally:
        other.close()


def test_a_bundle_whose_claim_is_not_the_boxs_own_is_a_strangers(region: Region) -> None:
    node = region.node()
    region.file()
    region.settle()
    shut_out(region)
    bundle = decode_up_bundle(node.desk.up_bundle().data)
    [section] = bundle.epochs
    assert section.claim is not None
    forged = replace(section.claim, mac=bytes([section.claim.mac[0] ^ 1]) + section.claim.mac[1:])
    for claim in (forged, None):
        data = encode_up_bundle(UpBundle((replace(section, claim=claim),)))
        with pytest.raises(UnknownSender):
            region.hub.desk.exchange(data, via="http")


def _other_box(region: Region) -> Path:
    folder = region.path / "other"
    node_folder.create(folder, region.enrolment())
    return folder


def test_its_site_says_so_and_keeps_the_numbers_to_ring(region: Region) -> None:
    node = region.node()
    region.file()
    region.settle()
    app = create_public_app(
        node,
        village_name="Contoh",
        can_save=node.health.takes_reports,
        is_shut_out=lambda: node.revocation.stands,
    )
    client = app.test_client()
    assert "tidak menerima laporan lagi" not in client.get("/").text
    shut_out(region)
    region.exchange()
    for path in ("/", "/isi"):
        page = client.get(path).text
        assert "tidak menerima laporan lagi" in page
        assert 'href="tel:' in page
    assert "takes no reports any more" in client.get("/en").text


def test_what_it_still_held_is_taken_in_when_a_person_at_the_hub_says_so(region: Region) -> None:
    node = region.node()
    first = region.file()
    region.settle()
    region.file("Belum terkirim")
    assert first.code is not None
    node.add_to_report(first.code, "Mobilnya merah", urgent=False, question=None, form_token="x" * 20)
    shut_out(region)
    region.exchange()
    file = node.desk.up_bundle().data
    store = region.hub.store
    with pytest.raises(NotLate):
        take_late_reports(store, 2, file, by="Sari", reason="Salah cabut")
    with pytest.raises(UnknownSender):
        region.hub.desk.exchange(file, via="courier")
    assert take_late_reports(store, 1, file, by="Sari", reason="Salah cabut").new
    assert "Belum terkirim" in region.stories()
    with pytest.raises(UnknownSender):
        region.hub.desk.exchange(file, via="courier")
    [entry] = [k.entry for k in store.audit.entries() if k.entry.what == "late reports taken"]
    assert (entry.by, entry.about, entry.reason) == ("Sari", "node 1", "Salah cabut")
    assert refuses(node)
    views = {view.report.narrative: view for view in store.work.all_reports()}
    assert not views[STORY].from_shut_out
    assert views["Belum terkirim"].from_shut_out
    [added] = views[STORY].additions
    assert added.from_shut_out, "what was added to a proven report is no more proven than the rest"
    who = SignedIn("sari", "supervisor")
    rows, _ = store.inbox.page(InboxChoice(), before=None, limit=9, who=who)
    assert sorted(row.report.from_shut_out for row in rows) == [False, True]
    told = store.sharing.exports.report_records([view.id for view in views.values()], who)
    assert [one.from_shut_out for one in told] == [view.from_shut_out for view in views.values()]


def test_a_box_that_is_in_use_is_never_late(region: Region) -> None:
    node = region.node()
    region.file()
    region.settle()  # so that it has spoken
    region.file("Belum terkirim")
    with pytest.raises(NotLate, match="in use"):
        take_late_reports(region.hub.store, 1, node.desk.up_bundle().data, by="Sari", reason="x")
