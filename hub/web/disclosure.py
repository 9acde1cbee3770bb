"""`/.well-known/security.txt` (RFC 9116): whom to tell of a weakness, for everybody."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, url_for

from hub.web.guards import open_to_everybody
from sync.clock import Clock

PATH: Final = "/.well-known/security.txt"
VALID_FOR_DAYS: Final = 180
"""RFC 9116 advises less than a year. It is told anew each day, for as long as the hub runs."""
LANGUAGES: Final = "id, en"
SCHEMES: Final = ("mailto", "https", "tel")


class BadContact(ValueError):
    """A contact that nobody could use; the text says what is allowed."""


def checked_contact(typed: str) -> str:
    """Return a contact as it is published; raise BadContact."""
    parts = urlsplit(typed)
    if parts.scheme not in SCHEMES or not (parts.netloc or parts.path) or not typed.isascii():
        raise BadContact("a contact is an address such as mailto:keamanan@kantor.example or https://...")
    if not typed.isprintable() or " " in typed:
        raise BadContact("a contact holds no blanks and no line ends")
    return typed


def security_txt(contacts: Sequence[str], now_s: float, canonical: str) -> str:
    """Return the text; `contacts` in the order in which they are preferred, `now_s` Unix seconds."""
    today = datetime.datetime.fromtimestamp(now_s, datetime.UTC).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    expires = (today + datetime.timedelta(days=VALID_FOR_DAYS)).strftime("%Y-%m-%dT%H:%M:%SZ")
    lines = [f"Contact: {checked_contact(one)}" for one in contacts]
    lines += [f"Expires: {expires}", f"Preferred-Languages: {LANGUAGES}"]
    if canonical.startswith("https://"):  # the only kind that RFC 9116 knows
        lines.append(f"Canonical: {canonical}")
    return "".join(f"{line}\n" for line in lines)


def register(app: Flask, contacts: Sequence[str], clock: Clock, *, secure: bool) -> None:
    """Put the page into a site; without a contact there is none."""
    pages = Blueprint("disclosure", __name__)

    @pages.get(PATH)
    @open_to_everybody
    def show() -> Response:
        if not contacts:
            abort(404)
        canonical = url_for("disclosure.show", _external=True, _scheme="https") if secure else ""
        text = security_txt(contacts, clock.wall_s(), canonical)
        return Response(text, content_type="text/plain; charset=utf-8")

    app.register_blueprint(pages)
