"""A question of a villager, answered out of the box's material or not at all. Nothing is kept or sent.

What was typed travels in the body of a POST and comes back in the box of the page, to be put otherwise.
"""

from __future__ import annotations

import re
import threading
from weakref import WeakKeyDictionary

from flask import Blueprint, Response, request

from content.answering.answer import Answered, Unknown, answer
from content.answering.index import Index
from content.answering.material import passages_of
from content.catalogue import Catalogue
from village_node.web.learn_pages import titles_of
from village_node.web.material import Material
from village_node.web.spoken import Clip
from village_node.web.spoken_content import passage_words

FILE = "passages"
MAX_ASKED = 300
"""Letters of a question; what people type into a chat is a third of it."""

_FIRM = re.compile(r"\b(?:PT|P\.T|CV)\b[. ]*((?:[A-Z0-9][\w.'-]*\s*){1,6})|\bpt\b[. ]*((?:[\w'-]+\s*){1,3})")
"""A firm named in a question: words with capitals behind PT or CV, or up to three behind "pt"."""
_INDEXES: WeakKeyDictionary[Catalogue, Index] = WeakKeyDictionary()
_ONE_AT_A_TIME = threading.Lock()
"""An index is built once, and its table is asked by one thread at a time."""


def create_ask_pages(material: Material) -> Blueprint:
    """Build the page."""
    pages = Blueprint("ask", __name__)

    @pages.get("/tanya")
    def empty() -> Response:
        return _page(material, None)

    @pages.post("/tanya")
    def asked() -> Response:
        return _page(material, " ".join(request.form.get("q", "").split())[:MAX_ASKED])

    return pages


def answer_to(catalogue: Catalogue, question: str) -> Answered | Unknown:
    """Return what the material of a catalogue answers. Its first question builds the index."""
    with _ONE_AT_A_TIME:
        return answer(_index_of(catalogue), question)


def _index_of(catalogue: Catalogue) -> Index:
    if catalogue not in _INDEXES:
        _INDEXES[catalogue] = Index(passages_of(catalogue), catalogue.search_words())
    return _INDEXES[catalogue]


def firm_in(question: str) -> str:
    """Return the name of a firm that stands in a question, to be looked up; empty where none does."""
    named = _FIRM.search(question)
    return (named[1] or named[2] or "").strip(" .") if named else ""


def _page(material: Material, question: str | None) -> Response:
    catalogue = material.catalogue()
    found = answer_to(catalogue, question) if question else None
    answered = found if isinstance(found, Answered) else None
    titles = {key: title for key, title, _ in titles_of(catalogue).lessons}
    return material.page(
        "ask.html",
        catalogue,
        FILE,
        status=422 if question == "" else 200,
        question=question,
        answered=answered,
        clip_of_answer=_clip(material, answered) if answered else None,
        lessons=[(key, titles[key]) for key in answered.see_also if key in titles] if answered else [],
        firm=firm_in(question) if question else "",
        ministry=[line for line in catalogue.help_lines.values() if line.kind == "migrant" and line.number],
        path="/tanya",
        again=[("q", question)] if question else None,
    )


def _clip(material: Material, answered: Answered) -> Clip | None:
    kind, _, key = answered.passage.key.partition(":")
    if kind != "passage":
        return None

    def words(other: Catalogue) -> str:
        with _ONE_AT_A_TIME:
            there = {one.key: one for one in _index_of(other).passages}
        return passage_words(there[answered.passage.key])

    return material.clip(f"answer-{key}", FILE, words)
