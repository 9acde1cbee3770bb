"""What each page says aloud: the text that stands on it, read from the page itself.

`scripts/make-audio` turns these texts into sound, so that eye and ear are told the same. A recording by a
person takes the place of a clip by having its name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from pathlib import Path

from flask.testing import FlaskClient

from content.catalogue import Catalogue
from sync.records import Report
from village_node.awareness import OpenQuiz
from village_node.services import STEP_NAMES, Answer, LadderStep, ReceiptView, Taken
from village_node.web.languages import INDONESIAN, current
from village_node.web.steps import STEPS

PACKAGED_CLIPS = Path(__file__).parent / "audio"
"""Where `scripts/make-audio` puts its clips: `<language>/<name>.mp3`."""

_FORM = {"form_token": "token-for-an-example", "kind": "other", "narrative": "-"}
_CODE = {"code": "1234567890123456"}
PAGES: Mapping[str, tuple[str, Mapping[str, str] | None]] = {
    "home": ("/", None),
    "panic": ("/darurat", None),
    "stay": ("/tetap", {}),
    "list": ("/lapor", _FORM | {"go": "list"}),
    "taken": ("/lapor", _FORM),
    "quiz": ("/kuis/100", None),
    "quiz-number": ("/kuis", None),
    "quiz-thanks": ("/kuis/100", {"form_token": "token-for-an-example", "round": "before"}),
    "ask": ("/tanda-terima", None),
    "pictures": ("/gambar", {}),
    "ask-back": ("/catat", _CODE),
    "noted-again": ("/catat", _CODE | {"go": "again"}),
    "noted": ("/catat", _CODE | {"typed": "1234567890123456"}),
    "bulletins": ("/pengumuman", None),
    "opportunities": ("/peluang", None),
    "proof": ("/bukti", {"proof": "0000000000000000.0.1"}),
    **{f"step-{name}": ("/lapor", _FORM | {"go": f"step:{name}"}) for name in STEPS},
    **{f"status-{n}": ("/tanda-terima", {"code": f"{n:016}"}) for n in range(1, len(STEP_NAMES) + 1)},
    **{
        f"status-{n}-answer": ("/tanda-terima", {"code": f"{n + 10:016}"})
        for n in range(1, len(STEP_NAMES) + 1)
    },
}
"""How to see each page that speaks: its address, and the form that leads to it."""

_VOID = {"meta", "link", "input", "br", "path", "circle"}
_SILENT = {"script", "style", "svg", "option", "textarea", "audio"}
_INLINE = {"strong", "span", "a", "label", "b"}


class Examples:
    """Services under which every page can be seen: a code's number says how far its report is."""

    def take_report(self, report: Report, *, form_token: str | None) -> Taken:
        """Take nothing and show a receipt."""
        return Taken("1234567890123456", "0000000000000000.0.1", (0, 1, 2, 3), "4321")

    def look_up(self, code: str) -> ReceiptView:
        """Show as many steps as the code says, and an answer above ten."""
        has_answer, reached = divmod(int(code), 10)
        ladder = tuple(LadderStep(name, n < reached, None) for n, name in enumerate(STEP_NAMES))
        return ReceiptView(ladder, (Answer("-", False, None),) if has_answer else ())

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
    blocks = [" ".join(block.split()) for block in _Words(html).blocks]
    # A telephone number is said digit by digit; 4.000 is a number.
    blocks = [re.sub(r"(?<![0-9.,])[0-9]{3,}(?!\.[0-9])", _digits, block) for block in blocks]
    return " ".join(block if block[-1] in ".?!:" else f"{block}." for block in blocks if block)


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
        if name not in PAGES:
            return None
        files = (folder / tag / f"{name}.mp3" for folder in self._folders)
        return next((file for file in files if file.is_file()), None)

    def of_page(self, name: str) -> Clip | None:
        """Return the clip of a page in its language, else in Indonesian, else None."""
        for tag in dict.fromkeys((current().tag, INDONESIAN.tag)):
            if self.file(tag, name) is not None:
                return Clip(f"/suara/{tag}/{name}.mp3", tag == current().tag)
        return None
