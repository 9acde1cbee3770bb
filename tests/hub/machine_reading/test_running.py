"""A real model in its real process: CTranslate2 on weights written by hand, and what its process cannot
do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from needs_models import need
from tiny_models import write_translator

from hub.machine_reading.confinement import CannotConfine
from hub.machine_reading.running import Runner, missing_library
from hub.machine_reading.services import SPEECH, TRANSLATION, NoModel, ReadingFailed
from hub.machine_reading.shelf import Model, Shelf

TOLD = {"name": "kecil", "kind": TRANSLATION, "from": "jv", "to": "id", "licence": "MIT", "dated": "2026-11"}
TRIES = """
import ctypes, json, os, resource, signal, socket, subprocess, sys, threading
from pathlib import Path
from hub.machine_reading.confinement import confine
secret, model = Path(sys.argv[1]), Path(sys.argv[2])
def libc(name, *given):
    if getattr(ctypes.CDLL(None), name)(*given):
        raise OSError
confine([model])
found = {}
for name, attempt in {
    "network": lambda: socket.socket(),
    "pair": lambda: socket.socketpair(),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "write": lambda: open(model / "new", "w"),
    "cut": lambda: os.truncate(secret, 0),
    "remove": lambda: os.unlink(secret),
    "rename": lambda: os.rename(secret, str(secret) + "2"),
    "secret": lambda: secret.read_bytes(),
    "fork": lambda: os.fork() or os._exit(0),
    "signal": lambda: signal.pthread_kill(threading.get_ident(), signal.SIGWINCH),
    "limits of another": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_CORE, (0, 0)),
    "spaces": lambda: libc("unshare", 0x10000000),
    "rights": lambda: os.chmod(secret, 0o644),
    "owner": lambda: os.chown(secret, -1, -1),
    "model": lambda: (model / "model.bin").read_bytes(),
    "thread": lambda: threading.Thread(target=print, args=("",), kwargs={"end": ""}).start(),
}.items():
    try:
        attempt()
        found[name] = True
    except OSError:
        found[name] = False
print(json.dumps(found))
"""


def shelf_with(tmp_path: Path, write: bool = True) -> tuple[Shelf, Model]:
    source = tmp_path / "source"
    if write:
        write_translator(source / "model", {"aku": "saya", "ora": "tidak", "bali": "pulang"})
    else:
        (source / "model").mkdir(parents=True)
        (source / "model/model.bin").write_bytes(b"\xff" * 1000)
    shelf = Shelf(tmp_path / "models")
    return shelf, shelf.add(source, TOLD)


def test_a_real_model_translates_in_a_process_of_its_own(tmp_path: Path) -> None:
    need(TRANSLATION)
    shelf, model = shelf_with(tmp_path)
    reading = Runner(shelf)(model, b"aku ora bali\nora lunga")
    assert reading.text == "saya tidak pulang\ntidak lunga"
    assert [piece.text for piece in reading.pieces if not piece.known] == ["lunga"]
    assert 0 < reading.confidence <= 1
    assert (reading.from_language, reading.to_language, reading.model) == ("jv", "id", "kecil")


def test_a_bad_model_ends_its_process_and_nothing_else(tmp_path: Path) -> None:
    need(TRANSLATION)
    shelf, model = shelf_with(tmp_path, write=False)
    with pytest.raises(ReadingFailed):
        Runner(shelf)(model, b"aku ora bali")


def test_a_file_that_changed_never_runs(tmp_path: Path) -> None:
    need(TRANSLATION)
    shelf, model = shelf_with(tmp_path, write=False)
    (shelf.path_of(model) / "model/model.bin").write_bytes(b"other")
    with pytest.raises(NoModel, match="not those that were added"):
        Runner(shelf)(model, b"aku")


def test_without_its_library_a_model_is_switched_off_with_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    shelf, model = shelf_with(tmp_path, write=False)
    assert missing_library(SPEECH) == "what runs it is not installed: pip install 'kentongan[speech]'"
    with pytest.raises(NoModel, match=r"kentongan\[translate\]"):
        Runner(shelf)(model, b"aku")


def test_its_process_has_no_network_starts_no_program_writes_nothing_and_reads_no_key(
    tmp_path: Path,
) -> None:
    secret, model = tmp_path / "hub.key", tmp_path / "model"
    secret.write_text("secret")
    model.mkdir()
    (model / "model.bin").write_bytes(b"weights")
    child = subprocess.run(
        [sys.executable, "-I", "-B", "-c", TRIES, str(secret), str(model)],
        capture_output=True,
        check=True,
        timeout=60,
    )
    found = json.loads(child.stdout)
    assert [name for name, done in found.items() if done] == ["model", "thread"]


def test_what_a_child_says_is_read_up_to_a_limit_and_no_further(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, model = shelf_with(tmp_path, write=False)
    monkeypatch.setattr("hub.machine_reading.running.missing_library", lambda kind: None)
    monkeypatch.setattr(
        "hub.machine_reading.running.COMMAND", (sys.executable, "-c", "while 1: print('x' * 65536)")
    )
    with pytest.raises(ReadingFailed):
        Runner(shelf, patience_s=60)(model, b"aku")


def test_a_text_longer_than_any_page_shows_is_no_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, model = shelf_with(tmp_path, write=False)
    monkeypatch.setattr("hub.machine_reading.running.missing_library", lambda kind: None)
    told = json.dumps({"pieces": [{"text": "a" * 30_000, "known": True}], "confidence": 1})
    monkeypatch.setattr("hub.machine_reading.running.Runner._ask", lambda *_: told.encode())
    with pytest.raises(ReadingFailed):
        Runner(shelf)(model, b"aku")


def test_a_machine_whose_calls_are_not_known_runs_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    from hub.machine_reading import confinement

    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    with pytest.raises(CannotConfine):
        confinement._filter()
