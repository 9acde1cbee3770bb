"""`kentongan node ...`: JSON on standard output, one line of error that says what to do, exit 0, 1 or 2."""

from __future__ import annotations

import base64
import json
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import peewee
import processes
import pytest
from click.testing import CliRunner, Result
from village import SECRETS, STORY, VILLAGE, Region

from kentongan import main
from sync.sealing.enrolment import Enrolment
from sync.storage.writer import StorageFullError
from village_node.handin_server import HandInServer

GOOD = {"kind": "recruiter", "narrative": STORY}


def run(*arguments: object, stdin: str | bytes | None = None) -> Result:
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


@pytest.fixture(autouse=True)
def _same_signal_handlers() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


def lines(result: Result) -> list[dict[str, Any]]:
    """Return standard output, which is JSON and nothing else."""
    return [json.loads(line) for line in result.stdout.splitlines()]


def refused(result: Result, *said: str) -> str:
    """The command failed with exit 1 and one line that says all of `said`; nothing on standard output."""
    assert result.exit_code == 1, (result.stdout, result.stderr)
    assert result.stdout == ""
    [line] = result.stderr.splitlines()
    assert line.startswith("kentongan: ")
    for words in said:
        assert words in line
    return line


@pytest.fixture
def folder(region: Region) -> Path:
    return region.create_node()


@pytest.fixture
def server(region: Region, folder: Path) -> Iterator[HandInServer]:
    node = region.node()
    server = HandInServer(folder, node.reporting, node.desk, node.health.status)
    yield server
    server.close()


class TestInit:
    def enrolment(self, region: Region) -> Path:
        file = region.path / "enrolment.json"
        file.write_text(region.enrolment())
        return file

    def test_it_makes_a_private_folder_and_prints_the_fingerprint(self, region: Region) -> None:
        folder = region.path / "a" / "node"
        [line] = lines(run("node", "init", folder, "--enrolment", self.enrolment(region)))
        assert line["village"] == VILLAGE
        assert len(line["fingerprint"].replace(" ", "")) == 20
        assert folder.stat().st_mode & 0o777 == 0o700
        assert all(file.stat().st_mode & 0o777 == 0o600 for file in folder.iterdir())

    def test_a_second_time_is_refused_and_changes_nothing(self, region: Region, folder: Path) -> None:
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        enrolment = folder / "enrolment.json"
        refused(run("node", "init", folder, "--enrolment", enrolment), "holds a node already")
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    def test_a_missing_enrolment_says_where_to_get_one(self, region: Region) -> None:
        missing = region.path / "missing.json"
        refused(run("node", "init", region.path / "n", "--enrolment", missing), "kentongan hub enrol")
        assert run("node", "init", region.path / "n").exit_code == 2

    @pytest.mark.parametrize(
        "content",
        [b"", b"nonsense", b"{}", b"[]", b"\xff\xfe", b'{"kentongan_enrolment": 2}', b"[" * 100_000],
    )
    def test_a_foreign_file_is_refused_and_leaves_no_node(self, region: Region, content: bytes) -> None:
        file = region.path / "foreign"
        file.write_bytes(content)
        refused(run("node", "init", region.path / "n", "--enrolment", file), "kentongan hub enrol")
        assert not (region.path / "n" / "enrolment.json").exists()

    def test_a_damaged_enrolment_is_refused(self, region: Region) -> None:
        file = self.enrolment(region)
        file.write_text(file.read_text().replace("Pringgarata", "Pringgarato"))
        line = refused(run("node", "init", region.path / "n", "--enrolment", file), "damaged")
        assert json.loads(file.read_text())["psk"] not in line

    def test_a_folder_that_cannot_be_made_is_said_to_be(self, region: Region) -> None:
        enrolment = self.enrolment(region)
        refused(run("node", "init", "/proc/nowhere", "--enrolment", enrolment), "cannot write")
        assert run("node", "init", enrolment, "--enrolment", enrolment).exit_code == 2


NO_NODE: list[tuple[str, ...]] = [
    ("status",),
    ("serve",),
    ("receipt", "1234567890123456"),
    ("submit",),
    ("courier-export", "out"),
    ("sync", "--once", "--via", "courier", "--out", "out"),
    ("sync", "--once", "--via", "http", "--hub", "http://127.0.0.1:1"),
]


@pytest.mark.parametrize("arguments", NO_NODE, ids=lambda arguments: arguments[0] + arguments[-1])
def test_a_folder_without_a_node_says_how_to_make_one(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    name, *rest = arguments
    refused(run("node", name, tmp_path, *rest), "kentongan node init DIR --enrolment FILE")
    refused(run("node", name, tmp_path / "nowhere", *rest), "kentongan node init DIR --enrolment FILE")


@pytest.mark.parametrize("arguments", NO_NODE[:5], ids=lambda arguments: arguments[0])
def test_a_folder_of_another_hand_is_said_to_be(folder: Path, arguments: tuple[str, ...]) -> None:
    (folder / "node.key").write_text("{}")
    name, *rest = arguments
    refused(run("node", name, folder, *rest), "cannot be read")


@pytest.mark.parametrize("arguments", [NO_NODE[0], *NO_NODE[2:5]], ids=lambda arguments: arguments[0])
def test_a_database_that_is_none_sends_to_the_doctor(folder: Path, arguments: tuple[str, ...]) -> None:
    (folder / "node.sqlite3").write_bytes(b"this is not a database at all" * 100)
    name, *rest = arguments
    result = run("node", name, folder, *rest)
    if name == "status":  # it tells how the box is, also of a bad card
        assert result.exit_code == 0
        assert "kentongan node doctor" in result.output
    else:
        refused(result, "kentongan node doctor")


class TestServe:
    @pytest.mark.slow
    def test_an_address_that_cannot_be_used_says_what_to_do(self, folder: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen(1)
            busy = f"127.0.0.1:{taken.getsockname()[1]}"
            for address, said in ((busy, "is in use"), ("192.0.2.1:8080", "is the address one of this")):
                done = processes.run("node", "serve", str(folder), "--listen", address, check=False)
                assert done.returncode == 1
                assert done.stdout == ""
                [line] = done.stderr.splitlines()
                assert said in line

    @pytest.mark.slow
    def test_a_serial_port_that_is_not_there_does_not_keep_the_village_waiting(
        self, region: Region, folder: Path
    ) -> None:
        program = processes.Program(
            region.path / "log",
            *("node", "serve", str(folder), "--listen", "127.0.0.1:0"),
            *("--radio", "serial:/dev/does-not-exist"),
        )
        try:
            assert run("node", "submit", folder, stdin=json.dumps(GOOD)).exit_code == 0
            for _ in range(100):
                [status] = lines(run("node", "status", folder))
                if status["radio"]["problem"]:
                    break
                threading.Event().wait(0.1)
            assert status["radio"]["connected"] is False
            assert "/dev/does-not-exist" in status["radio"]["problem"]
            result = run("node", "doctor", folder)
            assert result.exit_code == 1
            [radio] = [line for line in lines(result) if line["check"] == "radio"]
            assert radio["do"] == status["radio"]["problem"]
        finally:
            program.stop()
        assert program.process.returncode == 0
        assert not any(word in (region.path / "log").read_text() for word in SECRETS)

    @pytest.mark.parametrize("text", ["8080", "localhost", ":80", "127.0.0.1:", "h:99999", "h:x", "h:-1"])
    def test_a_nonsense_address_is_wrong_usage(self, folder: Path, text: str) -> None:
        result = run("node", "serve", folder, "--listen", text)
        assert result.exit_code == 2
        assert "127.0.0.1:8080" in result.stderr

    def test_a_folder_in_use_says_so(self, region: Region, folder: Path) -> None:
        region.node()
        refused(run("node", "serve", folder, "--listen", "127.0.0.1:0"), "another process", "stop it first")

    @pytest.mark.parametrize(
        ("options", "said"),
        [
            (("--radio", "bluetooth:x"), "tcp://HOST:PORT or serial:PATH"),
            (("--hub", "ftp://x"), "https://hub.example"),
            (("--hub", "http://hub.example"), "https://"),
            (("--hub", "https://hub.example", "--ca-file", "/etc/hostname"), ""),
        ],
    )
    def test_an_address_of_another_kind_says_what_is_allowed(
        self, folder: Path, options: tuple[str, ...], said: str
    ) -> None:
        refused(run("node", "serve", folder, "--listen", "127.0.0.1:0", *options), said)
        # What was begun is undone: the folder is free again.
        assert run("node", "submit", folder, stdin=json.dumps(GOOD)).exit_code == 0

    def test_waits_in_the_wrong_order_are_wrong_usage(self, folder: Path) -> None:
        assert run("node", "serve", folder, "--wait", "5", "1").exit_code == 2
        assert run("node", "serve", folder, "--internet-every", "0").exit_code == 2
        assert run("node", "serve", folder, "--duty-cycle", "2").exit_code == 2


class TestSubmit:
    def test_good_lines_go_in_and_each_bad_one_gets_an_error(self, region: Region, folder: Path) -> None:
        text = "\n".join(
            [
                json.dumps(GOOD),
                "",
                "not json",
                json.dumps({"report": GOOD, "id": "r1", "truth": 5}),
                json.dumps({"report": {**GOOD, "urgency": "Wayan"}, "id": "r2"}),
                json.dumps({"narrative": STORY, "recruiter": {"phone": 5}, "Wayan": 1}),
                "[]",
                "[" * 100_000,
                json.dumps({"report": GOOD, "id": {"a": [1]}}),
            ]
        )
        result = run("node", "submit", folder, stdin=text)
        assert result.exit_code == 1
        taken = [line for line in lines(result) if "receipt" in line]
        errors = [line for line in lines(result) if "error" in line]
        assert [line["ref"] for line in taken] == [None, "r1", {"a": [1]}]
        assert all(set(line) == {"receipt", "id", "ref"} for line in taken)
        assert [line["line"] for line in errors] == [2, 4, 5, 6, 7]
        assert errors[1]["ref"] == "r2"
        assert [problem["field"] for problem in errors[1]["problems"]] == ["urgency"]
        fields = {problem["field"] for problem in errors[2]["problems"]}
        assert {"kind", "recruiter.phone"} <= fields
        assert all(problem["allowed"] for line in errors[1:3] for problem in line["problems"])
        assert not any(word in result.stdout + result.stderr for word in SECRETS)
        region.settle()
        assert region.stories() == [STORY] * 3

    def test_attachments_come_from_the_folder_that_is_given(
        self, region: Region, folder: Path, tmp_path: Path
    ) -> None:
        (tmp_path / "foto.jpg").write_bytes(b"foto" * 20_000)
        line = {"report": GOOD, "id": 1, "attachments": [{"type": "image/jpeg", "file": "foto.jpg"}]}
        result = run("node", "submit", folder, "--attachments", tmp_path, stdin=json.dumps(line))
        [taken] = lines(result)
        assert set(taken) == {"receipt", "id", "ref"}
        region.settle()
        assert region.hub.store.work.show_attachment(taken["id"], 0, by="sari") == b"foto" * 20_000
        region.stop_node()
        # Other keys of a line are ignored, but nobody shall think that the picture went.
        result = run("node", "submit", folder, stdin=json.dumps(line))
        assert result.exit_code == 0
        assert "--attachments" in result.stderr

    def test_an_attachment_that_is_refused_keeps_its_report_back(
        self, region: Region, folder: Path, tmp_path: Path
    ) -> None:
        within = tmp_path / "foto"
        within.mkdir()
        (within / "besar").write_bytes(bytes(4 * 2**20 + 1))
        (tmp_path / "rahasia").write_bytes(STORY.encode())
        (within / "tautan").symlink_to(tmp_path / "rahasia")
        (within / "folder").mkdir()
        names = ["../rahasia", str(tmp_path / "rahasia"), "tautan", "folder", "..", "", "tidak ada", "besar"]
        wrong: list[object] = [[{"type": "image/jpeg", "file": name}] for name in [*names, "\ud800", "a\x00"]]
        wrong += [[{"type": "text/html", "file": "besar"}], "besar", ["besar"], [{"file": "besar"}]]
        wrong += [[{"type": 5, "file": "besar"}], [{"type": "image/jpeg", "file": "x"}] * 9]
        text = "\n".join(json.dumps({"report": GOOD, "id": 1, "attachments": one}) for one in wrong)
        result = run("node", "submit", folder, "--attachments", within, stdin=text)
        assert result.exit_code == 1
        assert all(
            {"error", "ref", "line"} <= set(line) <= {"error", "ref", "line", "refused"}
            for line in lines(result)
        )
        assert len(lines(result)) == len(wrong)
        assert {line["ref"] for line in lines(result)} == {1}
        assert not any(word in result.stdout for word in (*SECRETS, "rahasia", "tautan", str(tmp_path)))
        assert not region.node().log.pending_count()

    def test_only_good_lines_exit_0(self, folder: Path) -> None:
        result = run("node", "submit", folder, stdin=json.dumps(GOOD) + "\n")
        assert result.exit_code == 0
        assert result.stderr == ""

    def test_bytes_that_are_no_text_are_one_bad_line(self, folder: Path) -> None:
        good = json.dumps(GOOD).encode()
        result = run("node", "submit", folder, stdin=good + b"\n\xff\xfe\n" + good + b"\n")
        assert result.exit_code == 1
        assert [line.get("line") for line in lines(result)] == [None, 2, None]

    def test_an_id_that_cannot_be_printed_is_refused_before_anything_is_taken(
        self, region: Region, folder: Path
    ) -> None:
        result = run("node", "submit", folder, stdin=json.dumps({"report": GOOD, "id": "\ud800"}))
        assert result.exit_code == 1
        assert "id" in lines(result)[0]["error"]
        assert not region.node().log.pending()

    def test_beside_a_running_server_it_goes_through_it(
        self, region: Region, folder: Path, server: HandInServer
    ) -> None:
        text = json.dumps({"report": GOOD, "id": 1}) + "\nnonsense\n" + json.dumps(GOOD)
        result = run("node", "submit", folder, stdin=text)
        assert result.exit_code == 1
        assert [set(line) for line in lines(result)] == [
            {"receipt", "id", "ref"},
            {"error", "ref", "line"},
            {"receipt", "id", "ref"},
        ]
        assert len({envelope.id.epoch for envelope in region.node().log.pending()}) == 1

    def test_a_missing_file_is_wrong_usage(self, folder: Path) -> None:
        assert run("node", "submit", folder, folder / "missing.jsonl").exit_code == 2

    def test_each_run_has_an_epoch_of_its_own(self, region: Region, folder: Path) -> None:
        ids = [lines(run("node", "submit", folder, stdin=json.dumps(GOOD)))[0]["id"] for _ in range(3)]
        assert len({name.split(".")[0] for name in ids}) == 3
        region.settle()
        assert region.stories() == [STORY] * 3
        assert region.hub.store.intake.missing() == 0

    def test_beside_another_process_that_seals_it_says_so(self, region: Region, folder: Path) -> None:
        region.node()
        refused(run("node", "submit", folder, stdin=json.dumps(GOOD)), "another process")


class TestReceipt:
    def test_it_shows_the_ladder(self, region: Region, folder: Path) -> None:
        [line] = lines(run("node", "submit", folder, stdin=json.dumps(GOOD)))
        code = line["receipt"]
        spaced = " ".join(code[i : i + 4] for i in range(0, 16, 4))
        for given, stdin in ((code, None), (spaced, None), ("-", spaced + "\n")):
            result = run("node", "receipt", folder, given, "--json", stdin=stdin)
            [view] = lines(result)
            assert [step["step"] for step in view["ladder"] if step["reached"]] == ["saved"]
            assert view["answers"] == []

    def test_wrong_codes_say_what_is_wrong(self, folder: Path) -> None:
        refused(run("node", "receipt", folder, "1234"), "16 digits")
        refused(run("node", "receipt", folder, "-", stdin=""), "16 digits")
        line = refused(run("node", "receipt", folder, "1234567890123456"), "no report")
        assert "1234567890123456" not in line
        for _ in range(25):
            result = run("node", "receipt", folder, "1234567890123456")
        refused(result, "too many wrong codes")


class TestCourier:
    def test_there_and_back_with_and_without_a_server(self, region: Region, folder: Path) -> None:
        up, down = region.path / "up", region.path / "down"
        [taken] = lines(run("node", "submit", folder, stdin=json.dumps(GOOD)))
        [exported] = lines(run("node", "courier-export", folder, up))
        assert exported["bytes"] == up.stat().st_size
        region.hub.desk.exchange(up.read_bytes(), via="courier")
        region.hub.store.work.answer(taken["id"], "Baik.", asks=True, by="sari")
        down.write_bytes(region.hub.desk.courier_bundle([1]))
        [imported] = lines(run("node", "courier-import", folder, down))
        assert (imported["receipted"], imported["arrived"]) == (1, 1)
        [view] = lines(run("node", "receipt", folder, taken["receipt"]))
        assert [answer["text"] for answer in view["answers"]] == ["Baik."]
        node = region.node()
        server = HandInServer(folder, node.reporting, node.desk, node.health.status)
        try:
            [again] = lines(run("node", "courier-import", folder, down))
            assert (again["receipted"], again["arrived"]) == (0, 0)
            assert run("node", "courier-export", folder, up).exit_code == 0
        finally:
            server.close()

    def test_wrong_files_say_what_they_are(self, region: Region, folder: Path) -> None:
        file = region.path / "file"
        run("node", "submit", folder, stdin=json.dumps(GOOD))
        for content, said in (
            (b"", "not a Kentongan bundle"),
            (b"PK\x03\x04", "not a Kentongan bundle"),
            (b"KTGB" + bytes(100), "damaged"),
        ):
            file.write_bytes(content)
            refused(run("node", "courier-import", folder, file), said)
        run("node", "courier-export", folder, file)
        refused(run("node", "courier-import", folder, file), "not meant for this side")
        refused(run("node", "courier-import", folder, region.path / "missing"), "cannot be read")
        refused(run("node", "courier-export", folder, region.path / "no" / "such"), "cannot be written")
        refused(run("node", "courier-export", folder, "/proc/x"), "cannot be written")

    def test_another_villages_file_says_so(self, region: Region, folder: Path) -> None:
        region.file("lain", "53.18.01.2003")
        region.exchange("53.18.01.2003")
        file = region.path / "file"
        number = region.node("53.18.01.2003").store.identity.enrolment.node_number
        file.write_bytes(region.hub.desk.courier_bundle([number]))
        refused(run("node", "courier-import", folder, file), "another village")


class TestSync:
    def test_what_is_missing_is_said(self, folder: Path) -> None:
        refused(run("node", "sync", folder, "--once", "--via", "http"), "--hub URL")
        refused(run("node", "sync", folder, "--once", "--via", "radio"), "--radio URL")
        refused(run("node", "sync", folder, "--once", "--via", "courier"), "--out FILE")
        assert run("node", "sync", folder, "--once", "--via", "pigeon").exit_code == 2
        assert run("node", "sync", folder, "--via", "http").exit_code == 2

    def test_a_hub_that_is_not_there_is_said_and_what_waits_waits(self, region: Region, folder: Path) -> None:
        run("node", "submit", folder, stdin=json.dumps(GOOD))
        refused(
            run("node", "sync", folder, "--once", "--via", "http", "--hub", "http://127.0.0.1:1"),
            "cannot be reached",
        )
        assert len(region.node().log.pending()) == 1

    def test_a_radio_that_is_not_there_is_said(self, folder: Path) -> None:
        arguments = ("--once", "--via", "radio", "--radio", "serial:/dev/does-not-exist", "--timeout", "2")
        refused(run("node", "sync", folder, *arguments))


class TestStatusAndDoctor:
    def test_status_reads_without_a_server(self, folder: Path) -> None:
        run("node", "submit", folder, stdin=json.dumps(GOOD))
        [status] = lines(run("node", "status", folder, "--json"))
        assert (status["running"], status["reports_waiting"], status["village"]) == (False, "some", VILLAGE)

    def test_status_beside_a_server_is_the_servers(
        self, region: Region, folder: Path, server: HandInServer
    ) -> None:
        [status] = lines(run("node", "status", folder))
        assert status["village"] == VILLAGE

    def findings(self, *arguments: object, code: int) -> dict[str, dict[str, Any]]:
        result = run("node", "doctor", *arguments)
        assert result.exit_code == code
        found = {line["check"]: line for line in lines(result)}
        for line in found.values():
            assert line["ok"] is (line["problem"] is None)
            assert line["ok"] or line["do"]
        return found

    def test_a_node_that_runs_is_well(self, folder: Path, server: HandInServer) -> None:
        assert all(line["ok"] for line in self.findings(folder, code=0).values())

    def test_without_a_server_it_says_how_to_start_one(self, folder: Path) -> None:
        assert "node serve" in self.findings(folder, code=1)["server"]["do"]

    def test_no_node_says_how_to_make_one(self, tmp_path: Path) -> None:
        assert "node init" in self.findings(tmp_path, code=1)["enrolment"]["do"]

    def test_open_files_a_full_disk_and_a_broken_database_are_found(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "node.key").chmod(0o644)
        monkeypatch.setattr("village_node.doctor.free_bytes", lambda folder: 1024)
        (folder / "node.sqlite3").write_bytes(b"not a database" * 1000)
        found = self.findings(folder, code=1)
        assert "chmod 600" in found["mode of node.key"]["do"]
        assert "free some space" in found["disk"]["do"]
        assert "new enrolment" in found["store"]["do"]

    def test_a_clock_that_is_wrong_is_found(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("sync.clock.SystemClock.wall_s", lambda self: 0.0)
        assert "date" in self.findings(folder, code=1)["clock"]["do"]

    @pytest.mark.parametrize(
        ("there", "said", "install"),
        [
            (("prlimit",), "read but not heard", "sudo apt-get install espeak-ng lame,"),
            (("espeak-ng", "prlimit"), "long notices", "sudo apt-get install lame,"),
        ],
    )
    def test_a_box_that_cannot_speak_is_told_what_to_install(
        self,
        folder: Path,
        monkeypatch: pytest.MonkeyPatch,
        there: tuple[str, ...],
        said: str,
        install: str,
    ) -> None:
        programs = folder.parent / "bin"
        programs.mkdir()
        for program in there:
            (programs / program).symlink_to(shutil.which(program) or "")
        monkeypatch.setenv("PATH", str(programs))
        found = self.findings(folder, code=1)["sound of notices"]
        assert said in found["problem"]
        assert found["do"].startswith(install)

    def test_radio_and_hub_are_tried_when_given(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("village_node.doctor.RADIO_WAIT_S", 0.5)
        found = self.findings(
            folder, "--radio", "serial:/dev/does-not-exist", "--hub", "http://127.0.0.1:1", code=1
        )
        assert found["radio"]["do"]
        assert "cannot be reached" in found["hub"]["problem"]
        found = self.findings(folder, "--radio", "nonsense", "--hub", "nonsense", code=1)
        assert "serial:" in found["radio"]["do"]
        assert found["hub"]["ok"] is False

    def test_a_sign_in_page_is_not_taken_for_the_hub(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("sync.carriers.https.HubClient.exchange", lambda self, bundle: b"<html>Login")
        assert (
            "something else"
            in self.findings(folder, "--hub", "https://hub.example", code=1)["hub"]["problem"]
        )


def test_a_full_disk_is_one_line(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise StorageFullError("the disk is full")

    monkeypatch.setattr("village_node.log.NodeLog.begin_boot", full)
    refused(run("node", "submit", folder, stdin=json.dumps(GOOD)), "disk is full")


@pytest.mark.parametrize("error", [PermissionError(13, "no", STORY), peewee.OperationalError(STORY)])
def test_a_folder_that_cannot_be_written_is_one_line_without_what_was_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr("village_node.wiring.SealingLock", failing)
    line = refused(run("node", "submit", folder, stdin=json.dumps(GOOD)), "doctor")
    assert not any(word in line for word in SECRETS)


def test_an_enrolment_of_another_hub_is_only_found_out_when_it_speaks(region: Region) -> None:
    stranger = Region(region.path / "elsewhere", region.clock)
    try:
        text = stranger.enrolment()
    finally:
        stranger.close()
    file = region.path / "foreign.json"
    file.write_text(text)
    folder = region.path / "node-foreign"
    assert run("node", "init", folder, "--enrolment", file).exit_code == 0
    run("node", "submit", folder, stdin=json.dumps(GOOD))
    assert Enrolment.from_text(text).hub_public != region.hub.store.identity.static.public
    out = region.path / "out"
    assert run("node", "courier-export", folder, out).exit_code == 0
    refused(run("hub", "courier-import", region.hub_folder, out), "no node of this hub made this file")


def test_the_socket_is_used_for_large_bundles_too(region: Region, folder: Path, server: HandInServer) -> None:
    big = {"kind": "recruiter", "narrative": "".join(chr(0x4E00 + i * 37 % 20_000) for i in range(4000))}
    text = "\n".join(json.dumps(big) for _ in range(40))
    assert run("node", "submit", folder, stdin=text).exit_code == 0
    out = region.path / "out"
    assert run("node", "courier-export", folder, out).exit_code == 0
    assert len(base64.b64encode(out.read_bytes())) > 100_000
    region.hub.desk.exchange(out.read_bytes(), via="courier")
    assert len(region.stories()) == 40
