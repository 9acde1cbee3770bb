"""A question of a villager, answered out of the box's material or not at all.

What was typed travels in the body of a POST and comes back in the box of the page, to be put otherwise.
Nothing is kept or sent, unless somebody presses the button that sends what is not known to the hub.
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
from village_node.passing_on import PassingOn, QuestionRefused, TooManyQuestions
from village_node.services import NotTaken
from village_node.taking import new_form_token
from village_node.web.languages import N_, current, translate
from village_node.web.learn_pages import titles_of
from village_node.web.material import Material
from village_node.web.report_pages import usable_token
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


NOT_KEPT = N_("Pertanyaan TIDAK tersimpan. Ada gangguan di kotak ini. Coba lagi nanti.")
TOO_LONG = N_("Pertanyaan terlalu panjang untuk dikirim. Tulis lebih pendek.")
ENOUGH_TODAY = N_("Hari ini sudah banyak pertanyaan dikirim dari kotak ini. Coba lagi besok.")
SEND_AGAIN = N_("Belum terkirim. Tekan Kirim sekali lagi.")


def create_ask_pages(material: Material, questions: PassingOn | None = None) -> Blueprint:
    """Build the page; without `questions` nothing can be sent to the hub."""
    pages = Blueprint("ask", __name__)

    @pages.get("/tanya")
    def empty() -> Response:
        return _page(material, None, questions)

    @pages.post("/tanya")
    def asked() -> Response:
        return _page(material, _typed()[:MAX_ASKED], questions)

    @pages.post("/tanya/kirim")
    def send() -> Response:
        question, token = _typed(), usable_token(request.form)
        if questions is None or not question or token is None:
            return _page(material, question[:MAX_ASKED], questions, problem=SEND_AGAIN)
        try:
            questions.send(question, current().tag, token=token)
        except TooManyQuestions:
            return _page(material, question, questions, problem=ENOUGH_TODAY, status=429)
        except QuestionRefused:
            return _page(material, question[:MAX_ASKED], questions, problem=TOO_LONG)
        except NotTaken:
            return _page(material, question[:MAX_ASKED], questions, problem=NOT_KEPT, status=503)
        return _page(material, None, questions, sent=True)

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


def _typed() -> str:
    return " ".join(request.form.get("q", "").split())


def _page(
    material: Material,
    question: str | None,
    questions: PassingOn | None,
    *,
    problem: str = "",
    sent: bool = False,
    status: int = 0,
) -> Response:
    catalogue = material.catalogue()
    found = answer_to(catalogue, question) if question else None
    answered = found if isinstance(found, Answered) else None
    titles = {key: title for key, title, _ in titles_of(catalogue).lessons}
    return material.page(
        "ask.html",
        catalogue,
        FILE,
        status=status or (422 if question == "" or problem else 200),
        sent=sent,
        problem=translate(problem) if problem else "",
        token=new_form_token() if questions is not None and question and not answered else "",
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
