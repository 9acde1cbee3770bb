"""The feed of public warnings for other agencies: Atom with CAP messages, for everybody, no sign-in."""

from __future__ import annotations

import datetime

from flask import Blueprint, Response, abort, request, url_for

from hub.bulletins.cap import MEDIA_TYPE
from hub.bulletins.feed import FEED_MEDIA_TYPE, atom_feed, etag_of, last_change
from hub.bulletins.services import BulletinServices

BLUEPRINT_NAME = "cap"


def create_cap_feed(bulletins: BulletinServices, hub_name: str) -> Blueprint:
    """Build `/cap/feed.atom` and a page for each message in it."""
    pages = Blueprint(BLUEPRINT_NAME, __name__)

    @pages.get("/cap/feed.atom")
    def feed() -> Response:
        entries = bulletins.feed()
        content = atom_feed(
            entries,
            hub_id=bulletins.sender_key,
            hub_name=hub_name,
            url_of=lambda name: url_for("cap.message", identifier=name, _external=True),
            feed_url=url_for("cap.feed", _external=True),
        )
        return _answer(content, FEED_MEDIA_TYPE, last_change(entries))

    @pages.get("/cap/<identifier>.xml")
    def message(identifier: str) -> Response:
        found = next((entry for entry in bulletins.feed() if entry.identifier == identifier), None)
        if found is None:
            abort(404)
        return _answer(found.xml.encode("utf-8"), MEDIA_TYPE, found.sent_at)

    return pages


def _answer(content: bytes, media_type: str, changed_at: float) -> Response:
    response = Response(content, mimetype=media_type)
    response.headers["Content-Type"] = f"{media_type}; charset=utf-8"
    response.set_etag(etag_of(content))
    if changed_at:
        response.last_modified = datetime.datetime.fromtimestamp(int(changed_at), datetime.UTC)
    # By its name alone: the feed also shrinks when a warning is over, and no date tells that.
    response.make_conditional(request.environ if request.if_none_match else {"REQUEST_METHOD": "GET"})
    return response
