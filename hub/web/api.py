"""What programs talk to with a token: JSON, read only, no page, no cookie, no form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Blueprint, Response, jsonify, request

from hub.exports.api_document import COLLECTIONS, CURSOR, PREFIX, Collection, fits, open_api
from hub.exports.api_services import ApiServices, BadCursor, Program, TokenServices
from hub.exports.services import ExportRefused

RETRY_AFTER_S: Final = 60
BLUEPRINT_NAME: Final = "api"


class _Door:
    """Answers whoever has a token of the right scope; before that nothing else is looked at."""

    def __init__(self, tokens: TokenServices) -> None:
        self._tokens = tokens

    def _who_asks(self) -> Program | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return self._tokens.program(token.strip()) if scheme.lower() == "bearer" else None

    def opened(self, scope: str | None, answer: Callable[[Program], Response]) -> Response:
        """Return the answer, or why there is none."""
        program = self._who_asks()
        if program is None:
            response = _refused(401, "a token of this hub is needed")
            response.headers["WWW-Authenticate"] = "Bearer"
            return response
        if scope is not None and scope not in program.scopes:
            return _refused(403, f"the token does not open {scope}")
        try:
            return answer(program)
        except BadCursor:
            return _refused(400, "cursor: one that a page of this collection gave")
        except ExportRefused:
            response = _refused(429, "too many requests a minute, or rows a day: try again later")
            response.headers["Retry-After"] = str(RETRY_AFTER_S)
            return response


def create_api_blueprint(reading: ApiServices, tokens: TokenServices) -> Blueprint:
    """Return the blueprint; its routes are those of `COLLECTIONS`, one report, and the document."""
    pages = Blueprint(BLUEPRINT_NAME, __name__)
    door = _Door(tokens)

    def add(collection: Collection) -> None:
        @pages.get(f"{PREFIX}/{collection.name}", endpoint=collection.name)
        def list_items() -> Response:
            return door.opened(collection.name, lambda program: _page(reading, collection, program))

    for one in COLLECTIONS:
        add(one)

    @pages.get(f"{PREFIX}/reports/<report_id>")
    def report(report_id: str) -> Response:
        return door.opened("reports", lambda program: _report(reading, report_id, program))

    @pages.get(f"{PREFIX}/openapi.json")
    def document() -> Response:
        return door.opened(None, lambda _: jsonify(open_api()))

    @pages.get(f"{PREFIX}/<path:rest>")
    def elsewhere(rest: str) -> Response:
        return door.opened(None, lambda _: _refused(404, "there is no such path, see openapi.json"))

    return pages


def _report(reading: ApiServices, report_id: str, program: Program) -> Response:
    found = reading.report(report_id, who=program.who)
    return _refused(404, "there is no such report") if found is None else jsonify(found)


def _page(reading: ApiServices, collection: Collection, program: Program) -> Response:
    allowed = {**collection.asked, "cursor": CURSOR}
    asked = request.args.to_dict()
    for name, text in asked.items():
        if name not in allowed or not fits(allowed[name], text):
            return _refused(400, f"only these parameters, as openapi.json says: {', '.join(allowed)}")
    found = reading.page(collection.name, asked, who=program.who)
    return jsonify({"items": found.items, "next": found.next})


def _refused(status: int, why: str) -> Response:
    told: dict[str, Any] = {"error": why}
    response = jsonify(told)
    response.status_code = status
    return response
