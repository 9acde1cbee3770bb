"""Where the captive portal meets the site: what is answered before any page, and "stay on this network"."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, render_template, request

from village_node.captive_portal import CaptivePortal, PortalAnswer


def create_portal_pages(portal: CaptivePortal | None, now: Callable[[], float]) -> Blueprint:
    """Build the pages and hang the portal, if any, before all others. `now` is monotonic, in seconds."""
    pages = Blueprint("portal", __name__)

    @pages.post("/tetap")
    def stay() -> str:
        if portal is not None:
            portal.stay(_client(), now())
        return render_template("stay.html")

    if portal is None:
        return pages

    @pages.before_app_request
    def lead_here() -> Response | None:
        found = portal.answer(client=_client(), host=request.host, path=request.path, now=now())
        return None if found is None else _response(found)

    @pages.app_context_processor
    def offer() -> dict[str, bool]:
        return {"may_stay": portal.may_offer_to_stay(_client(), now())}

    return pages


def _client() -> str:
    return request.remote_addr or ""


def _response(found: PortalAnswer) -> Response:
    response = Response(found.body, found.status, found.headers, content_type=found.media_type)
    if found.status == 204:
        del response.headers["Content-Type"]
    return response
