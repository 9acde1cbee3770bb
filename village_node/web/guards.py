"""What every answer of the public site obeys: headers, refused origins, error pages, a silent log."""

from __future__ import annotations

import gzip
import logging
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, has_request_context, render_template, request
from werkzeug.exceptions import Forbidden, HTTPException, InternalServerError

from sync.storage.writer import StorageError, is_lost
from village_node.web.bodies import UnreadableBody
from village_node.web.languages import N_, translate

log = logging.getLogger(__name__)
T = TypeVar("T")

WORTH_COMPRESSING_BYTES = 1400
"""What fits into one packet anyway is sent as it is."""


@dataclass(frozen=True)
class ErrorPage:
    """What a visitor reads when a request was refused. Nothing of the request is repeated."""

    heading: str
    sentences: tuple[str, ...]


_NOT_FOUND = ErrorPage(
    "Halaman tidak ada",
    ("Mungkin alamatnya salah ketik.", "Kembali ke beranda, lalu pilih dari sana."),
)
_FAILED = ErrorPage(
    "Ada gangguan di kotak ini",
    (
        "Ini bukan salah Anda.",
        "Coba sekali lagi sebentar lagi.",
        "Kalau tetap begini, beri tahu fasilitator desa.",
    ),
)
_UNREADABLE = ErrorPage(
    "Tulisan tidak terbaca",
    (
        "Ada huruf yang rusak saat dikirim. Tidak ada yang disimpan.",
        "Yang bisa diterima: teks biasa (UTF-8), dalam bahasa dan huruf apa pun.",
        "Kembali, lalu kirim sekali lagi. Kalau gagal lagi, pakai browser lain.",
    ),
)
_PAGES = {
    400: ErrorPage(
        "Permintaan tidak terbaca", ("Tidak ada yang disimpan.", "Kembali, lalu coba sekali lagi.")
    ),
    403: ErrorPage(
        "Tidak diterima dari situs lain",
        (
            "Kiriman ini datang dari situs lain, jadi tidak diterima. Tidak ada yang disimpan.",
            "Buka formulir di situs ini, lalu isi di sana.",
        ),
    ),
    404: _NOT_FOUND,
    405: ErrorPage(
        "Halaman ini tidak bisa dibuka dengan cara itu",
        ("Tidak ada yang disimpan.", "Kembali ke beranda, lalu pilih dari sana."),
    ),
    415: ErrorPage(
        "Bentuk kiriman tidak dikenal",
        ("Tidak ada yang disimpan.", "Pakai formulir di situs ini."),
    ),
    500: _FAILED,
}
ERROR_PAGES = (*_PAGES.values(), _UNREADABLE)


def content_security_policy(style_hash: str, script_hash: str) -> str:
    """Allow the one inline style sheet and script, forms and sound of this site, and nothing else.

    Browsers that know hashes ignore 'unsafe-inline'; those of 2014 and before know only that. They get the
    style sheet and no script, without which every page works.
    """
    return (
        f"default-src 'none'; style-src 'sha256-{style_hash}' 'unsafe-inline'; "
        f"script-src 'sha256-{script_hash}'; connect-src 'self'; media-src 'self'; img-src data:; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def guard(
    app: Flask, *, style_hash: str, script_hash: str, max_body_bytes: int, more_styles: tuple[str, ...] = ()
) -> None:
    """Put the guards on `app`; `more_styles` are hashes of style sheets that only some pages have."""
    policy = content_security_policy("' 'sha256-".join((style_hash, *more_styles)), script_hash)

    @app.before_request
    def refuse_other_sites() -> None:
        if request.method not in ("GET", "HEAD", "OPTIONS") and not _from_this_site():
            raise Forbidden

    @app.after_request
    def add_headers(response: Response) -> Response:
        return _smaller(_guarded(response, policy))

    @app.errorhandler(HTTPException)
    def refused(error: HTTPException) -> Response:
        return _error_response(error, max_body_bytes)

    @app.errorhandler(Exception)
    def failed(error: Exception) -> Response:
        log_failure(error)
        return _error_response(InternalServerError(), max_body_bytes)


def last_resort(error: Exception) -> Response:
    """Answer when even an error page could not be drawn; the server would log the error's text."""
    log_failure(error)
    page = (
        '<!doctype html><html lang="id"><meta charset="utf-8"><title>Informasi Desa</title>'
        f"<h1>{_FAILED.heading}</h1><p>{' '.join(_FAILED.sentences)}</p></html>"
    )
    return _guarded(Response(page, 500, mimetype="text/html"), "default-src 'none'")


def _guarded(response: Response, policy: str) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = policy
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["X-Frame-Options"] = "DENY"
    return response


def _smaller(response: Response) -> Response:
    """Send a page compressed to whoever takes it: a third of the air, for fifty phones on one Wi-Fi.

    Nothing is given away by it: who can measure an answer's length here can read the answer.
    """
    takes_it = has_request_context() and request.accept_encodings.quality("gzip") > 0
    if takes_it and response.mimetype == "text/html":
        whole = response.get_data()
        if len(whole) > WORTH_COMPRESSING_BYTES:
            response.set_data(gzip.compress(whole, compresslevel=4, mtime=0))
            response.headers["Content-Encoding"] = "gzip"
    return response


def read_or(read: Callable[[], T], otherwise: T) -> T:
    """Return what `read` finds in the store, or `otherwise` where the card does not give it: for what stands
    on a page beside its point, such as the latest notice above the numbers to ring."""
    try:
        return read()
    except Exception as error:  # what is no fault of the card goes on as it came
        if not isinstance(error, StorageError) and not is_lost(error):
            raise
        log_failure(error)
        return otherwise


def log_failure(error: BaseException) -> None:
    """Log the kind of an error and where it arose.

    The text of an error and the values in a traceback may hold what a reporter typed: neither is logged.
    """
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    page = request.endpoint if has_request_context() else None
    log.error("%s at %s (page %s)", type(error).__name__, place, page)


def _from_this_site() -> bool:
    """Whether a POST may have come from a page of this site.

    Browsers send Sec-Fetch-Site to secure origins only, and under our no-referrer policy they send
    `Origin: null` for our own forms; a phone's captive window may send neither. So only a header that
    names another site is held against a request. (No cookie and no login exist that another site's
    form could borrow; this keeps strange pages from filing reports through a visitor's phone.)
    """
    fetched_from = request.headers.get("Sec-Fetch-Site")
    if fetched_from is not None:
        return fetched_from in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin == "null" or _host_of(origin) == request.host.lower()


def _host_of(origin: str) -> str:
    try:
        return urlsplit(origin).netloc.lower()
    except ValueError:
        return ""


def _error_response(error: HTTPException, max_body_bytes: int) -> Response:
    status = error.code or 500
    if isinstance(error, UnreadableBody):
        page = _UNREADABLE
    elif status == 413:
        page = _too_large(max_body_bytes)
    else:
        page = _PAGES.get(status, _FAILED if status >= 500 else _PAGES[400])
    response = Response(render_template("error.html", page=page), status)
    if status == 405 and (allowed := getattr(error, "valid_methods", None)):
        response.headers["Allow"] = ", ".join(sorted(allowed))
    return response


def _too_large(max_body_bytes: int) -> ErrorPage:
    return ErrorPage(
        N_("Kiriman terlalu besar"),
        (
            N_("Tidak ada yang disimpan."),
            translate(
                "Yang bisa diterima sekali kirim: paling banyak %(size)s kilobyte. "
                "Cerita 4.000 huruf selalu muat.",
                size=max_body_bytes // 1024,
            ),
            N_("Kembali, pendekkan, lalu kirim sekali lagi."),
        ),
    )
