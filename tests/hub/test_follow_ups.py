"""How the hub keeps follow-ups; their way from the village is in `tests/village_node/test_follow_ups.py`."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from village import Region

from hub.follow_ups import report_id
from hub.models import Report
from kentongan import main
from sync.errors import MalformedWire
from sync.identifiers import EnvelopeId, Lane
from sync.wire.bundle_codec import UpBundle, decode_up_bundle, encode_up_bundle
from sync.wire.followups import Addition, ReportPlace, Withdrawal, encode_addition, encode_withdrawal
from sync.wire.numbers import UpRecord, WithdrawalReason

TOKEN = "token-of-a-form-0001"
HERE = EnvelopeId(bytes(8), Lane.REPORT, 4)


def test_a_follow_up_names_a_report_of_its_own_epoch_or_of_another() -> None:
    assert report_id(HERE, ReportPlace(None, 3)) == "0000000000000000.0.3"
    assert report_id(HERE, ReportPlace(b"\x01" * 8, 3)) == "0101010101010101.0.3"


def test_one_in_the_bulk_lane_is_refused(region: Region) -> None:
    bulk = EnvelopeId(bytes(8), Lane.BULK, 4)
    with pytest.raises(MalformedWire):
        region.hub.store.follow_ups.add(bulk, 1, Withdrawal(ReportPlace(None, 1)), 0, "http", 1.0)


def test_what_cannot_be_read_is_kept_and_receipted(region: Region) -> None:
    node = region.node()
    region.file()
    for record in (b"\x06\x02\x0fx", b"\x07\x02", bytes([UpRecord.ADDITION, 0x06, 0x00, 0xFF])):
        sealed = node.chain.seal(record)
        node.log.add_control(sealed.id, sealed.ciphertext, node.times.stamp())
    region.settle()
    assert not node.desk.has_work()
    assert region.hub.store.intake.unreadable() == 3


def test_a_line_of_reports_has_them_only_where_there_are_some(region: Region) -> None:
    plain, told = region.file("satu"), region.file("dua")
    assert told.code is not None
    node = region.node()
    node.add_to_report(told.code, "lagi", urgent=True, question=None, form_token=TOKEN)
    node.withdraw_report(told.code, WithdrawalReason.MISTAKE, form_token=TOKEN + "2")
    region.settle()
    before = [view.id for view in region.hub.store.work.all_reports()]
    region.stop_hub()
    result = CliRunner().invoke(main, ["hub", "reports", str(region.hub_folder), "--jsonl"])
    lines = {line["id"]: line for line in map(json.loads, result.stdout.splitlines())}
    assert sorted(lines) == sorted(before)
    assert plain.envelope_id is not None
    assert told.envelope_id is not None
    usual = {"id", "village", "taken_at", "taken_between", "received_at", "via", "report"}
    assert lines[plain.envelope_id].keys() == usual
    with_more = lines[told.envelope_id]
    assert with_more.keys() == usual | {"additions", "withdrawn_at"}
    assert with_more["report"] == {"kind": "recruiter", "narrative": "dua"}
    [addition] = with_more["additions"]
    assert (addition["text"], addition["urgent"]) == ("lagi", True)


def test_an_urgent_addition_makes_its_report_urgent_until_somebody_reads_it(region: Region) -> None:
    taken = region.file()
    assert taken.code is not None
    assert taken.envelope_id is not None
    region.settle()
    work = region.hub.store.work

    def urgent() -> list[bool]:
        return [bool(row.urgent_unread) for row in Report.select().execute(region.hub.store.database)]

    assert urgent() == [False]
    region.node().add_to_report(taken.code, "lagi", urgent=True, question=None, form_token=TOKEN)
    region.settle()
    assert urgent() == [True]
    work.show_report(taken.envelope_id, by="sari")
    assert urgent() == [False]


def test_additions_stand_in_the_order_in_which_they_were_written(region: Region) -> None:
    taken = region.file()
    assert taken.code is not None
    node = region.node()
    region.settle()
    for number in range(3):
        node.add_to_report(
            taken.code, f"{number}", urgent=number == 2, question=None, form_token=f"{TOKEN}{number}"
        )
        region.clock.advance(600)
    [section] = decode_up_bundle(node.desk.up_bundle().data).epochs
    [last] = [one for one in section.envelopes if one[0].counter == 3]
    alone = UpBundle((replace(section, envelopes=(last,)),))
    region.hub.desk.exchange(encode_up_bundle(alone), via="courier")
    region.clock.advance(3600)
    region.settle()  # the others come after the last
    assert taken.envelope_id is not None
    assert [one.text for one in region.hub.store.work.view(taken.envelope_id).additions] == ["0", "1", "2"]


def test_the_records_are_those_that_the_node_writes() -> None:
    assert encode_addition(Addition(ReportPlace(None, 3), "x"))[0] == UpRecord.ADDITION
    assert encode_withdrawal(Withdrawal(ReportPlace(None, 3)))[0] == UpRecord.WITHDRAWAL
