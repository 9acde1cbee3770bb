"""What each page says aloud: the text that stands on it, read from the page itself.

`scripts/make-audio` turns these texts into sound, so that eye and ear are told the same. A recording by a
person takes the place of a clip by having its name.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING

from content.catalogue import Catalogue
from sync.records import Report
from sync.wire.attachments import Attachment
from sync.wire.numbers import WithdrawalReason
from village_node.awareness import OpenQuiz
from village_node.services import STEP_NAMES, Answer, FollowUpView, LadderStep, ReceiptView, Taken
from village_node.spoken_text import sentences
from village_node.web.languages import INDONESIAN, current
from village_node.web.steps import STEPS

if TYPE_CHECKING:
    # It would bring click's tests and Python's debugger into a box's memory.
    from flask.testing import FlaskClient

PACKAGED_CLIPS = Path(__file__).parent / "audio"
"""Where `scripts/make-audio` puts its clips: `<language>/<name>.mp3`."""

_TOKEN = {"form_token": "token-for-an-example"}
_FORM = _TOKEN | {"kind": "other", "narrative": "-"}
_CODE = {"code": "1234567890123456"}
PAGES: Mapping[str, tuple[str, Mapping[str, str] | None]] = {
    "home": ("/", None),
    "panic": ("/telepon", None),
    "stay": ("/tetap", {}),
    "list": ("/isi", _FORM | {"go": "list"}),
    "taken": ("/isi", _FORM),
    "quiz": ("/kuis/100", None),
    "quiz-number": ("/kuis", None),
    "quiz-thanks": ("/kuis/100", {"form_token": "token-for-an-example", "round": "before"}),
    "ask": ("/nomor", None),
    "pictures": ("/gambar", {}),
    "ask-back": ("/catat", _CODE),
    "noted-again": ("/catat", _CODE | {"go": "again"}),
    "noted": ("/catat", _CODE | {"typed": "1234567890123456"}),
    "bulletins": ("/pengumuman", None),
    "opportunities": ("/peluang", None),
    "ask-back-pictures": ("/catat", _CODE | {"go": "pictures", "pictures": "0,1,2,3"}),
    "files": ("/isi", _FORM | {"go": "files"}),
    "add": ("/lanjut", _CODE),
    "added": ("/lanjut", _CODE | {"go": "send", "text": "-"} | _TOKEN),
    "withdraw": ("/batal", _CODE),
    "withdrawn": ("/batal", _CODE | {"go": "send"} | _TOKEN),
    "proof": ("/bukti", {"proof": "0000000000000000.0.1"}),
    "agencies": ("/agen", None),
    "question": ("/tanya", None),
    "quiz-result": ("/kuis/tawaran", {"step": "teman", "a.teman": "a", "go": "next"}),
    **{f"step-{name}": ("/isi", _FORM | {"go": f"step:{name}"}) for name in STEPS},
    **{f"status-{n}": ("/nomor", {"code": f"{n:016}"}) for n in range(1, len(STEP_NAMES) + 1)},
    **{f"status-{n}-answer": ("/nomor", {"code": f"{n + 10:016}"}) for n in range(1, len(STEP_NAMES) + 1)},
}
"""How to see each page that speaks: its address, and the form that leads to it. Pages of the material speak
words of their own: see `spoken_content`."""

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,99}")
WORDS_FILE = "words.json"
"""Beside clips: name -> `digest_of` the words that each was made of, for clips of the material."""

_VOID = {"meta", "link", "input", "br", "path", "circle"}
_SILENT = {"script", "style", "svg", "option", "textarea", "audio"}
_INLINE = {"strong", "span", "a", "label", "b"}


class Examples:
    """Services under which every page can be seen: a code's number says how far its report is."""

    def take_report(
        self, report: Report, *, form_token: str | None, attachments: Sequence[Attachment] = ()
    ) -> Taken:
        """Take nothing and show a receipt."""
        return Taken("1234567890123456", "0000000000000000.0.1", (0, 1, 2, 3), "4321")

    def add_to_report(
        self,
        code: str,
        text: str,
        *,
        urgent: bool,
        question: int | None,
        form_token: str,
        attachments: Sequence[Attachment] = (),
    ) -> bool:
        """Take nothing and say that it was taken."""
        return False

    def withdraw_report(self, code: str, reason: WithdrawalReason, *, form_token: str) -> bool:
        """Take nothing and say that it was taken."""
        return False

    def look_up(self, code: str) -> ReceiptView:
        """Show as many steps as the code says, and above ten a question, an addition and a picture."""
        has_answer, reached = divmod(int(code), 10)
        ladder = tuple(LadderStep(name, n < reached, None) for n, name in enumerate(STEP_NAMES))
        if not has_answer:
            return ReceiptView(ladder, ())
        addition = FollowUpView(False, ladder[:3], "waiting")
        return ReceiptView(ladder, (Answer("-", True, None, 1),), (addition,), "waiting")

    def look_up_pictures(self, pictures: tuple[int, ...]) -> ReceiptView:
        """Show the first step."""
        return self.look_up("1")

    def today(self) -> str | None:
        """Know no day."""
        return None

    has_open_round = False

    def open_quizzes(self) -> list[OpenQuiz]:
        """Name no quiz, so that the number is asked for."""
        return []

    def open_quiz(self, number: int) -> OpenQuiz | None:
        """Show the round before the lessons."""
        quiz = Catalogue().quiz("tawaran")
        return OpenQuiz(1, number, "before", quiz) if number == 100 else None

    def answer(self, number: int, round_: str, token: str, chosen: Mapping[str, str]) -> bool:
        """Count nothing and say that it counted."""
        return True

    def new_form_token(self) -> str:
        """Return a token that no form uses."""
        return _FORM["form_token"]


class _Words(HTMLParser):
    """The words in `main`, a sentence a block; parts marked `data-silent` are different for everybody."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self._open: list[tuple[str, bool]] = []
        self.blocks: list[str] = [""]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _INLINE:
            self.blocks.append("")
        if tag not in _VOID:
            self._open.append((tag, tag in _SILENT or "data-silent" in dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _INLINE:
            self.blocks.append("")
        if tag not in _VOID:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if any(tag == "main" for tag, _ in self._open) and not any(silent for _, silent in self._open):
            self.blocks[-1] += data


def words_of(html: str) -> str:
    """Return what a page says aloud, a sentence for each block of it."""
    return said_numbers(sentences(_Words(html).blocks))


def said_numbers(text: str) -> str:
    """Return a text with telephone numbers digit by digit; 4.000 is a number and stays one."""
    return re.sub(r"(?<![0-9.,/])[0-9]{3,}(?!\.[0-9])", _digits, text)


def digest_of(words: str) -> str:
    """Return what tells whether a clip was made of these words."""
    return hashlib.sha256(words.encode("utf-8")).hexdigest()[:16]


def _digits(number: re.Match[str]) -> str:
    return " ".join(number[0])


def spoken_texts(client: FlaskClient, prefix: str = "") -> dict[str, str]:
    """Return the words of every page that speaks, of a site over `Examples`."""
    texts = {}
    for name, (path, form) in PAGES.items():
        address = prefix + path
        page = client.get(address) if form is None else client.post(address, data=form)
        texts[name] = words_of(page.text)
    return texts


@dataclass(frozen=True)
class Clip:
    """The sound of a page: its address, and whether it is in the page's own language."""

    path: str
    own_language: bool


class Clips:
    """Finds the clips of this box: recordings in its own folder come before those of the kit."""

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self._folders = folders

    def file(self, tag: str, name: str) -> Path | None:
        """Return the file of a clip, or None where there is none."""
        if _NAME.fullmatch(name) is None:
            return None
        files = (folder / tag / f"{name}.mp3" for folder in self._folders)
        return next((file for file in files if file.is_file()), None)

    def is_of(self, tag: str, name: str, words: str) -> bool:
        """Whether the clip that would be played says these words. A recording without a list is trusted."""
        file = self.file(tag, name)
        if file is None:
            return False
        made_of = _made_of(file.parent)
        return made_of.get(name, digest_of(words)) == digest_of(words)

    def of_page(self, name: str) -> Clip | None:
        """Return the clip of a page in its language, else in Indonesian, else None."""
        for tag in dict.fromkeys((current().tag, INDONESIAN.tag)):
            if self.file(tag, name) is not None:
                return Clip(f"/suara/{tag}/{name}.mp3", tag == current().tag)
        return None

    def of_words(self, name: str, spoken: Callable[[str], tuple[str, str]]) -> Clip | None:
        """Return the clip of words of the material, else of the same in Indonesian, else None.

        `spoken` gives, for a language, the one in which the material has the words, and the words.
        """
        for wanted in dict.fromkeys((current().tag, INDONESIAN.tag)):
            tag, words = spoken(wanted)
            if self.is_of(tag, name, said_numbers(words)):
                return Clip(f"/suara/{tag}/{name}.mp3", tag == current().tag)
        return None


def _made_of(folder: Path) -> Mapping[str, str]:
    try:
        return _read_words(folder, (folder / WORDS_FILE).stat().st_mtime_ns)
    except OSError:
        return {}


@functools.lru_cache(maxsize=4)
def _read_words(folder: Path, changed_ns: int) -> Mapping[str, str]:
    made_of: Mapping[str, str] = json.loads((folder / WORDS_FILE).read_text("utf-8"))
    return made_of
