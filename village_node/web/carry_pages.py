"""Data out and in by phone or stick, and the material of the box: which version, another one."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from flask import Blueprint, Response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from content.errors import ContentRefused
from content.packs import MAGIC as PACK_MAGIC
from sync.errors import MalformedWire
from sync.storage.writer import StorageError
from sync.wire.bundle_codec import MAGIC as BUNDLE_MAGIC
from sync.wire.bundle_codec import VERSION as BUNDLE_VERSION
from sync.wire.numbers import BundleKind
from village_node.content_desk import ContentDesk
from village_node.content_store import NothingToGoBackTo
from village_node.link_desk import LinkDesk
from village_node.web.health_words import material_word
from village_node.web.uploads import was_cut

_log = logging.getLogger(__name__)
FILE_NAME = "untuk-pusat.ktg"
MAX_FILE_BYTES = 2 * 1024 * 1024
"""A hub's file for a village has some kilobytes, a pack some forty; larger ones go in by `kentongan node`."""


_OUTWARD = BUNDLE_MAGIC + bytes([BUNDLE_VERSION, BundleKind.UP])
"""How a file begins that a box wrote: easily taken for the other one."""


@dataclass(frozen=True)
class Outcome:
    """What became of it, in words."""

    text: str
    good: bool = True


TOO_LARGE = Outcome("File itu terlalu besar. Paling besar 2 MB; teknisi bisa memasukkannya.", good=False)


def create_carry_pages(desk: LinkDesk, material: ContentDesk) -> Blueprint:
    """Build the pages below `/data`."""
    pages = Blueprint("carry", __name__)

    def page(outcome: Outcome | None = None, status: int = 200) -> Response:
        now = material.status()
        share = now["arrived_share"]
        text = render_template(
            "facilitator/carry.html",
            outcome=outcome,
            now=now,
            word=material_word(now),
            share=None if share is None else int(100 * share),
        )
        return Response(text, status)

    @pages.get("/data")
    def show() -> Response:
        return page()

    @pages.post("/data/keluar")
    def take_out() -> Response:
        bundle = desk.up_bundle()
        desk.carried(bundle)
        answer = Response(bundle.data, mimetype="application/octet-stream")
        answer.headers["Content-Disposition"] = f'attachment; filename="{FILE_NAME}"'
        return answer

    @pages.post("/data/masuk")
    def bring_in() -> AnyResponse:
        file = request.files.get("file")
        data = b"" if file is None else file.read(MAX_FILE_BYTES + 1)
        outcome = TOO_LARGE if was_cut(request) or len(data) > MAX_FILE_BYTES else _take(desk, material, data)
        return page(outcome, 200 if outcome.good else 422)

    @pages.post("/data/kembali")
    def roll_back() -> Response:
        try:
            material.roll_back()
        except NothingToGoBackTo:
            return page(Outcome("Materi bawaan sudah dipakai. Tidak ada yang lebih lama.", good=False), 422)
        except OSError:
            return page(Outcome("Kartu tidak bisa ditulis. Tidak ada yang berubah.", good=False), 507)
        return page(Outcome(f"Sekarang dipakai: {material_word(material.status())}."))

    return pages


def _take(desk: LinkDesk, material: ContentDesk, data: bytes) -> Outcome:
    if not data:
        return Outcome("Pilih dulu filenya.", good=False)
    if data.startswith(PACK_MAGIC):
        return _take_pack(material, data)
    if not data.startswith(BUNDLE_MAGIC):
        return Outcome("Itu bukan file dari pusat. Tidak ada yang berubah.", good=False)
    if data.startswith(_OUTWARD):
        return Outcome("Itu file untuk pusat, bukan dari pusat. Pilih file yang dikirim petugas.", good=False)
    try:
        applied = desk.apply_down_bundle(data)
    except MalformedWire:
        return Outcome("File itu rusak atau terpotong. Salin ulang dari pusat, lalu coba lagi.", good=False)
    except StorageError:
        return Outcome("Kotak tidak bisa menyimpan sekarang. Coba lagi nanti.", good=False)
    if not applied.authentic and not applied.content:
        return Outcome(
            "Tidak ada yang baru untuk kotak ini di file itu: milik desa lain, atau sudah lama.", good=False
        )
    # How many reports were receipted or answered is nobody's business in the village.
    return Outcome("File dari pusat sudah diterima. Yang melapor bisa cek dengan kodenya.")


def _take_pack(material: ContentDesk, data: bytes) -> Outcome:
    try:
        version = material.import_pack(data)
    except ContentRefused as refused:
        _log.warning("a pack that was brought is not used: %s", refused)
        return Outcome(
            "Paket materi itu tidak dipakai: tidak lebih baru, tidak ditandatangani pusat, atau tidak utuh. "
            "Materi lama tetap dipakai.",
            good=False,
        )
    return Outcome(f"Materi versi {version} sudah diperiksa dan sekarang dipakai.")
