"""The OData feed for Excel, Power BI and other programs for tables: read only, with a token.

Those programs sign in with a name and a password: the token is the password, the name does not matter.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, current_app, request
from werkzeug.http import parse_options_header

from hub.exports.api_services import BadCursor, Program, TokenServices
from hub.exports.odata_asking import (
    NONE,
    VERSION,
    Asked,
    ODataRefused,
    check_version,
    key_of,
    metadata_level,
    options,
)
from hub.exports.odata_metadata import metadata
from hub.exports.odata_model import EntitySet, entity_sets
from hub.exports.odata_services import ODataPage, ODataServices
from hub.exports.services import ExportRefused
from hub.web.api import RETRY_AFTER_S

PREFIX: Final = "/odata/1"
BLUEPRINT_NAME: Final = "odata"
REALM: Final = "Kentongan"
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
_LATER: Final = ("$batch", "$entity", "$all")


def create_odata_blueprint(reading: ODataServices, tokens: TokenServices) -> Blueprint:
    """Return the blueprint; everything below its root needs a token."""
    pages = Blueprint(BLUEPRINT_NAME, __name__)

    def opened(answer: Callable[[Program], Response]) -> Response:
        program = _who_asks(tokens)
        if program is None:
            response = _error(401, "Unauthorized", "a token of this hub is needed, as the password")
            response.headers.add("WWW-Authenticate", f'Basic realm="{REALM}", charset="UTF-8"')
            response.headers.add("WWW-Authenticate", "Bearer")
            return response
        try:
            if request.method not in ("GET", "HEAD"):
                raise ODataRefused(405, "MethodNotAllowed", "this feed is only read")
            check_version(request.headers.get("OData-MaxVersion"))
            return answer(program)
        except ODataRefused as refused:
            response = _error(refused.status, refused.code, str(refused))
            if refused.status == 405:
                response.headers["Allow"] = "GET, HEAD"
            return response
        except BadCursor:
            return _error(400, "BadRequest", "$skiptoken: one that a page of this table gave")
        except ExportRefused:
            text = "too many requests a minute, or rows a day: try again later"
            response = _error(429, "TooManyRequests", text)
            response.headers["Retry-After"] = str(RETRY_AFTER_S)
            return response

    @pages.route(PREFIX, methods=METHODS, strict_slashes=False)
    @pages.route(f"{PREFIX}/", methods=METHODS, endpoint="root")
    def root() -> Response:
        return opened(_service_document)

    @pages.route(f"{PREFIX}/<path:resource>", methods=METHODS)
    def resource(resource: str) -> Response:
        return opened(lambda program: _Answer(reading, program, resource).make())

    return pages


def _who_asks(tokens: TokenServices) -> Program | None:
    given = request.authorization
    if given is None or given.type not in ("basic", "bearer"):
        return None
    token = given.password if given.type == "basic" else given.token
    return tokens.program((token or "").strip())


def _service_document(program: Program) -> Response:
    if request.args.keys() - {"$format"}:
        raise ODataRefused(400, "BadRequest", "the service document takes $format alone")
    tables = [{"name": one.name, "kind": "EntitySet", "url": one.name} for one in entity_sets(program.scopes)]
    return _json({"value": tables}, context="")


class _Answer:
    """Answers one address below the root."""

    def __init__(self, reading: ODataServices, program: Program, resource: str) -> None:
        self._reading = reading
        self._who = program.who
        self._program = program
        self._resource = resource

    def make(self) -> Response:
        first, _, rest = self._resource.partition("/")
        if first == "$metadata" and not rest:
            response = Response(metadata(entity_sets(self._program.scopes)), content_type="application/xml")
            return _with_version(response)
        if first in _LATER or first.startswith("$crossjoin"):
            raise ODataRefused(501, "NotImplemented", f"{first.partition('(')[0]} is not there")
        name, bracket, key = first.partition("(")
        table = self._table(name)
        if not bracket:
            if rest == "$count":
                return self._count(table)
            if rest:
                raise _unknown()
            return self._page(table)
        if not key.endswith(")"):
            raise _unknown()
        if rest:
            named = table.property(rest.partition("/")[0]) is not None or rest.startswith("$")
            raise ODataRefused(501, "NotImplemented", "rows are read whole") if named else _unknown()
        return self._one(table, key[:-1])

    def _table(self, name: str) -> EntitySet:
        every = {one.name: one for one in entity_sets({"reports", "cases", "counts", "referrals"})}
        if name not in every:
            raise _unknown()
        if every[name].collection not in self._program.scopes:
            raise ODataRefused(403, "Forbidden", f"the token does not open {every[name].collection}")
        return every[name]

    def _page(self, table: EntitySet) -> Response:
        asked = options(table, _told())
        level = _level()
        page = self._reading.page(table, asked, who=self._who)
        told: dict[str, Any] = {}
        if page.total is not None:
            told["@odata.count"] = page.total
        told["value"] = [_selected(row, asked) for row in page.rows]
        if page.next is not None:
            told["@odata.nextLink"] = _next_link(table, page)
        return _json(told, context=f"#{table.name}{_columns(asked)}", level=level)

    def _count(self, table: EntitySet) -> Response:
        if not table.countable:
            raise ODataRefused(501, "NotImplemented", f"{table.name} is not counted without reading it")
        asked = options(table, _told(), ("$filter",))
        total = self._reading.total(table, asked, who=self._who)
        return _with_version(Response(str(total), content_type="text/plain; charset=utf-8"))

    def _one(self, table: EntitySet, key: str) -> Response:
        asked = options(table, _told(), ("$format", "$select"))
        level = _level()
        found = self._reading.one(table, key_of(table, key), who=self._who)
        if found is None:
            raise ODataRefused(404, "NotFound", f"there is no such row of {table.name}")
        context = f"#{table.name}{_columns(asked)}/$entity"
        return _json(_selected(found, asked), context=context, level=level)


def _told() -> list[tuple[str, str]]:
    return list(request.args.items(multi=True))


def _level() -> str:
    accepted = [parse_options_header(form) for form, quality in request.accept_mimetypes if quality > 0]
    return metadata_level(accepted, request.args.get("$format"))


def _selected(row: dict[str, Any], asked: Asked) -> dict[str, Any]:
    return row if asked.select is None else {name: row[name] for name in asked.select}


def _columns(asked: Asked) -> str:
    return "" if asked.select is None else f"({','.join(asked.select)})"


def root_address() -> str:
    """Return the address of the feed as people reach it from outside."""
    # A proxy in front speaks HTTPS while this process hears HTTP.
    scheme = "https" if current_app.config["SESSION_COOKIE_SECURE"] else request.scheme
    return f"{scheme}://{request.host}{PREFIX}/"


def _next_link(table: EntitySet, page: ODataPage) -> str:
    kept = {name: request.args[name] for name in ("$filter", "$format", "$select") if name in request.args}
    if page.left is not None:
        kept["$top"] = str(page.left)
    kept["$skiptoken"] = page.next or ""
    return f"{root_address()}{table.name}?{urlencode(kept, safe='$', quote_via=quote)}"


def _json(told: dict[str, Any], *, context: str, level: str | None = None) -> Response:
    level = _level() if level is None else level
    if level != NONE:
        told = {"@odata.context": f"{root_address()}$metadata{context}", **told}
    body = json.dumps(told, ensure_ascii=False)
    content_type = f"application/json;odata.metadata={level};charset=utf-8"
    return _with_version(Response(body, content_type=content_type))


def _error(status: int, code: str, text: str) -> Response:
    body = json.dumps({"error": {"code": code, "message": text}})
    return _with_version(Response(body, status, content_type="application/json;charset=utf-8"))


def _unknown() -> ODataRefused:
    return ODataRefused(404, "NotFound", "there is no such table, see the service document")


def _with_version(response: Response) -> Response:
    response.headers["OData-Version"] = VERSION
    return response
