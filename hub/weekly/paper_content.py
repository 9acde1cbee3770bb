"""A weekly report as plain texts and shapes, to be drawn by a process of its own. Without ReportLab."""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from typing import Any, Final

from hub.languages import N_, speaking, translate
from hub.pictures.drawing import Picture, Words
from hub.referrals.paper_process import draw_in_child
from hub.web.local_time import LocalTime
from hub.weekly.services import KeptReport
from hub.weekly.telling import Told, plain, tell

DRAWER: Final = "hub.weekly.paper"


def pdf_of(kept: KeptReport, hub: str, local: LocalTime, language: str) -> bytes:
    """Return the PDF of a report in a language; raise PaperFailed."""
    with speaking(language):
        content = as_content(tell(kept, hub, local), language)
    return draw_in_child(content, DRAWER)


class KeptPapers:
    """The PDFs of the last reports that somebody took, by all that stands in them. Threads may share it.

    A process of its own draws each for half a second, and an office opens the same one again and again.
    """

    def __init__(self, most: int = 16) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._drawn: OrderedDict[bytes, bytes] = OrderedDict()

    def pdf_of(self, kept: KeptReport, hub: str, local: LocalTime, language: str) -> bytes:
        """See `pdf_of`."""
        with speaking(language):
            content = as_content(tell(kept, hub, local), language)
        # By what is drawn and nothing else: areas, corrections and words of the hub are in it.
        name = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).digest()
        with self._lock:
            found = self._drawn.get(name)
            if found is not None:
                self._drawn.move_to_end(name)
                return found
        drawn = draw_in_child(content, DRAWER)
        with self._lock:
            self._drawn[name] = drawn
            while len(self._drawn) > self._most:
                self._drawn.popitem(last=False)
        return drawn


def as_content(told: Told, language: str) -> dict[str, Any]:
    """Return a report for `draw`, in a language, so that it goes over a pipe."""
    with speaking(language):
        said = plain(told)
        page = translate(N_("Halaman %(page)s dari %(pages)s", page="{page}", pages="{pages}"))
        return {
            "language": language,
            "title": said.title,
            "lines": [said.week, f"{said.hub}: {said.areas}", said.made],
            "mark": said.mark,
            "correction": said.correction,
            "page": page,
            "week_heading": translate(N_("Minggu ini dalam tiga kalimat")),
            "how_heading": translate(N_("Cara menghitung")),
            "sentences": said.sentences,
            "sections": [
                {
                    "title": one.title,
                    "lines": one.lines,
                    "table": None
                    if one.table is None
                    else {"caption": one.table.caption, "rows": [one.table.headings, *one.table.rows]},
                    "picture": None if one.picture is None else as_plain(one.picture),
                }
                for one in said.sections
            ],
            "notes": said.notes,
        }


def as_plain(picture: Picture) -> dict[str, Any]:
    """Return a picture for `Drawn`, its texts in the language of who looks, so that it goes over a pipe."""
    shapes = []
    for shape in picture.shapes:
        told = {name: getattr(shape, name) for name in shape.__slots__}
        if isinstance(shape, Words):
            told["text"] = translate(shape.text)
        shapes.append({"shape": type(shape).__name__, **told})
    return {
        "summary": translate(picture.summary),
        "notes": [translate(note) for note in picture.notes],
        "width": picture.width,
        "height": picture.height,
        "shapes": shapes,
    }
