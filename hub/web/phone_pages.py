"""Phones with ODK Collect, for administrators: a token with its QR code, the form to download."""

from __future__ import annotations

import base64
import json
import re
import zlib
from typing import Final
from urllib.parse import urlsplit

import segno
from flask import Blueprint, render_template, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from hub.exports.api_services import FILE_SCOPE, MOST_DAYS, PURPOSE_MAX_CHARACTERS, TokenServices
from hub.exports.services import ExportRefused
from hub.exports.tables import XLSX_TYPE
from hub.languages import N_
from hub.openrosa.form import VILLAGES_FILE, version
from hub.openrosa.services import PhoneServices
from hub.openrosa.xform import xlsform
from hub.web.guards import open_to, who_is_signed_in
from hub.web.openrosa import PREFIX, villages_csv

USUAL_DAYS: Final = 90
NOT_AN_ADDRESS: Final = N_(
    "Alamat untuk ponsel dimulai dengan https://, misalnya https://hub.example/openrosa."
)
_ADDRESS_MAX_CHARACTERS: Final = 200


def collect_settings(server: str, token: str, name: str) -> str:
    """Return what the QR code for Collect holds: its settings as JSON, zlib and base64.

    A report is sent as soon as there is internet, and deleted from the phone once it was.
    """
    settings = {
        "general": {
            "protocol": "odk_default",
            "server_url": server,
            "username": token.partition("_")[0],
            "password": token,
            "app_language": "in",
            "form_update_mode": "match_exactly",
            "periodic_form_updates_check": "every_24_hours",
            "autosend": "wifi_and_cellular",
            "delete_send": True,
        },
        "admin": {"change_server": False},
        "project": {"name": name, "icon": "K", "color": "#7a1f1f"},
    }
    packed = zlib.compress(json.dumps(settings, separators=(",", ":")).encode("utf-8"), 9)
    return base64.b64encode(packed).decode("ascii")


def make_blueprint(phones: PhoneServices, tokens: TokenServices, *, secure: bool, hub_name: str) -> Blueprint:
    """Build the pages below `/ponsel`."""
    pages = Blueprint("phones", __name__)

    def page(problem: str | None = None, **made: object) -> str:
        here = urlsplit(request.host_url)
        return render_template(
            "phones.html",
            problem=problem,
            typed=request.form if problem else {},
            address=f"{'https' if secure else here.scheme}://{here.netloc}{PREFIX}",
            purpose_max=PURPOSE_MAX_CHARACTERS,
            most_days=MOST_DAYS,
            usual_days=USUAL_DAYS,
            version=version(),
            **made,
        )

    @pages.get("/ponsel")
    @open_to("administrator")
    def show() -> str:
        return page()

    @pages.post("/ponsel")
    @open_to("administrator")
    def make() -> str | tuple[str, int]:
        form, who = request.form, who_is_signed_in()
        address, days = form.get("address", "").strip().rstrip("/"), form.get("days", "")
        if not _is_address(address):
            return page(NOT_AN_ADDRESS), 422
        try:
            token = tokens.make(
                form.get("purpose", ""),
                (FILE_SCOPE,),
                tuple(form.get("areas", "").replace(",", " ").split()),
                int(days) if re.fullmatch("[0-9]{1,4}", days, re.ASCII) else 0,
                who=who,
            )
        except ExportRefused as refused:
            return page(refused.args[0]), 422
        code = segno.make(collect_settings(address, token, hub_name or "Kentongan"), error="l", micro=False)
        drawn = code.svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
        picture = Markup(drawn)  # noqa: S704 - drawn by segno: paths and numbers alone
        return page(token=token, user=token.partition("_")[0], server=address, picture=picture)

    @pages.get("/ponsel/formulir.xlsx")
    @open_to("administrator")
    def download_form() -> Response:
        return _sent(xlsform(), XLSX_TYPE, "kentongan-laporan.xlsx")

    @pages.get(f"/ponsel/{VILLAGES_FILE}")
    @open_to("administrator")
    def download_villages() -> Response:
        return _sent(villages_csv(phones, who_is_signed_in()), "text/csv; charset=utf-8", VILLAGES_FILE)

    return pages


def _is_address(text: str) -> bool:
    """Return whether a phone may be told to send here; plain HTTP only to this machine itself, for trials."""
    if len(text) > _ADDRESS_MAX_CHARACTERS or not re.fullmatch(r"https?://[\x21-\x7e]+", text):
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    return bool(parts.hostname) and parts.username is None and (parts.scheme == "https" or local)


def _sent(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
