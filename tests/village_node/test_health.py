"""How the box is, for pages and commands: none or some, and nothing about anybody."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest
from facilitator import client_over
from village import SECRETS, STORY, Region, dump, report

from village_node.handin_server import courier_export
from village_node.services import UnknownReceipt

ADDRESS = "203.0.113.77"


class TestFacilitatorPage:
    def page(self, region: Region) -> str:
        client = client_over(region.node().health.status)
        response = client.get("/keadaan", environ_base={"REMOTE_ADDR": ADDRESS})
        assert response.status_code == 200
        assert "no-store" in response.headers["Cache-Control"]
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in response.headers
        return response.text

    def test_it_says_none_or_some_and_whole_days(self, region: Region) -> None:
        region.node()
        nothing = self.page(region)
        for _ in range(3):
            taken = region.file()
        region.clock.advance(2 * 86_400 + 3_600)
        some = self.page(region)
        assert nothing != some
        assert "2 hari" in some
        assert "3" not in some.split("Laporan menunggu")[1].split("</dd>")[0].replace("\n", "")
        assert taken.code is not None
        assert taken.envelope_id is not None
        assert taken.code not in some
        assert taken.envelope_id.split(".")[0] not in some
        assert not any(word in some for word in SECRETS)

    def test_nothing_else_is_there(self, region: Region) -> None:
        client = client_over(region.node().health.status)
        assert client.get("/isi").status_code == 404
        assert client.post("/").status_code == 405


def test_the_status_is_the_same_for_one_report_and_for_many(region: Region) -> None:
    node = region.node()
    region.file()
    one = node.health.status()
    for _ in range(5):
        region.file("x" * 4000)
    many = node.health.status()
    del one["disk_free_bytes"], many["disk_free_bytes"]
    assert one == many


def test_nothing_of_anybody_is_logged_or_left_on_the_card(
    region: Region, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    codes = []
    for number in range(3):
        node = region.node()
        taken = node.take_report(report(), form_token=f"token-of-a-form-{number}")
        assert taken.code is not None
        assert taken.envelope_id is not None
        codes.append(taken.code)
        with pytest.raises(UnknownReceipt):
            node.look_up("0000000000000000")
        region.exchange()
        region.hub.store.work.show_report(taken.envelope_id, by="sari")
        region.hub.store.work.answer(taken.envelope_id, "Kapal dicegat di Batam", asks=False, by="sari")
        region.talk_by_radio(for_s=120)
        region.settle()
        assert [answer.text for answer in node.look_up(taken.code).answers] == ["Kapal dicegat di Batam"]
        node.desk.hear(b"\xff" * 40)
        region.restart_node()
    region.restart_hub()
    said = caplog.text + "".join(capfd.readouterr())
    words = [*SECRETS, "dicegat", "token-of-a-form", ADDRESS]
    assert not [word for word in [*words, *codes] if word in said]
    on_card = b"".join(path.read_bytes() for path in files(region.node_folder()))
    assert not [word for word in [*words, *codes] if word.encode() in on_card]
    assert STORY.encode() not in on_card


def files(folder: Path) -> list[Path]:
    found = [path for path in folder.rglob("*") if path.is_file()]
    assert any(path.name.endswith("-wal") for path in found)
    return found


def test_the_status_is_json(region: Region) -> None:
    assert json.loads(json.dumps(region.node().health.status()))["clock"] == "known"


class TestReportsThatNameOfficials:
    def shown(self, region: Region) -> object:
        return region.node().health.status()["reports_waiting"]

    def test_one_alone_never_shows_as_waiting_also_not_after_a_restart(self, region: Region) -> None:
        region.file(official_involved=True)
        assert self.shown(region) == "none"
        assert region.node().desk.shows_waiting() == "none"
        region.restart_node()
        assert self.shown(region) == "none"
        assert region.node().health.status()["waiting_days"] is None

    def test_it_does_not_hide_the_others_nor_make_them_look_older(self, region: Region) -> None:
        region.file(official_involved=True)
        region.clock.advance(3 * 86_400)
        region.file(official_involved=False)
        region.clock.advance(86_400)
        region.file(official_involved=True)
        assert self.shown(region) == "some"
        assert region.node().health.status()["waiting_days"] == 1
        region.restart_node()
        assert self.shown(region) == "some"

    def test_what_is_added_to_it_does_not_show_either(self, region: Region) -> None:
        taken = region.file(official_involved=True)
        assert taken.code is not None
        region.node().add_to_report(
            taken.code, "lagi", urgent=True, question=None, form_token="token-of-a-form-0001"
        )
        assert self.shown(region) == "none"

    def test_no_row_says_which_report_names_officials(self, region: Region) -> None:
        region.file(official_involved=False)
        before = dump(region.node_folder())
        region.file(official_involved=True)
        after = dump(region.node_folder())
        [first], [second] = (
            before["envelope"],
            [row for row in after["envelope"] if row not in before["envelope"]],
        )
        assert [type(value) for value in first] == [type(value) for value in second]
        assert first[4] == second[4]  # "urgent"

    def test_the_courier_is_not_told_of_it(self, region: Region) -> None:
        region.file(official_involved=True)
        assert courier_export(region.node().desk)["waiting"] == "none"
        region.file()
        assert courier_export(region.node().desk)["waiting"] == "some"
