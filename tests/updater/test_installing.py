"""A release goes beside the running version, whole or not at all, and the way back stands."""

from __future__ import annotations

import errno
import io
import json
import os
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from releases import FIRST, KEY, PUBLIC, installed_box, named, release, secret, wheel

from updater.__main__ import main
from updater.installing import TAKEN, take
from updater.installing import _flush_card as flush_card
from updater.release_file import ReleaseRefused
from updater.slots import MAX_STARTS, NEW, Slots, State
from updater.successors import KEYS_FILE, KeyRing

SAYS = "def main():\n    import unchanged\n    print('second', unchanged.VALUE)\n    return 0\n"


@pytest.fixture(autouse=True)
def _no_wait_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("updater.installing._flush_card", lambda folder: None)
    monkeypatch.setattr(os, "fsync", lambda descriptor: None)


@pytest.fixture
def box(tmp_path: Path) -> Slots:
    (tmp_path / "opt").mkdir()
    return installed_box(tmp_path / "opt")


def put(box: Slots, data: bytes) -> Path:
    inbox = box.program.parent / "next.release"
    inbox.write_bytes(data)
    return inbox


def taken(box: Slots, data: bytes) -> State:
    return take(put(box, data), box, [PUBLIC], machine="aarch64")


def why(box: Slots, data: bytes) -> str:
    before = box.linked()
    with pytest.raises(ReleaseRefused) as refused:
        taken(box, data)
    assert box.linked() == before == box.state().good
    assert box.state().why == refused.value.why
    assert [f.name for f in box.program.iterdir() if f.name.startswith("0.")] == [FIRST]
    assert not (box.program / TAKEN).exists()
    assert not (box.program.parent / "next.release").exists()
    return refused.value.why


@pytest.mark.slow
def test_a_release_runs_beside_the_old_one(box: Slots) -> None:
    """Not on an emulated board: there the host starts it, and Python does not learn its environment."""
    program = box.program / "venv/bin/kentongan"
    for version in ("0.2.0", "0.3.0"):
        taken(box, release(version, SAYS))
        assert subprocess.run([program], capture_output=True, text=True, check=True).stdout == "second 1\n"
        box.prove()


def test_a_release_shares_with_the_old_one_what_did_not_change(box: Slots) -> None:
    state = taken(box, release(program=SAYS))
    assert state == State(good=FIRST, trial="0.2.0")
    site = next(box.folder("0.2.0").glob("lib/python3*/site-packages"))
    old = next(box.folder(FIRST).glob("lib/python3*/site-packages"))
    assert (site / "unchanged/__init__.py").stat().st_ino == (old / "unchanged/__init__.py").stat().st_ino
    assert list(site.glob("__pycache__/kentongan.*.pyc"))
    assert "return 0" in (old / "kentongan.py").read_text()
    # The third builds on the second: its own RECORD tells what to link.
    box.prove()
    assert taken(box, release("0.3.0", SAYS)).trial == "0.3.0"
    assert box.prove() == State(good="0.3.0", before="0.2.0")
    assert box.go_back() == State(good="0.2.0", left="0.3.0", why="by_hand")


def test_what_is_not_for_this_box_is_refused(box: Slots) -> None:
    whole = release()
    assert why(box, release(key=Ed25519PrivateKey.from_private_bytes(bytes(32)))) == "signature"
    assert why(box, whole[:-1]) == "damaged"
    assert why(box, b"") == "damaged"
    assert why(box, release(FIRST)) == "version"
    assert why(box, release("0.0.9")) == "version"
    assert why(box, release(minimum="0.1.5")) == "version"
    assert why(box, release(leaves="0.4.0")) == "version"
    assert why(box, release(machine="x86_64")) == "machine"
    assert why(box, release(packages=(("kentongan", "0.2.0"), ("other", "1")))) == "lacks"
    assert why(box, release(store=9, store_floor=8)) == "store"
    own = {"unchanged-1.0-py3-none-any.whl": (wheel("unchanged", "1.0", {"a.py": ""}), "")}
    assert why(box, release(wheels=own, packages=(("unchanged", "1.0"),))) == "damaged"


def test_what_finds_no_room_is_named_and_versions_that_nothing_names_make_room(
    box: Slots, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its name the box would fetch it again, and the hub would not hear of which version that is."""
    taken(box, release())
    box.give_up("silent")
    room: list[bool] = []

    def free(folder: Path) -> int:
        room.append(not box.folder("0.2.0").exists())
        return 0

    monkeypatch.setattr("updater.installing._free_bytes", free)
    with pytest.raises(ReleaseRefused):
        taken(box, release("0.3.0"))
    assert (box.state().left, box.state().why, room) == ("0.3.0", "room", [True])


@pytest.mark.parametrize(
    ("number", "why"), [(errno.ENOSPC, "room"), (errno.EDQUOT, "room"), (errno.EIO, "card")]
)
def test_a_card_that_fills_up_while_it_unpacks_is_not_called_broken(
    box: Slots, monkeypatch: pytest.MonkeyPatch, number: int, why: str
) -> None:
    """A technician with a new card would come in vain."""

    def write(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("updater.installing.unpack_wheel", write)
    with pytest.raises(ReleaseRefused) as refused:
        taken(box, release())
    assert (refused.value.why, box.state().left, box.state().why) == (why, "0.2.0", why)
    assert [one.name for one in box.program.iterdir() if one.is_dir() and one.name != "venv"] == [FIRST]


def test_a_signed_way_back_is_for_one_version_alone(box: Slots) -> None:
    state = taken(box, release("0.0.9", leaves=FIRST))
    assert state.trial == "0.0.9"


def test_a_damaged_package_on_the_card_is_not_taken_along(box: Slots) -> None:
    next(box.folder(FIRST).glob("lib/*/site-packages/unchanged/__init__.py")).write_text("VALUE = 2\n")
    assert why(box, release()) == "lacks"


def test_a_package_of_which_a_file_is_missing_on_the_card_is_not_taken_along(box: Slots) -> None:
    next(box.folder(FIRST).glob("lib/*/site-packages/unchanged/__init__.py")).unlink()
    assert why(box, release()) == "lacks"


def test_what_a_wheel_has_for_other_folders_goes_to_the_packages_or_nowhere(box: Slots) -> None:
    data = "kentongan-0.2.0.data"
    files = {
        "kentongan.py": SAYS,
        f"{data}/purelib/pure.py": "",
        f"{data}/platlib/own/plat.py": "",
        f"{data}/scripts/run": "",
    }
    own = {"kentongan-0.2.0-py3-none-any.whl": (wheel("kentongan", "0.2.0", files), "")}
    taken(box, release(wheels=own))
    [site] = box.folder("0.2.0").glob("lib/python3*/site-packages")
    assert (site / "pure.py").exists()
    assert (site / "own/plat.py").exists()
    assert not list(box.folder("0.2.0").rglob("run"))
    assert not list(site.glob("*.data"))


def test_what_a_cut_left_half_built_is_not_in_the_way(box: Slots) -> None:
    half = box.program / f"0.2.0{NEW}" / "bin"
    half.mkdir(parents=True)
    (half / "python").touch()
    assert taken(box, release()).trial == "0.2.0"


def test_a_way_back_to_the_version_before_builds_it_anew_in_its_place(box: Slots) -> None:
    taken(box, release())
    box.prove()
    (box.folder(FIRST) / "spoilt").touch()
    state = taken(box, release(FIRST, leaves="0.2.0"))
    assert state == State(good="0.2.0", trial=FIRST, before=FIRST)
    assert not (box.folder(FIRST) / "spoilt").exists()
    assert not list(box.program.glob(f"*{NEW}"))


def test_a_card_that_does_not_flush_is_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def library(name: None, *, use_errno: bool) -> SimpleNamespace:
        assert use_errno, "or the reason is lost"
        return SimpleNamespace(syncfs=lambda number: -1)

    monkeypatch.setattr("updater.installing.ctypes.CDLL", library)
    monkeypatch.setattr("updater.installing.ctypes.get_errno", lambda: errno.EIO)
    with pytest.raises(OSError, match="Input/output error"):
        flush_card(tmp_path)


def bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("kentongan-0.2.0.dist-info/METADATA", "")
        made.writestr("kentongan.py", bytes(3_000_000))
    raw = bytearray(data.getvalue())
    at = raw.rindex(b"PK\x01\x02", 0, len(raw))  # the directory says that it is small
    raw[at + 24 : at + 28] = (5).to_bytes(4, "little")
    return bytes(raw)


def linking() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        link = zipfile.ZipInfo("kentongan.py")
        link.external_attr = 0o120777 << 16
        made.writestr(link, "/etc/passwd")
    return data.getvalue()


def twice() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile says that the name is there already
        made.writestr("kentongan-0.2.0.dist-info/METADATA", "")
        for text in ("VALUE = 1", "VALUE = 2"):
            made.writestr("kentongan.py", text)
    return data.getvalue()


@pytest.mark.parametrize(
    "carried",
    [
        wheel("kentongan", "0.2.0", {"../../../../escaped.py": ""}),
        wheel("kentongan", "0.2.0", {"/tmp/escaped.py": ""}),
        wheel("kentongan", "0.2.0", {"kentongan.py": "", "deep/" * 80 + "x.py": ""}),
        wheel("kentongan", "0.2.0", {"a\\..\\b.py": ""}),
        wheel("kentongan", "0.2.0", {"kentongan-0.2.0.data/purelib/../../../x.py": ""}),
        linking(),
        bomb(),
        wheel("kentongan", "0.2.0", {"kentongan.py": "#" * 70_000}),
        twice(),
        b"PK no zip",
        wheel("unchanged", "1.0", {"a.py": ""}),
    ],
    ids=[
        "up",
        "absolute",
        "long",
        "backslash",
        "data",
        "link",
        "bomb",
        "large",
        "twice",
        "no zip",
        "another package",
    ],
)
def test_a_signed_wheel_may_not_leave_its_folder_or_fill_the_card(
    box: Slots, carried: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("updater.wheels.MAX_UNPACKED_BYTES", 65_536)
    named = {"kentongan-0.2.0-py3-none-any.whl": (carried, "")}
    assert why(box, release(wheels=named)) in ("damaged", "lacks")
    assert not list(box.program.parent.rglob("escaped.py"))


def test_an_inbox_that_is_no_file_is_emptied_and_not_followed(box: Slots, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_bytes(release())
    inbox = tmp_path / "next.release"
    inbox.symlink_to(secret)
    for made in (os.mkfifo, os.mkdir, lambda folder: None):
        with pytest.raises(ReleaseRefused):
            take(inbox, box, [PUBLIC], machine="aarch64")
        assert not os.path.lexists(inbox)
        assert secret.exists()
        made(inbox)


def test_an_inbox_that_cannot_be_emptied_is_noted_once(box: Slots, monkeypatch: pytest.MonkeyPatch) -> None:
    inbox, unlink = put(box, release()), Path.unlink

    def refuse(path: Path, missing_ok: bool = False) -> None:
        if path == inbox:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS))
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    noted = []
    for _ in range(2):
        with pytest.raises(ReleaseRefused, match="Read-only"):
            take(inbox, box, [PUBLIC], machine="aarch64")
        noted.append((box.program / "update.json").stat().st_mtime_ns)
    assert noted[0] == noted[1]
    assert box.state() == State(good=FIRST, left="", why="card")


def test_a_version_on_trial_is_given_up_after_so_many_starts(box: Slots) -> None:
    taken(box, release())
    assert [box.begin().trial for _ in range(MAX_STARTS)] == ["0.2.0"] * MAX_STARTS
    assert box.begin() == State(good=FIRST, left="0.2.0", why="crashed")
    assert box.linked() == FIRST
    # By hand it may be tried again: what failed may have been the power.
    assert taken(box, release()).trial == "0.2.0"


def test_nothing_is_taken_while_another_is_on_trial(box: Slots) -> None:
    taken(box, release())
    with pytest.raises(ReleaseRefused, match="on trial"):
        taken(box, release("0.3.0"))
    assert box.state() == State(good=FIRST, trial="0.2.0")


def test_the_command_says_why_in_one_line(
    box: Slots, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "release.key"
    key.write_text(PUBLIC.hex() + "\n")
    inbox = put(box, release()[:-5])
    words = ["--program", str(box.program), "--inbox", str(inbox), "--key", str(key), "--restart", "true"]
    assert main(["take", *words]) == 1
    said = capsys.readouterr().err
    assert said == "kentongan: the release is cut short: copy it again\n"
    put(box, release())
    assert main(["take", *words]) == 0
    assert main(["back", *words]) == 0
    assert '"left": "0.2.0"' in capsys.readouterr().out
    key.write_text("\n")
    put(box, release())
    assert main(["take", *words]) == 1
    assert capsys.readouterr().err.endswith("holds no release key: this box takes no releases\n")


def test_the_command_begins_a_start_and_watches_site_and_node(
    box: Slots, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[object, ...]] = []
    monkeypatch.setattr("updater.__main__.ask", lambda *words: asked.append(words))
    taken(box, release())
    words = ["--program", str(box.program), "--node", "/box", "--hold", "0", "--restart", "true"]
    assert main(["begin", *words]) == 0
    assert box.state().starts == 1
    assert main(["watch", *words, "--site", "http://127.0.0.1:9"]) == 0
    assert asked == [("http://127.0.0.1:9", Path("/box"), "0.2.0")]
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["good"] == "0.2.0"


# -- successors of the key ------------------------------------------------------------------------

SPARE, NEXT = secret(1), secret(2)
ONE = named(b"", by=KEY, release=KEY, spares=(SPARE,))
TWO = named(ONE, by=SPARE, release=NEXT, spares=(SPARE,))


def test_a_key_that_was_lost_is_replaced_by_the_spare_one_and_counts_no_more(box: Slots) -> None:
    assert why(box, release(key=NEXT)) == "signature"
    assert taken(box, release(chain=ONE)).trial == "0.2.0"
    box.prove()
    # The one signed by the key that was lost in the meantime, with or without what it could know.
    taken(box, release("0.3.0", key=NEXT, chain=TWO))
    box.prove()
    for old in (b"", ONE, TWO):
        with pytest.raises(ReleaseRefused, match="not signed by the release key"):
            taken(box, release("0.4.0", chain=old))
    assert taken(box, release("0.4.0", key=NEXT)).trial == "0.4.0", "it knows the keys by now"


def test_keys_are_learned_whatever_becomes_of_the_release(box: Slots) -> None:
    """A thief's release must not count because ours, which named other keys, was refused or given up."""
    assert why(box, release(key=NEXT, chain=TWO)[:-1]) == "damaged"
    assert KeyRing(box.program, [PUBLIC]).trust().epoch == 2
    assert why(box, release()) == "signature"
    taken(box, release(key=NEXT))
    box.give_up("crashed")
    assert why(box, release("0.3.0")) == "signature"


def test_forged_keys_change_nothing(box: Slots) -> None:
    forged = named(b"", by=secret(66), release=secret(66), spares=(SPARE,))
    assert why(box, release(key=secret(66), chain=forged)) == "signature"
    assert why(box, release(chain=ONE[:-1])) == "damaged"
    assert not (box.program / KEYS_FILE).exists()
    assert taken(box, release()).trial == "0.2.0"


def test_a_card_that_keeps_no_keys_takes_no_release(box: Slots, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else it would run what the new key signed and believe the old one after a start."""

    def write(*_: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr("updater.successors.write_flushed", write)
    assert why(box, release(key=NEXT, chain=TWO)) == "card"


# -- power cuts -----------------------------------------------------------------------------------


class Cut(BaseException):
    """The power went away."""


_CHANGES = {"open", "os.rename", "os.mkdir", "os.link", "os.symlink", "os.remove", "os.rmdir", "os.chmod"}
_cut_after: list[int] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if not _cut_after or event not in _CHANGES:
        return
    if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
        return
    _cut_after[0] -= 1
    if _cut_after[0] < 0:  # what a `finally` would still tidy up, a power cut does not
        raise Cut


sys.addaudithook(_hook)


@contextmanager
def power_for(changes: int) -> Iterator[list[bool]]:
    _cut_after[:] = [changes]
    was_cut: list[bool] = []
    try:
        yield was_cut
    except Cut:
        was_cut.append(True)
    finally:
        _cut_after.clear()


def test_a_power_cut_at_any_step_leaves_the_old_or_the_new_version(tmp_path: Path) -> None:
    outcomes = set()
    for changes in range(200):
        folder = tmp_path / str(changes) / "opt"
        folder.mkdir(parents=True)
        box = installed_box(folder)
        inbox = put(box, release(program=SAYS))
        with power_for(changes) as was_cut:
            take(inbox, box, [PUBLIC], machine="aarch64")
        state = Slots(folder).begin()
        assert Slots(folder).linked() == state.running
        assert (folder / "venv/bin/kentongan").exists()
        assert (folder / "venv/release.json").exists() == (state.running == "0.2.0")
        outcomes.add(state.running)
        if state.running == FIRST:  # and the next try goes well
            assert taken(Slots(folder), release(program=SAYS)).trial == "0.2.0"
        if not was_cut:
            break
    assert not was_cut
    assert outcomes == {FIRST, "0.2.0"}


def test_a_power_cut_while_keys_are_kept_leaves_the_old_or_the_new_ones(tmp_path: Path) -> None:
    ring, found = KeyRing(tmp_path, [PUBLIC]), []
    for changes in range(9):
        (tmp_path / KEYS_FILE).unlink(missing_ok=True)
        ring.learn(ONE)
        with power_for(changes) as was_cut:
            ring.learn(TWO)
        found.append(ring.trust().epoch)
        if not was_cut:
            break
    assert not was_cut
    assert found == sorted(found)
    assert set(found) == {1, 2}


def test_a_power_cut_while_going_back_leaves_no_broken_version_as_the_good_one(tmp_path: Path) -> None:
    for changes in range(12):
        folder = tmp_path / str(changes) / "opt"
        folder.mkdir(parents=True)
        box = installed_box(folder)
        taken(box, release())
        with power_for(changes) as was_cut:
            box.give_up("silent")
        state = Slots(folder).begin()
        assert state.good == FIRST
        assert state.trial == "0.2.0" or state.why == "silent"
        assert Slots(folder).linked() == state.running
    assert not was_cut
