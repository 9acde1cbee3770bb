"""Error pages, and what an error leaves in the log: its type and place, never its text."""

from __future__ import annotations

import logging
import traceback
from types import TracebackType
from typing import Final

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from hub.languages import N_
from sync.site_rules import SiteRule

log = logging.getLogger(__name__)

_SYNC_PREFIX: Final = "/sync/"

_TEXTS: Final = {
    400: (N_("Permintaan tidak dapat dibaca"), N_("Peramban mengirim sesuatu yang tidak dipahami.")),
    403: (N_("Tidak diizinkan"), N_("Akun Anda tidak boleh membuka halaman ini.")),
    404: (
        N_("Halaman tidak ditemukan"),
        N_("Alamatnya salah ketik, atau laporannya sudah tidak ada. Tidak ada yang berubah."),
    ),
    405: (
        N_("Cara membuka halaman ini salah"),
        N_("Buka halaman ini lewat tautan atau tombol di daftar laporan."),
    ),
    413: (
        N_("Terlalu besar"),
        N_("Yang dikirim melebihi batas, dan tidak disimpan. Jawaban paling banyak 1.000 karakter."),
    ),
    500: (
        N_("Ada gangguan di hub"),
        N_(
            "Permintaan Anda mungkin belum dijalankan. Periksa dulu di daftar laporan sebelum mengulang. "
            "Bila terjadi lagi, beri tahu pengelola hub."
        ),
    ),
    503: (N_("Belum siap"), N_("Muat ulang halaman ini.")),
}


class QuietFlask(Flask):
    """Flask that logs an unexpected error by type and place only: its text may hold what was typed."""

    url_rule_class = SiteRule

    def log_exception(
        self,
        exc_info: tuple[type, BaseException, TracebackType] | tuple[None, None, None],
    ) -> None:
        """Log one line without the text of the error, the address or the form."""
        kind, _, trail = exc_info
        log.error("%s at %s", kind.__qualname__ if kind else "error", _place(trail))


def add_error_pages(app: Flask) -> None:
    """Answer every error with a page in plain words; nodes get one plain line."""

    @app.errorhandler(HTTPException)
    def show(error: HTTPException) -> Response:
        if error.response is not None:
            return make_response(error.response)
        code = error.code or 500
        if request.path.startswith(_SYNC_PREFIX):
            answer = make_response(f"{error.name}\n", code)
            answer.mimetype = "text/plain"
        else:
            title, text = _TEXTS.get(code, _TEXTS[500 if code >= 500 else 400])
            answer = make_response(render_template("error.html", title=title, text=text), code)
        for name, value in error.get_headers():
            if name.lower() in ("allow", "retry-after"):
                answer.headers[name] = value
        return answer


def _place(trail: TracebackType | None) -> str:
    if trail is None:
        return "an unknown place"
    last = traceback.extract_tb(trail)[-1]
    return f"{last.filename}:{last.lineno} in {last.name}"
