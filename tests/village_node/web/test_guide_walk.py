"""A technician follows the handbook word for word: each thing to press is there, in that order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from flask.testing import FlaskClient
from guide_sources import LANGUAGES, Guide
from werkzeug.datastructures import MultiDict

from village_node.services import STEP_NAMES, LadderStep, ReceiptView

if TYPE_CHECKING:
    from tests.village_node.web.conftest import Element, MemoryServices, Page

CODE = "1234567890123456"
CHAPTER = {"id": "Laporan pertama, dan cara menariknya", "en": "The first report, and how it is withdrawn"}
AT_THE_HUB = {"id": "Ditarik pelapor", "en": "Withdrawn by the reporter"}
TYPED = {"narrative": "percobaan", "code": CODE}


class Reader:
    """A browser without a script in hands that press what a book says."""

    def __init__(self, client: FlaskClient, read: type[Page], home: str) -> None:
        self.client, self.read, self.home = client, read, home
        self.text = client.get(home).text

    def find(self, words: str) -> Element | None:
        """Return what can be pressed and says these words, alone or before anything else."""
        page = self.read(self.text)
        said = [(" ".join(e.text.split()), e) for e in page.elements if e.tag in ("a", "button")]
        return next(
            (e for text, e in said if text == words),
            next((e for text, e in said if text.startswith(words)), None),
        )

    def follow(self, words: str) -> None:
        """Press what says the words, here or on the first page; else they must stand here to be read."""
        pressed = self.find(words)
        read = " ".join(self.read(self.text).all("html")[0].text.split())
        if pressed is None and words not in read:
            self.text = self.client.get(self.home).text
            pressed = self.find(words)
            assert pressed is not None, f"nothing to press says {words!r}, nor does the page say so"
        if pressed is not None and pressed.tag == "a":
            self.text = self.client.get(pressed["href"]).text
        elif pressed is not None:
            self.send(pressed)

    def send(self, button: Element) -> None:
        """Send the form in which the button stands, with what the book says to type."""
        [form] = [outer for outer in button.inside if outer.tag == "form"]
        fields = MultiDict([(button["name"], button["value"])] if button["name"] else [])
        for element in self.read(self.text).elements:
            within = any(outer.attributes == form.attributes for outer in element.inside)
            sent = element["type"] not in ("checkbox", "radio") or "checked" in element
            if within and sent and element.tag in ("input", "textarea") and element["name"]:
                fields.add(element["name"], TYPED.get(element["name"], element["value"]))
        self.text = self.client.post(form["action"], data=fields).text


def words_in_bold(guide: Guide, chapter: str) -> list[str]:
    part = guide.source.partition(f"### {chapter}\n")[2].partition("\n### ")[0]
    return re.findall(r"\*\*(.+?)\*\*", part)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_report_of_the_handbook_is_filed_seen_and_withdrawn(
    language: str, client: FlaskClient, services: MemoryServices, read: type[Page]
) -> None:
    words = words_in_bold(Guide(language, "technician"), CHAPTER[language])
    assert len(words) > 10
    at_the_hub = tuple(LadderStep(name, at < 3, 60 if at < 3 else None) for at, name in enumerate(STEP_NAMES))
    services.views[CODE] = ReceiptView(at_the_hub, ())
    reader = Reader(client, read, "/" if language == "id" else f"/{language}/")
    for word in words:
        if word != AT_THE_HUB[language]:
            reader.follow(word)
    assert services.reports == [
        {
            "kind": "other",
            "urgency": "info",
            "narrative": "percobaan",
            "official_involved": False,
            "channel": "web",
        }
    ]
    assert [code for code, _ in services.withdrawn.values()] == [CODE]


def test_a_button_that_is_not_there_would_be_seen(client: FlaskClient, read: type[Page]) -> None:
    reader = Reader(client, read, "/")
    reader.follow("Lapor")
    with pytest.raises(AssertionError, match="nothing to press says 'Lainnya'"):
        reader.follow("Lainnya")
