"""A card taken out of a running box, and guessing that pulls the plug: one node, killed while it works."""

from __future__ import annotations

import base64
import itertools
import re
import shutil
import subprocess
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from processes import sample_lines
from raw_http import post
from served_sites import Served

WORDS = ("Zebrafinken", "Kupukupu Malamnya", "0812-0000-7391", "081200007391", "Sungai Rahasia Contoh")
"""Nothing of the kit holds these."""
STORY = f"{WORDS[0]} membawa {WORDS[1]} ke {WORDS[4]}, nomornya {WORDS[2]} atau {WORDS[3]}."
BLOCK_BYTES = 1024
TOOLS = ("mke2fs", "debugfs")


def spellings(word: str) -> Iterator[bytes]:
    """Yield how a word may stand in bytes: as text, in base64 at each place, in hexadecimal figures."""
    for form in {word, word.lower(), word.upper()}:
        for coding in ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le"):
            plain = form.encode(coding)
            yield plain
            yield plain.hex().encode()
            yield plain.hex().upper().encode()
            for shift in range(3):
                coded = base64.b64encode(bytes(shift) + plain)
                # What depends on the neighbours is left off at both ends.
                yield coded[4 if shift else 0 : -4]


def inflated(image: bytes) -> Iterator[bytes]:
    """Yield what any gzip or zlib stream in these bytes unpacks to."""
    for found in re.finditer(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]", image):
        reader = zlib.decompressobj(47)
        try:
            yield reader.decompress(image[found.start() : found.start() + 65536], 1_000_000)
        except zlib.error:
            continue


def leaks(image: bytes, secrets: tuple[str, ...]) -> set[str]:
    """Return which of the secrets stand in a card's bytes, however written."""
    unpacked = b"\0".join(inflated(image))
    return {one for one in secrets if any(form in image or form in unpacked for form in spellings(one))}


class Card:
    """An ext4 image of a node's folder. What was deleted from it stays in its blocks."""

    def __init__(self, image: Path, folder: Path) -> None:
        self.image = image
        subprocess.run(["mke2fs", "-q", "-t", "ext4", "-d", str(folder), str(image), "24M"], check=True)

    def put_anew(self, folder: Path) -> None:
        """Delete every file, and write what the folder holds now beside what was there."""
        files = [path for path in sorted(folder.iterdir()) if path.is_file() and not path.is_socket()]
        orders = "".join(f"rm /{path.name}\nwrite {path} /{path.name}\n" for path in files)
        subprocess.run(
            ["debugfs", "-w", "-f", "-", str(self.image)],
            input=orders.encode(),
            check=True,
            capture_output=True,
        )

    def bytes(self) -> bytes:
        """Return every block that is not empty, those of the journal and of deleted files too."""
        whole, empty = self.image.read_bytes(), bytes(BLOCK_BYTES)
        blocks = (whole[at : at + BLOCK_BYTES] for at in range(0, len(whole), BLOCK_BYTES))
        # What lay across two blocks still does: only runs of empty ones are left out.
        return b"".join(block for block in blocks if block != empty)


def guesses_until_refused(url: str, path: str, forms: Iterable[dict[str, str]]) -> int:
    """Guess until the box lets nobody guess any more; return how many guesses were answered."""
    for count, form in enumerate(forms):
        status = post(url, path, form).status
        if status == 429:
            return count
        assert status in (403, 404, 422), (path, status)
    raise AssertionError(f"{path}: never refused")


def codes(first: int, most: int) -> Iterator[dict[str, str]]:
    """Yield receipts that nobody has."""
    return ({"code": f"{number:016}"} for number in range(first, first + most))


@pytest.mark.slow
def test_a_card_shows_nothing_and_pulling_the_plug_wins_no_guess(served: Served, tmp_path: Path) -> None:
    for tool in TOOLS:
        if shutil.which(tool) is None:
            pytest.skip(f"needs {tool}: apt-get install e2fsprogs")
    village = served.scene
    lines = [{**line, "report": {**line["report"], "narrative": STORY}} for line in sample_lines(4)]
    receipts = tuple(str(reply["receipt"]) for reply in village.file(lines).values())
    card = Card(tmp_path / "card.img", village.node_folder)
    assert village.receipt(receipts[0])["ladder"]
    # Guessing: receipts and the PIN's code, until the box lets nobody guess any more.
    wrong_pin = {"code": "00000000", "new": "271828", "again": "271828"}
    guesses_until_refused(served.public, "/nomor", codes(0, 43))
    guesses_until_refused(served.facilitator, "/masuk", itertools.repeat(wrong_pin, 7))
    served.node.kill()
    card.put_anew(village.node_folder)
    served.start_node()
    # Time that passed meanwhile gives a guess back for each half minute; a start gives none.
    assert guesses_until_refused(served.public, "/nomor", codes(60, 12)) <= 11
    assert guesses_until_refused(served.facilitator, "/masuk", itertools.repeat(wrong_pin, 2)) <= 1
    served.node.kill()
    card.put_anew(village.node_folder)
    log = (village.folder / "node.log").read_bytes()
    served.start_node()
    receipts_typed = tuple(" ".join(re.findall("....", one)) for one in receipts)
    secrets = (*WORDS, *receipts, *receipts_typed, served.first_pin)
    assert leaks(card.bytes() + log, secrets) == set()


def test_the_search_finds_a_word_however_it_is_written() -> None:
    """The control: a search that finds nothing proves nothing."""
    word = WORDS[1]
    for written in (
        word.encode("utf-16-le"),
        base64.b64encode(b"x" + word.encode() + b"yz"),
        word.encode().hex().encode(),
        zlib.compress(word.encode() * 3),
        word.upper().encode(),
    ):
        assert leaks(bytes(999) + written + bytes(999), WORDS) == {word}
