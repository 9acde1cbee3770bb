"""Agencies that are told of bulletins, by e-mail or webhook: added and ended by administrators."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.bulletins.services import BulletinRefused, ReceiverServices, UnknownBulletin
from hub.web import bulletin_words
from hub.web.guards import open_to, who_is_signed_in


def make_blueprint(receivers: ReceiverServices) -> Blueprint:
    """Build the page `/buletin/penerima`."""
    pages = Blueprint("receivers", __name__)

    @pages.errorhandler(UnknownBulletin)
    def show_unknown(_: UnknownBulletin) -> ResponseReturnValue:
        return current_app.handle_user_exception(NotFound())

    def page(problem: str = "", secret: str = "") -> str:
        return render_template(
            "bulletin_receivers.html",
            rows=receivers.rows(),
            mail_is_set=receivers.mail_is_set(),
            problem=problem,
            secret=secret,
            typed=request.form if problem else {},
            said=bulletin_words,
        )

    @pages.get("/buletin/penerima")
    @open_to("administrator")
    def show() -> str:
        return page()

    @pages.post("/buletin/penerima")
    @open_to("administrator")
    def add() -> Response | str | tuple[str, int]:
        form = request.form
        said = (
            form.get("name", ""),
            form.get("way", ""),
            form.get("address", ""),
            form.get("area", "").strip(),
        )
        try:
            _, secret = receivers.add(*said, who=who_is_signed_in())
        except BulletinRefused as refused:
            return page(str(refused)), 422
        # Shown once, in the answer itself: in an address it would stay in the browser's history.
        return page(secret=secret) if secret else redirect(url_for("receivers.show"), 303)

    @pages.post("/buletin/penerima/<int:receiver>")
    @open_to("administrator")
    def change(receiver: int) -> Response | str:
        who, go = who_is_signed_in(), request.form.get("go")
        if go == "secret":
            return page(secret=receivers.new_secret(receiver, who=who))
        receivers.set_active(receiver, go == "on", who=who)
        return redirect(url_for("receivers.show"), 303)

    return pages
