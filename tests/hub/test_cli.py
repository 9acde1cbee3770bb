"""`kentongan hub ...`: JSON on standard output, one line of error that says what to do, exit 0, 1 or 2."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import processes
import pytest
from click.testing import CliRunner, Result
from stores import drop
from village import OTHER_VILLAGE, SECRETS, STORY, VILLAGE, Region, answers, report

from kentongan import main
from sync.sealing.enrolment import Enrolment
from sync.wire.attachments import Attachment
from sync.wire.numbers import MediaType

PASSWORD = "kentongan bertalu-talu"


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


def test_no_command_loads_scipy_before_it_needs_it() -> None:
    # It doubles the time in which a hub begins, and every command of the hub.
    code = "import sys, hub.cli, hub.wiring; sys.exit('scipy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


def lines(result: Result) -> list[dict[str, Any]]:
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
    """A hub that runs and has a report of one village."""
    region.file()
    region.settle()
    return region.hub_folder


def report_id(region: Region) -> str:
    [view] = region.hub.store.work.all_reports()
    return view.id


class TestInit:
    def test_it_makes_a_private_hub(self, tmp_path: Path) -> None:
        folder = tmp_path / "hub"
        result = run("hub", "init", folder, "--name", "Pusat")
        [line] = lines(result)
        assert line["hub"] == "Pusat"
        assert "Back up" in result.stderr
        assert stat.S_IMODE((folder / "hub.key").stat().st_mode) == 0o600
        before = (folder / "hub.key").read_bytes()
        refused(run("hub", "init", folder), "holds a hub already")
        assert (folder / "hub.key").read_bytes() == before

    def test_wrong_options_make_nothing(self, tmp_path: Path) -> None:
        folder = tmp_path / "hub"
        refused(run("hub", "init", folder, "--database", "mysql://x:rahasia@y/z"), "sqlite:///PATH")
        refused(run("hub", "init", folder, "--database", "sqlite:////no/such/folder/x"), "--database")
        assert run("hub", "init", folder, "--release-key", "zz").exit_code == 2
        assert run("hub", "init", folder, "--release-key", "00").exit_code == 2
        refused(run("hub", "init", "/proc/x"), "cannot write")
        assert run("hub", "init", folder).exit_code == 0

    def test_a_database_elsewhere_is_used(self, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/elsewhere.sqlite3"
        assert run("hub", "init", tmp_path / "hub", "--database", url).exit_code == 0
        assert (tmp_path / "elsewhere.sqlite3").exists()


NO_HUB: list[tuple[str, ...]] = [
    ("reports", "--jsonl"),
    ("answer", "ffffffffffffffff.0.1", "teks"),
    ("enrol", "--village", VILLAGE, "--out", "x"),
    ("courier-import", "x"),
    ("courier-export", "x"),
    ("backup", "x"),
    ("nodes",),
    ("serve",),
    ("worker",),
    ("user", "add"),
]


@pytest.mark.parametrize("arguments", NO_HUB, ids=lambda arguments: arguments[0])
class TestUnusableFolders:
    def run(self, folder: Path, arguments: tuple[str, ...]) -> Result:
        if arguments[0] == "user":
            return run(
                *("hub", "user", "add", folder, "sari", "--role", "analyst", "--password-file", "-"),
                stdin=PASSWORD,
            )
        name, *rest = arguments
        return run("hub", name, folder, *rest)

    def test_a_folder_without_a_hub_says_how_to_make_one(
        self, tmp_path: Path, arguments: tuple[str, ...]
    ) -> None:
        refused(self.run(tmp_path, arguments), "kentongan hub init DIR")
        refused(self.run(tmp_path / "nowhere", arguments), "kentongan hub init DIR")

    def test_damaged_keys_say_what_to_do(self, tmp_path: Path, arguments: tuple[str, ...]) -> None:
        run("hub", "init", tmp_path)
        (tmp_path / "hub.key").write_text('{"x25519": 5}')
        refused(self.run(tmp_path, arguments), "restore hub.key")

    def test_a_database_that_is_none_sends_to_the_doctor(
        self, tmp_path: Path, arguments: tuple[str, ...]
    ) -> None:
        run("hub", "init", tmp_path)
        for file in tmp_path.glob("hub.sqlite3*"):
            file.unlink()
        (tmp_path / "hub.sqlite3").write_bytes(b"not a database" * 1000)
        refused(self.run(tmp_path, arguments), "kentongan hub doctor")


class TestReports:
    def test_a_report_with_pictures_says_how_many(self, region: Region) -> None:
        attached = [Attachment(MediaType.JPEG, b"foto")] * 2
        region.node().take_report(report("dengan foto"), form_token=None, attachments=attached)
        region.file("tanpa foto")
        region.settle()
        shown = lines(run("hub", "reports", region.hub_folder, "--jsonl"))
        told = {line["report"]["narrative"]: line.get("attachments") for line in shown}
        assert told == {"dengan foto": 2, "tanpa foto": None}

    def test_each_line_holds_what_tools_rely_on(self, region: Region, folder: Path) -> None:
        [line] = lines(run("hub", "reports", folder, "--jsonl"))
        assert set(line) == {
            *("id", "village", "taken_at", "taken_between", "received_at", "via", "report"),
        }
        assert line["report"] == {"kind": "recruiter", "narrative": STORY}
        assert line["village"] == VILLAGE
        low, high = line["taken_between"]
        assert low <= line["taken_at"] <= high
        assert region.hub.store.work.view(line["id"]).read_at is None

    def test_without_the_flag_it_is_wrong_usage(self, folder: Path) -> None:
        assert run("hub", "reports", folder).exit_code == 2


class TestAnswer:
    def test_it_reaches_the_reporter(self, region: Region, folder: Path) -> None:
        taken = region.file("dengan kode")
        region.settle()
        assert taken.envelope_id is not None
        assert lines(run("hub", "answer", folder, taken.envelope_id, "Satu.")) == [{"queued": True}]
        run("hub", "answer", folder, taken.envelope_id, "-", "--ask", stdin="Dua?\n")
        region.settle()
        assert answers(region.node(), taken.code) == ["Satu.", "Dua?"]

    def test_beside_it_stands_the_office_or_who_was_named(self, region: Region, folder: Path) -> None:
        name = report_id(region)
        run("hub", "answer", folder, name, "Satu.")
        run("hub", "answer", folder, name, "Dua.", "--by", "Sari")
        office = region.hub.store.identity.name
        assert [row.written_by for row in region.hub.store.work.view(name).answers] == [office, "Sari"]

    @pytest.mark.parametrize("name", ["ffffffffffffffff.0.1", "nonsense", "", "x" * 5000])
    def test_a_wrong_id_says_where_to_find_them(self, folder: Path, name: str) -> None:
        refused(run("hub", "answer", folder, name, "teks"), "kentongan hub reports")

    @pytest.mark.parametrize("text", ["", "  ", "x" * 1001])
    def test_a_wrong_text_says_what_is_allowed(self, region: Region, folder: Path, text: str) -> None:
        refused(run("hub", "answer", folder, report_id(region), text), "1 to 1000 characters")

    def test_bytes_that_are_no_text_are_refused(self, region: Region, folder: Path) -> None:
        refused(run("hub", "answer", folder, report_id(region), "-", stdin=b"\xff\xfe"), "UTF-8")
        assert region.hub.store.outgoing.waiting() == []


class TestUsers:
    def add(self, folder: Path, password: str | bytes, name: str = "sari", role: str = "analyst") -> Result:
        return run("hub", "user", "add", folder, name, "--role", role, "--password-file", "-", stdin=password)

    def test_an_account_signs_in(self, region: Region, folder: Path) -> None:
        assert lines(self.add(folder, PASSWORD + "\nsecond line")) == [{"role": "analyst"}]
        assert region.hub.store.accounts.sign_in("sari", PASSWORD) is not None

    def test_what_is_wrong_is_said_without_the_password(self, folder: Path) -> None:
        line = refused(self.add(folder, "rahasia"), "at least 12")
        assert "rahasia" not in line
        refused(self.add(folder, ""), "at least 12")
        refused(self.add(folder, PASSWORD, name="\n"), "1 to 64")
        refused(self.add(folder, b"\xff" * 20), "UTF-8")
        assert self.add(folder, PASSWORD, role="king").exit_code == 2
        missing = run("hub", "user", "add", folder, "x", "--role", "analyst", "--password-file", "/no/file")
        assert missing.exit_code == 2


class TestEnrol:
    def enrol(self, folder: Path, out: Path, village: str = OTHER_VILLAGE) -> Result:
        return run("hub", "enrol", folder, "--village", village, "--out", out)

    def test_it_writes_one_private_file(self, region: Region, folder: Path) -> None:
        out = region.path / "enrolment.json"
        [line] = lines(self.enrol(folder, out))
        assert stat.S_IMODE(out.stat().st_mode) == 0o600
        enrolment = Enrolment.from_text(out.read_text())
        assert (enrolment.village, enrolment.node_number) == (OTHER_VILLAGE, line["node"])
        assert enrolment.psk.hex() not in json.dumps(line)

    def test_a_second_time_is_refused(self, region: Region, folder: Path) -> None:
        refused(self.enrol(folder, region.path / "out", VILLAGE), "has a node already")
        assert not (region.path / "out").exists()

    def test_a_file_that_is_there_is_never_written_over(self, region: Region, folder: Path) -> None:
        out = region.path / "enrolment.json"
        out.write_text("keep me")
        refused(self.enrol(folder, out), "exists")
        assert out.read_text() == "keep me"

    def test_a_file_that_cannot_be_written_leaves_the_village_free(
        self, region: Region, folder: Path
    ) -> None:
        refused(
            self.enrol(folder, region.path / "no" / "such" / "folder"), "name files in a folder that is there"
        )
        assert self.enrol(folder, region.path / "out").exit_code == 0

    @pytest.mark.parametrize("village", ["", "x", "52.2", "52.02.08.2001.1", "52.02.08.2001\n", "٥٢"])
    def test_a_wrong_code_says_what_one_is(self, region: Region, folder: Path, village: str) -> None:
        refused(self.enrol(folder, region.path / "out", village), "52.02.08.2001")


class TestCourier:
    def test_there_and_back_without_the_hub_ever_serving(self, region: Region) -> None:
        hub, node = region.path / "offline-hub", region.path / "offline-node"
        up, down, enrolment = region.path / "up", region.path / "down", region.path / "enrolment"
        run("hub", "init", hub)
        run("hub", "enrol", hub, "--village", VILLAGE, "--out", enrolment)
        run("node", "init", node, "--enrolment", enrolment)
        text = json.dumps({"kind": "recruiter", "narrative": STORY})
        [taken] = lines(run("node", "submit", node, stdin=text))
        run("node", "courier-export", node, up)
        [imported] = lines(run("hub", "courier-import", hub, up))
        assert imported == {"envelopes": 1, "new": 1, "refused": 0}
        assert lines(run("hub", "courier-import", hub, up))[0]["new"] == 0
        run("hub", "answer", hub, taken["id"], "Kami tahu.")
        [exported] = lines(run("hub", "courier-export", hub, down, "--village", VILLAGE))
        assert exported["villages"] == 1
        assert lines(run("node", "courier-import", node, down))[0]["arrived"] == 1
        [view] = lines(run("node", "receipt", node, taken["receipt"]))
        assert [answer["text"] for answer in view["answers"]] == ["Kami tahu."]
        assert [step["step"] for step in view["ladder"] if step["reached"]] == [
            "saved",
            "on_its_way",
            "received",
        ]

    def test_wrong_files_say_what_they_are(self, region: Region, folder: Path) -> None:
        file = region.path / "file"
        for content, said in ((b"", "not a Kentongan bundle"), (b"KTGB" + bytes(99), "damaged")):
            file.write_bytes(content)
            refused(run("hub", "courier-import", folder, file), said)
        assert run("hub", "courier-export", folder, file).exit_code == 0
        refused(run("hub", "courier-import", folder, file), "not meant for this side")
        refused(run("hub", "courier-import", folder, region.path / "missing"), "cannot be read")
        refused(run("hub", "courier-export", folder, "/proc/x"), "cannot be written")

    def test_a_village_that_never_spoke_is_said_to_have_not(self, region: Region) -> None:
        region.create_node()
        refused(run("hub", "courier-export", region.hub_folder, region.path / "f"), "no village has spoken")
        refused(
            run("hub", "courier-export", region.hub_folder, region.path / "f", "--village", "99"),
            "no such village",
        )


class TestServe:
    @pytest.mark.slow
    def test_a_busy_port_says_what_to_do(self, region: Region) -> None:
        run("hub", "init", region.path / "free-hub")
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen(1)
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            folder = str(region.path / "free-hub")
            done = processes.run("hub", "serve", folder, "--listen", address, check=False)
        assert done.returncode == 1
        assert done.stdout == ""
        [line] = done.stderr.splitlines()
        assert "is in use" in line

    def test_a_second_server_is_refused_and_the_first_goes_on(self, region: Region, folder: Path) -> None:
        generation = region.hub.generation
        refused(run("hub", "serve", folder, "--listen", "127.0.0.1:0"), "another process serves")
        assert region.hub.store.outgoing.generation == generation
        region.file("masih")
        region.settle()
        assert "masih" in region.stories()

    def test_nonsense_is_wrong_usage_or_one_line(self, region: Region) -> None:
        folder = region.path / "free-hub"
        run("hub", "init", folder)
        assert run("hub", "serve", folder, "--listen", "8081").exit_code == 2
        assert run("hub", "serve", folder, "--join", "--radio", "serial:auto").exit_code == 2
        refused(run("hub", "serve", folder, "--listen", "127.0.0.1:0", "--radio", "x"), "serial:PATH")
        refused(run("hub", "serve", folder, "--listen", "127.0.0.1:0", "--timezone", "Mars"))
        assert run("hub", "doctor", folder).exit_code == 1


class TestDoctorNodesAndBackup:
    def findings(self, folder: Path, code: int) -> dict[str, dict[str, Any]]:
        result = run("hub", "doctor", folder)
        assert result.exit_code == code
        found = {line["check"]: line for line in lines(result)}
        for line in found.values():
            assert line["ok"] is (line["problem"] is None)
            assert line["ok"] or line["do"]
        return found

    def test_a_new_hub_lacks_an_account_and_a_backup(self, region: Region, folder: Path) -> None:
        found = self.findings(folder, 1)
        assert {name for name, line in found.items() if not line["ok"]} == {
            "accounts",
            "backup",
            "off-site backup",
            "security.txt",
        }
        assert "user add" in found["accounts"]["do"]
        assert "hub backup" in found["backup"]["do"]
        region.hub.store.accounts.add("sari", "analyst", PASSWORD)
        near = run("hub", "backup", folder, region.path / "copy")
        assert lines(near)[0]["marks"] == 0
        assert "--off-site" in near.stderr
        assert lines(run("hub", "backup", folder, region.path / "copy", "--off-site"))[0]["marks"] == 1
        assert run("hub", "security-contact", folder, "tel:+62-370-0000-11").exit_code == 0
        assert all(line["ok"] for line in self.findings(folder, 0).values())

    def test_no_hub_says_how_to_make_one(self, tmp_path: Path) -> None:
        assert "hub init" in self.findings(tmp_path, 1)["keys"]["do"]

    def test_open_keys_a_full_disk_and_a_broken_database_are_found(
        self, region: Region, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (folder / "hub.key").chmod(0o640)
        monkeypatch.setattr("hub.doctor.MIN_FREE_BYTES", 2**60)
        found = self.findings(folder, 1)
        assert "chmod 600" in found["mode of hub.key"]["do"]
        assert found["disk"]["ok"] is False
        region.stop_hub()
        if region.database_url is None:
            for file in folder.glob("hub.sqlite3*"):
                file.unlink()
            (folder / "hub.sqlite3").write_bytes(b"not a database" * 1000)
        else:
            drop(region.database_url)
        assert "backup" in self.findings(folder, 1)["store"]["do"]

    def test_a_second_box_is_shown_with_what_to_compare(self, region: Region, folder: Path) -> None:
        from village_node import folder as node_folder

        clone = region.path / "clone"
        node_folder.create(clone, (region.node_folder() / "enrolment.json").read_text())
        node = region.nodes["clone"] = region.start(clone)
        up = region.path / "up"
        up.write_bytes(node.desk.up_bundle().data)
        refused(run("hub", "courier-import", folder, up), "no node of this hub")
        [line] = lines(run("hub", "nodes", folder))
        assert line["refused_keys"] == 1
        found = self.findings(folder, 1)["node 1"]
        assert VILLAGE in found["do"]
        assert line["fingerprint"] in found["do"]

    def test_a_backup_that_cannot_be_written_says_so(self, region: Region, folder: Path) -> None:
        refused(run("hub", "backup", folder, region.path / "no" / "such"), "no backup was written")
        refused(run("hub", "backup", folder, "/proc/x"), "no backup was written")

    def test_no_command_but_reports_prints_what_people_wrote(self, region: Region, folder: Path) -> None:
        for arguments in (("nodes",), ("doctor",), ("backup", region.path / "copy"), ("courier-export", "f")):
            name, *rest = arguments
            target = [region.path / "f"] if rest == ["f"] else rest
            result = run("hub", name, folder, *target)
            assert not any(word in result.stdout + result.stderr for word in SECRETS)
