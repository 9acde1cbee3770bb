"""The material of a box: a new version is whole and tried before it is used, and the last good one stays."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from releases import named, secret
from village import quick_folder

from content.errors import PackRefused
from content.files import shipped_files
from content.packs import entries_of, pack, unpack
from content.updates import make_update
from village_node.content_store import MAX_STARTS, ContentStore, NothingToGoBackTo

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
SHIPPED = dict(shipped_files())
DAY = datetime.date(2026, 11, 26)
ROOT = Path(__file__).resolve().parents[2]
LANGUAGE = "languages/id/language.toml"


def material(name: str) -> dict[str, bytes]:
    """The shipped material with another name of its language, by which a test knows it again."""
    text = SHIPPED[LANGUAGE].decode().replace("Bahasa Indonesia", name)
    return {**SHIPPED, LANGUAGE: text.encode()}


def packed(version: int, files: dict[str, bytes] | None = None, **more: object) -> bytes:
    files = material(f"Versi {version}") if files is None else files
    held = [str(sha) for sha in more.get("held", ())]  # type: ignore[attr-defined]
    return pack(files, version=version, made_at=DAY, release_key=KEY, held=held)


def accept(_: Path) -> None:
    """Stands for the trial where a test is not about it."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    with quick_folder(tmp_path) as quick:
        yield quick


def store_in(folder: Path, trial: Callable[[Path], None] = accept) -> ContentStore:
    folder.mkdir(exist_ok=True)
    store = ContentStore(folder / "content", PUBLIC, trial=trial)
    store.begin()
    return store


def shown(store: ContentStore) -> str:
    return store.catalogue().about.name


def test_without_any_pack_the_shipped_material_is_shown(folder: Path) -> None:
    store = store_in(folder)
    assert shown(store) == "Bahasa Indonesia"
    assert store.status()["version"] == 0
    with pytest.raises(NothingToGoBackTo):
        store.roll_back()


def test_a_pack_is_used_at_once_and_after_a_start(folder: Path) -> None:
    store = store_in(folder)
    assert shown(store) == "Bahasa Indonesia"
    assert store.take(packed(3)) == 3
    assert shown(store) == "Versi 3"
    assert shown(store_in(folder)) == "Versi 3"
    assert store.status()["made_at"] == "2026-11-26"


def test_the_trial_in_another_process_refuses_material_that_does_not_load(folder: Path) -> None:
    store = ContentStore(folder / "content", PUBLIC)
    store.begin()
    store.take(packed(1))
    broken = {**material("Versi 2"), "languages/id/help.toml": b"[[line]]\nkey = 3\n"}
    with pytest.raises(PackRefused, match="cannot be used"):
        store.take(packed(2, broken))
    assert (shown(store), store.status()["version"]) == ("Versi 1", 1)


@pytest.mark.parametrize(
    "wrong",
    [
        packed(5)[:-20],
        packed(5).replace(b"KTGPACK1", b"KTGPACK2"),
        pack(SHIPPED, version=5, made_at=DAY, release_key=Ed25519PrivateKey.from_private_bytes(bytes(32))),
        packed(4),
        packed(3),
        packed(5, held=[entry.sha256 for entry in entries_of(material("Versi 5"))]),
        b"",
    ],
    ids=["cut", "magic", "strange-key", "same-version", "older", "of-unknown-files", "empty"],
)
def test_what_is_not_a_newer_pack_changes_nothing(folder: Path, wrong: bytes) -> None:
    store = store_in(folder)
    store.take(packed(4))
    with pytest.raises(PackRefused):
        store.take(wrong)
    assert (shown(store), store.state.active) == ("Versi 4", 4)


def test_a_box_without_a_release_key_says_so(folder: Path) -> None:
    store = ContentStore(folder / "content", None, trial=accept)
    with pytest.raises(PackRefused, match="release key"):
        store.take(packed(1))


@pytest.mark.parametrize("base", ["shipped", "in-use"])
def test_a_pack_that_leaves_out_what_is_held_is_taken(folder: Path, base: str) -> None:
    store = store_in(folder)
    if base == "in-use":
        store.take(packed(1))
    held = SHIPPED if base == "shipped" else material("Versi 1")
    small = packed(2, held=[entry.sha256 for entry in entries_of(held)])
    assert len(small) < len(packed(2)) / 3
    store.take(small)
    assert shown(store) == "Versi 2"


def test_an_update_in_pieces_builds_on_what_the_box_holds(folder: Path) -> None:
    store = store_in(folder)
    data = packed(1)
    update = make_update(data, unpack(data, [KEY.public_key()]), entries_of(SHIPPED))
    assert store.take_update(update) == 1
    assert shown(store) == "Versi 1"
    foreign = make_update(data, unpack(data, [KEY.public_key()]), entries_of(material("never held")))
    with pytest.raises(PackRefused, match="other material"):
        store.take_update(foreign)


def test_one_goes_back_by_hand_and_forward_again_by_hand_only(folder: Path) -> None:
    store = store_in(folder)
    store.take(packed(1))
    store.proven()
    store.take(packed(2))
    assert store.roll_back() == 1
    assert (shown(store), store.state.left, store.state.why) == ("Versi 1", 2, "by hand")
    data = packed(2)
    update = make_update(data, unpack(data, [KEY.public_key()]), entries_of(material("Versi 1")))
    with pytest.raises(PackRefused, match="above 2"):
        store.take_update(update)
    assert store.take(data) == 2
    assert store.roll_back() == 1
    assert store.roll_back() == 0
    assert shown(store) == "Bahasa Indonesia"


def test_damage_on_the_card_leads_back_at_the_next_start(folder: Path) -> None:
    store = store_in(folder)
    store.take(packed(1))
    store.proven()
    store.take(packed(2))
    store.proven()
    file = folder / "content" / "v2" / "languages" / "id" / "help.toml"
    file.write_bytes(file.read_bytes().replace(b"a", b"b", 1))
    assert store.status()["damaged"]
    store = store_in(folder)
    assert (shown(store), store.state.why) == ("Versi 1", "broken")
    (folder / "content" / "v1" / "head").unlink()
    assert shown(store_in(folder)) == "Bahasa Indonesia"


def test_a_version_with_which_no_start_ends_is_given_up(folder: Path) -> None:
    store = store_in(folder)
    store.take(packed(1))
    store.proven()
    store.take(packed(2))
    for _ in range(MAX_STARTS):
        assert shown(store_in(folder)) == "Versi 2"  # and then the power fails, or it crashes
    store = store_in(folder)
    assert (shown(store), store.state.left, store.state.why) == ("Versi 1", 2, "crashed")


def test_a_version_that_came_up_once_is_kept_however_often_power_fails(folder: Path) -> None:
    store = store_in(folder)
    store.take(packed(1))
    store_in(folder).proven()
    for _ in range(5):
        assert shown(store_in(folder)) == "Versi 1"


def test_only_what_may_be_gone_back_to_is_kept(folder: Path) -> None:
    store = store_in(folder)
    for version in (1, 2, 3):
        store.take(packed(version))
        store.proven()
    assert sorted(path.name for path in (folder / "content").glob("v*")) == ["v2", "v3"]


def test_an_unreadable_state_leads_to_what_was_shipped(folder: Path) -> None:
    store_in(folder).take(packed(1))
    (folder / "content" / "state.json").write_text("{")
    assert shown(store_in(folder)) == "Bahasa Indonesia"


def test_a_language_that_the_material_lacks_is_shown_in_indonesian(folder: Path) -> None:
    assert store_in(folder).catalogue("jv").language == "id"


KILLED = """
import os, shutil, signal, sys
from pathlib import Path

from village_node.content_store import ContentStore

home, pack, public = Path(sys.argv[1]), Path(sys.argv[2]).read_bytes(), bytes.fromhex(sys.argv[3])


def take_and_die_at(step, folder):
    left = [step]

    def dying(do):
        def call(*given, **named):
            left[0] -= 1
            if not left[0]:
                os.kill(os.getpid(), signal.SIGKILL)
            return do(*given, **named)

        return call

    store = ContentStore(folder, public, trial=lambda folder: None)
    store.begin()
    for name in ("fsync", "rename", "replace", "open", "mkdir", "rmdir", "unlink"):
        setattr(os, name, dying(getattr(os, name)))
    store.take(pack)
    os._exit(0)


for step in range(1, 500):
    folder = home / f"killed-{step}" / "content"
    shutil.copytree(home / "before" / "content", folder)
    child = os.fork()
    if not child:
        take_and_die_at(step, folder)
    if os.waitpid(child, 0)[1] == 0:
        print(step)
        break
"""


def test_a_kill_at_any_step_of_the_switch_leaves_a_version_that_works(tmp_path: Path) -> None:
    few = {path: SHIPPED[path] for path in list(SHIPPED)[:1]}

    def version(number: int) -> bytes:
        text = SHIPPED[LANGUAGE].decode().replace("Bahasa Indonesia", f"Versi {number}")
        return packed(number, {**few, LANGUAGE: text.encode()})

    with quick_folder(tmp_path) as home:
        before = store_in(home / "before")
        for number in (1, 2):
            before.take(version(number))
            before.proven()
        (home / "new.pack").write_bytes(version(3))
        given = [str(home), str(home / "new.pack"), PUBLIC.hex()]
        done = subprocess.run(
            [sys.executable, "-c", KILLED, *given], capture_output=True, text=True, cwd=ROOT, check=True
        )
        seen = []
        for step in range(1, int(done.stdout)):
            after = store_in(home / f"killed-{step}")
            seen.append(shown(after))
            assert after.state.why == "", step  # nobody is blamed for a power cut
            after.take(version(4))  # and the next one still fits in
            assert shown(after) == "Versi 4"
    changed_at = seen.index("Versi 3")
    assert seen == ["Versi 2"] * changed_at + ["Versi 3"] * (len(seen) - changed_at)
    assert changed_at > 15


def test_material_of_a_key_that_was_replaced_is_shown_and_nothing_more_of_it_is_taken(folder: Path) -> None:
    spare, after = secret(1), secret(2)
    one = named(b"", by=KEY, release=KEY, spares=(spare,))
    chain = b""
    folder.mkdir(exist_ok=True)
    store = ContentStore(folder / "content", PUBLIC, chain=lambda: chain, trial=accept)
    store.begin()
    store.take(packed(1))
    store.proven()
    chain = named(one, by=spare, release=after, spares=(spare,))
    with pytest.raises(PackRefused):
        store.take(packed(2))
    again = ContentStore(folder / "content", PUBLIC, chain=lambda: chain, trial=accept)
    again.begin()
    assert (again.state.active, again.status()["damaged"]) == (1, False)
    assert again.take(pack(material("Versi 2"), version=2, made_at=DAY, release_key=after)) == 2
    # Statements of another hub lead nowhere from here.
    chain = named(b"", by=after, release=after, spares=(spare,))
    other = ContentStore(folder / "content", PUBLIC, chain=lambda: chain, trial=accept)
    with pytest.raises(PackRefused):
        other.take(pack(material("Versi 3"), version=3, made_at=DAY, release_key=after))
