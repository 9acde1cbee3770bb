"""The Unix socket: whatever comes through it, the next request is answered."""

from __future__ import annotations

import base64
import json
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from village import SECRETS, STORY, Region, reached

from sync.errors import CarrierError
from sync.handin import SOCKET_NAME, HandIn, NodeNotRunning
from sync.line_socket import socket_address
from sync.storage.writer import StorageError
from village_node.handin_server import HandInServer
from village_node.wiring import Node

REPORT = {"kind": "recruiter", "narrative": STORY}


@pytest.fixture
def folder(region: Region) -> Path:
    return region.create_node()


@pytest.fixture
def node(region: Region, folder: Path) -> Node:
    return region.node()


@pytest.fixture
def server(node: Node, folder: Path) -> Iterator[HandInServer]:
    server = HandInServer(
        folder, node.reporting, node.desk, node.health.status, None, node.receipts, node.follow_ups
    )
    yield server
    server.close()


def raw(folder: Path) -> socket.socket:
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(30)
    with socket_address(folder, SOCKET_NAME) as address:
        connection.connect(address)
    return connection


def ask_raw(folder: Path, line: bytes) -> dict[str, Any]:
    with raw(folder) as connection, connection.makefile("rwb") as file:
        file.write(line)
        file.flush()
        reply: dict[str, Any] = json.loads(file.readline())
        return reply


@pytest.mark.usefixtures("server")
class TestRequests:
    def test_a_report_is_taken_and_its_receipt_given(self, node: Node, folder: Path) -> None:
        with HandIn(folder) as hand_in:
            reply = hand_in.submit(REPORT, {"ref": [1, "\ud800"]})
            assert reply["ref"] == {"ref": [1, "\ud800"]}
            assert reached(node, reply["receipt"]) == ["saved"]
            assert hand_in.submit(REPORT)["id"] != reply["id"]

    def test_a_report_that_breaks_the_schema_names_field_and_what_is_allowed(self, folder: Path) -> None:
        with HandIn(folder) as hand_in:
            reply = hand_in.submit({"kind": "recruiter", "narrative": STORY, "urgency": STORY}, 7)
        assert reply["ref"] == 7
        [problem] = reply["problems"]
        assert problem["field"] == "urgency"
        assert "now" in problem["allowed"]
        assert "Malaysia" not in json.dumps(reply)

    def test_attachments_are_taken_as_bytes(self, region: Region, node: Node, folder: Path) -> None:
        given = [{"type": "audio/ogg", "data": base64.b64encode(b"suara").decode()}]
        with HandIn(folder) as hand_in:
            reply = hand_in.submit(REPORT, attachments=given)
        region.exchange()
        [sound] = region.hub.store.work.attachments_of(reply["id"])
        assert (sound.media_type, sound.bytes_here, sound.complete) == ("audio/ogg", 5, True)
        assert region.hub.store.work.show_attachment(reply["id"], 0, by="sari") == b"suara"

    @pytest.mark.parametrize(
        ("attachments", "allowed"),
        [
            (STORY, "a list of"),
            ([STORY], "a list of"),
            ([{"type": "image/jpeg", "path": "/etc/passwd"}], "a list of"),
            ([{"type": "image/jpeg", "data": STORY}], "a list of"),
            ([{"type": "image/jpeg", "data": 5}], "a list of"),
            ([{"type": STORY, "data": "eA=="}], "image/jpeg"),
            ([{"type": "image/jpeg", "data": ""}], "one byte"),
            ([{"type": "image/jpeg", "data": "eA=="}] * 9, "at most 8"),
        ],
        ids=range(8),
    )
    def test_other_attachments_are_refused_with_what_is_allowed(
        self, node: Node, folder: Path, attachments: Any, allowed: str
    ) -> None:
        with HandIn(folder) as hand_in:
            reply = hand_in.ask({"op": "submit", "report": REPORT, "ref": 7, "attachments": attachments})
        assert reply["ref"] == 7
        assert allowed in reply["error"]
        assert reply["refused"]  # asking again changes nothing
        assert not any(word in json.dumps(reply) for word in SECRETS)
        assert not node.log.pending_count()

    def test_what_was_taken_under_a_token_is_told_again(self, node: Node, folder: Path) -> None:
        with HandIn(folder) as hand_in:
            assert "no report" in hand_in.taken("token-of-a-report-3")["error"]
            given = hand_in.submit(REPORT, token="token-of-a-report-3")
            assert hand_in.taken("token-of-a-report-3") == {"receipt": given["receipt"], "id": given["id"]}
            assert "no report" in hand_in.ask({"op": "taken", "token": 5})["error"]

    def test_with_a_token_a_report_is_taken_once(self, node: Node, folder: Path) -> None:
        with HandIn(folder) as hand_in:
            first, again = (hand_in.submit(REPORT, token="token-of-a-report-1") for _ in range(2))
            assert hand_in.submit(REPORT, token="token-of-a-report-2")["id"] != first["id"]
        assert (again["id"], again["receipt"]) == (first["id"], first["receipt"])

    def test_an_addition_carries_files(self, region: Region, node: Node, folder: Path) -> None:
        given = [{"type": "audio/ogg", "data": base64.b64encode(b"suara").decode()}]
        with HandIn(folder) as hand_in:
            code = hand_in.submit(REPORT)["receipt"]
            refused = hand_in.add(code, "", urgent=False, token="a", attachments=[{"type": "x", "data": ""}])
            assert refused["refused"]
            assert hand_in.add(code, "", urgent=False, token="b", attachments=given) == {"taken": True}
        region.exchange()
        [view] = region.hub.store.work.all_reports()
        [addition] = view.additions
        assert region.hub.store.work.show_attachment(addition.id, 0, by="sari") == b"suara"

    def test_under_a_code_one_looks_adds_once_and_withdraws(
        self, region: Region, node: Node, folder: Path
    ) -> None:
        with HandIn(folder) as hand_in:
            code = hand_in.submit(REPORT)["receipt"]
            for _ in range(2):
                assert hand_in.add(code, STORY, urgent=True, token="an-addition-1") == {"taken": True}
            assert hand_in.withdraw(code, 2, token="a-withdrawal-1") == {"taken": True}
            shown = hand_in.receipt(code)
        assert [step["step"] for step in shown["ladder"] if step["reached"]] == ["saved"]
        assert [one["withdraws"] for one in shown["follow_ups"]] == [False, True]
        region.settle()
        [view] = region.hub.store.work.all_reports()
        assert [(one.text, one.urgent) for one in view.additions] == [(STORY, True)]
        assert view.withdrawal is not None

    @pytest.mark.parametrize(
        ("request_", "allowed"),
        [
            ({"op": "receipt", "code": "1" * 16}, "check the digits"),
            ({"op": "receipt"}, "check the digits"),
            ({"op": "follow-up", "code": "1" * 16, "token": "x" * 20, "text": STORY}, "check the digits"),
            ({"op": "follow-up", "code": "1" * 16, "text": STORY}, '"token"'),
            ({"op": "follow-up", "code": "1" * 16, "token": 5, "text": STORY}, '"token"'),
            ({"op": "follow-up", "code": "1" * 16, "token": "x", "withdraws": 99}, "reason"),
        ],
        ids=range(6),
    )
    def test_other_requests_under_a_code_are_refused_with_what_is_allowed(
        self, folder: Path, request_: dict[str, Any], allowed: str
    ) -> None:
        with HandIn(folder) as hand_in:
            reply = hand_in.ask(request_)
        assert allowed in reply["error"]
        assert not any(word in json.dumps(reply) for word in SECRETS)

    @pytest.mark.parametrize(
        "line",
        [
            b"\n",
            b"nonsense\n",
            b"[]\n",
            b"null\n",
            b'{"op": 1}\n',
            b'{"op": "delete"}\n',
            b"\xff\xfe\n",
            b"[" * 200_000 + b"\n",
            b"1" * 6000 + b"\n",
        ],
    )
    def test_junk_gets_an_error_line_and_the_next_line_is_answered(self, folder: Path, line: bytes) -> None:
        with raw(folder) as connection, connection.makefile("rwb") as file:
            file.write(line + b'{"op": "status"}\n')
            file.flush()
            assert "op" in json.loads(file.readline())["error"]
            assert "reports_waiting" in json.loads(file.readline())

    def test_half_a_line_changes_nothing(self, node: Node, folder: Path) -> None:
        with raw(folder) as connection:
            connection.sendall(b'{"op": "submit", "report": {"kind"')
        assert not node.log.pending()

    def test_two_at_once_are_both_served(self, folder: Path) -> None:
        with HandIn(folder) as first, HandIn(folder) as second:
            receipts = {hand_in.submit(REPORT)["receipt"] for hand_in in (first, second, first)}
        assert len(receipts) == 3

    def test_many_threads_hand_in(self, node: Node, folder: Path) -> None:
        receipts: list[str] = []

        def hand_in() -> None:
            with HandIn(folder) as connection:
                receipts.extend(connection.submit(REPORT)["receipt"] for _ in range(5))

        threads = [threading.Thread(target=hand_in) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(set(receipts)) == 40
        assert len(node.log.pending()) == 40

    def test_status_tells_no_count(self, region: Region, folder: Path) -> None:
        with HandIn(folder) as hand_in:
            for _ in range(3):
                hand_in.submit(REPORT)
            one = hand_in.status()
            hand_in.submit(REPORT)
            region.clock.advance(2 * 86_400 + 5)
            more = hand_in.status()
        assert one["reports_waiting"] == more["reports_waiting"] == "some"
        assert (one["waiting_days"], more["waiting_days"]) == (0, 2)
        changing = {"waiting_days", "disk_free_bytes"}
        assert {k: v for k, v in one.items() if k not in changing} == {
            k: v for k, v in more.items() if k not in changing
        }


@pytest.mark.usefixtures("server")
class TestCourier:
    def test_there_and_back(self, region: Region, node: Node, folder: Path) -> None:
        with HandIn(folder) as hand_in:
            receipt = hand_in.submit(REPORT)["receipt"]
            exported = hand_in.ask({"op": "courier-export"})
            assert exported["waiting"] == "some"
            assert reached(node, receipt) == ["saved", "on_its_way"]
            region.hub.desk.exchange(base64.b64decode(exported["bundle"]), via="courier")
            back = base64.b64encode(region.hub.desk.courier_bundle([1])).decode()
            assert hand_in.ask({"op": "courier-import", "bundle": back})["receipted"] == 1
            again = hand_in.ask({"op": "courier-import", "bundle": back})
            assert (again["receipted"], again["receipts"]) == (0, 1)
        assert "received" in reached(node, receipt)

    @pytest.mark.parametrize("bundle", [None, 5, "", "***", "aGVsbG8=", {"a": 1}])
    def test_what_is_no_bundle_is_refused(self, folder: Path, bundle: object) -> None:
        with HandIn(folder) as hand_in:
            assert "error" in hand_in.ask({"op": "courier-import", "bundle": bundle})

    def test_one_for_others_is_said_to_be_so(self, region: Region, folder: Path) -> None:
        from sync.wire.bundle_codec import DownBundle, encode_down_bundle

        empty = base64.b64encode(encode_down_bundle(DownBundle(()))).decode()
        with HandIn(folder) as hand_in:
            assert "another" in hand_in.ask({"op": "courier-import", "bundle": empty})["error"]


class TestFaults:
    @pytest.mark.parametrize("fault", [StorageError(STORY), RuntimeError(STORY)])
    @pytest.mark.parametrize("op", ["status", "courier-export"])
    def test_a_fault_is_an_error_line_and_tells_nothing(
        self,
        node: Node,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        fault: Exception,
        op: str,
    ) -> None:
        caplog.set_level("DEBUG")

        def broken(*_: object) -> Any:
            raise fault

        monkeypatch.setattr(node.desk, "up_bundle", broken)
        server = HandInServer(folder, node.reporting, node.desk, broken)
        try:
            with HandIn(folder) as hand_in:
                error = hand_in.ask({"op": op})["error"]
                assert "doctor" in error
                assert not any(word in error + caplog.text for word in SECRETS)
                assert "receipt" in hand_in.submit(REPORT)
        finally:
            server.close()

    def test_a_full_disk_is_told_and_nothing_is_kept(self, region: Region, folder: Path) -> None:
        node = region.nodes["full"] = region.start(folder, free_space=lambda: 0)
        server = HandInServer(folder, node.reporting, node.desk, node.health.status)
        try:
            with HandIn(folder) as hand_in:
                reply = hand_in.submit(REPORT, "ref")
        finally:
            server.close()
        assert "disk is full" in reply["error"]
        assert reply["ref"] == "ref"
        assert not node.log.pending()

    def test_too_many_open_files_for_a_while_do_not_end_it(
        self, folder: Path, server: HandInServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sync.line_socket.ACCEPT_AGAIN_S", 0.01)
        lines = server._server
        real = lines._socket
        failures = [OSError(24, "Too many open files")] * 3

        class Failing:
            def accept(self) -> Any:
                if failures:
                    raise failures.pop()
                return real.accept()

            def __getattr__(self, name: str) -> Any:
                return getattr(real, name)

        lines._socket = Failing()  # type: ignore[assignment]
        for _ in range(5):
            with HandIn(folder) as hand_in:
                assert "village" in hand_in.status()
        assert not failures

    def test_a_client_that_goes_away_harms_nobody(self, folder: Path, server: HandInServer) -> None:
        for _ in range(5):
            connection = raw(folder)
            connection.sendall(b'{"op": "status"}\n' * 50)
            connection.close()
        with HandIn(folder) as hand_in:
            assert "village" in hand_in.status()


class TestTheFile:
    def test_only_its_owner_may_use_it(self, folder: Path, server: HandInServer) -> None:
        assert stat.S_IMODE((folder / SOCKET_NAME).stat().st_mode) == 0o600
        before = os.umask(0o022)
        assert before != 0o177
        os.umask(before)

    def test_it_is_gone_when_the_server_is_and_its_thread_too(self, folder: Path, node: Node) -> None:
        before = set(threading.enumerate())
        server = HandInServer(folder, node.reporting, node.desk, node.health.status)
        [thread] = set(threading.enumerate()) - before
        server.close()
        assert not (folder / SOCKET_NAME).exists()
        thread.join(timeout=30)
        assert not thread.is_alive()
        with pytest.raises(NodeNotRunning):
            HandIn(folder)

    def test_a_socket_left_by_a_power_cut_is_taken_over(self, folder: Path, node: Node) -> None:
        dead = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with socket_address(folder, SOCKET_NAME) as address:
            dead.bind(address)
        dead.close()
        with pytest.raises(NodeNotRunning):
            HandIn(folder)
        server = HandInServer(folder, node.reporting, node.desk, node.health.status)
        try:
            with HandIn(folder) as hand_in:
                assert "receipt" in hand_in.submit(REPORT)
        finally:
            server.close()

    def test_a_folder_however_deep_will_do(self, region: Region) -> None:
        deep = region.path / ("x" * 60) / ("y" * 60) / "node"
        deep.parent.mkdir(parents=True)
        region.create_node().rename(deep)
        node = region.nodes["deep"] = region.start(deep)
        server = HandInServer(deep, node.reporting, node.desk, node.health.status)
        try:
            assert len(str(deep / SOCKET_NAME)) > 108
            with HandIn(deep) as hand_in:
                assert "receipt" in hand_in.submit(REPORT)
        finally:
            server.close()

    def test_a_server_that_goes_away_is_said_to_have(
        self, folder: Path, node: Node, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with socket_address(folder, SOCKET_NAME) as address:
            listening.bind(address)
        listening.listen(1)
        hang_up: Callable[[], None] = lambda: listening.accept()[0].close()  # noqa: E731
        thread = threading.Thread(target=hang_up)
        with HandIn(folder) as hand_in:
            thread.start()
            with pytest.raises(CarrierError, match="went away"):
                hand_in.submit(REPORT)
        thread.join()
        listening.close()
