"""Posters and cards to print, with the village's own address and Wi-Fi."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, abort, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from village_node.printing import (
    CARD_PAPERS,
    POSTER_PAPERS,
    PrintFailed,
    Printing,
    PrintSettings,
    SettingsRefused,
    UnknownSheet,
)
from village_node.web.facilitator_content import Content

PAPER_WORDS = {
    ("poster", "A4"): "A4",
    ("poster", "A5"): "A5",
    ("card", "A4"): "A4, empat kartu untuk digunting",
    ("card", "A5"): "A5",
    ("card", "A6"): "A6",
}


def create_print_pages(printing: Printing, content: Content, site_address: Callable[[], str]) -> Blueprint:
    """Build the pages below `/cetak`."""
    pages = Blueprint("prints", __name__)

    @pages.get("/cetak")
    def show() -> Response:
        return page(printing.settings())

    def page(settings: PrintSettings, status: int = 200, problem: str = "") -> Response:
        catalogue = content()
        sheets = [
            *(
                ("poster", poster.key, f"Poster: {poster.title}", POSTER_PAPERS)
                for poster in catalogue.posters()
            ),
            *(("card", card.key, f"Kartu: {card.title}", CARD_PAPERS) for card in catalogue.cards()),
        ]
        drawn = render_template(
            "facilitator/prints.html",
            settings=settings,
            address=site_address(),
            sheets=sheets,
            paper_words=PAPER_WORDS,
            problem=problem,
        )
        return Response(drawn, status)

    @pages.post("/cetak")
    def keep() -> AnyResponse:
        typed = PrintSettings(
            *(request.form.get(name, "") for name in ("address", "wifi_name", "wifi_password"))
        )
        try:
            printing.keep(typed)
        except SettingsRefused as refused:
            return page(typed, 422, str(refused))
        return redirect("/cetak", 303)

    @pages.get("/cetak/<kind>/<key>/<paper>.pdf")
    def download(kind: str, key: str, paper: str) -> Response:
        try:
            pdf = printing.pdf(kind, key, paper, address=site_address())
        except UnknownSheet:
            abort(404)
        except PrintFailed:
            return page(
                printing.settings(), 503, "PDF tidak jadi. Coba sekali lagi; kalau tetap, hubungi teknisi."
            )
        name = f"{kind}-{key}-{paper}.pdf"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(pdf, mimetype="application/pdf", headers=headers)

    return pages
