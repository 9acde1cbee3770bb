"""Lessons on a projector, one screen a page, and the facilitator's hints beside them on a phone."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from markupsafe import Markup

from content.errors import ContentRefused
from content.lessons import Lesson
from village_node.web.facilitator_content import Content
from village_node.web.slides import Slide, slides_of


def create_slide_pages(content: Content) -> Blueprint:
    """Build the pages below `/materi`."""
    pages = Blueprint("slides", __name__)

    def found(key: str, number: int) -> tuple[Lesson, tuple[Slide, ...]]:
        try:
            lesson = content().lesson(key)
        except ContentRefused:
            abort(404)
        slides = slides_of(lesson)
        if not 1 <= number <= len(slides):
            abort(404)
        return lesson, slides

    @pages.get("/materi")
    def show_list() -> str:
        catalogue = content()
        return render_template(
            "facilitator/lessons.html", lessons=[catalogue.lesson(key) for key in catalogue.lesson_keys]
        )

    @pages.get("/materi/<key>/<int:number>")
    def show(key: str, number: int) -> str:
        lesson, slides = found(key, number)
        session = request.args.get("sesi", type=int)
        tail = f"?sesi={session}" if session is not None else ""
        home = f"/sesi/{session}" if session is not None else "/materi"
        slide = slides[number - 1]
        return render_template(
            "facilitator/slide.html",
            lesson=lesson,
            slide=slide,
            picture=Markup(content().icon(slide.icon)),  # noqa: S704 - `read_icon` lets plain shapes pass only
            number=number,
            count=len(slides),
            back=f"/materi/{key}/{number - 1}{tail}" if number > 1 else home,
            forward=f"/materi/{key}/{number + 1}{tail}" if number < len(slides) else home,
        )

    @pages.get("/materi/<key>/<int:number>/petunjuk")
    def hints(key: str, number: int) -> str:
        lesson, slides = found(key, number)
        slide = slides[number - 1]
        facts = content().facts
        return render_template(
            "facilitator/hints.html",
            lesson=lesson,
            slide=slide,
            following=slides[number] if number < len(slides) else None,
            number=number,
            count=len(slides),
            facts=[facts[name] for name in slide.facts if name in facts],
        )

    return pages
