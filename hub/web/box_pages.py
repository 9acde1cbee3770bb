"""One box: compared by voice or not, shut out; and the page on which an enrolment is made."""

from __future__ import annotations

import base64
import re
import secrets
from typing import Final

from flask import Blueprint, Flask, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from hub.box_services import (
    REASON_MAX_CHARACTERS,
    BoxServices,
    BoxView,
    MadeEnrolment,
    NewBox,
    NotCompared,
    NotEnrolled,
)
from hub.enrolling import TEXT_BYTES, USABLE_DAYS
from hub.languages import N_
from hub.services import UnknownVillage
from hub.web.guards import open_to, who_is_signed_in
from hub.web.local_time import date_in_words
from hub.web.one_use_forms import OneUseForms
from hub.web.village_pages import PIN_ROLES
from sync.clock import Clock

COMPARE_WORDS: Final = {
    "silent": N_("Kotak ini belum pernah berbicara: belum ada sidik untuk dicocokkan."),
    "short": N_("Sidik terdiri atas 20 angka. Minta dibacakan sekali lagi."),
    "other": N_(
        "Itu bukan sidik kotak ini. Minta dibacakan sekali lagi. Kalau tetap berbeda, kotak lain memakai "
        "pendaftaran ini: cabut kotak, lalu daftarkan desa lagi."
    ),
}
ENROL_WORDS: Final = {
    "code": N_("Tulis kode desa di wilayah Anda, misalnya 52.02.08.2001."),
    "url": N_("Alamat hub dimulai dengan https://, tanpa spasi."),
    "days": N_("Masa berlaku 1 sampai 3650 hari."),
    "long": N_("Nama desa, nama hub, dan alamatnya bersama paling panjang %(most)s huruf.", most=TEXT_BYTES),
    "box": N_("Desa ini sudah mempunyai kotak. Tandai bahwa kotak atau kartunya hilang untuk menggantinya."),
}


def register(app: Flask, boxes: BoxServices, clock: Clock) -> None:
    """Add the pages `/desa/NUMBER/kotak` and `/pendaftaran`, and what pages of villages ask."""
    app.jinja_env.globals.update(
        has_boxes=True,
        box_roles=PIN_ROLES,
        boxes_to_compare=boxes.to_compare,
        box_of=lambda node: boxes.box(node, who=who_is_signed_in()),
    )
    pages = _make_blueprint(boxes, clock)
    _add_enrolling(pages, boxes)
    app.register_blueprint(pages)


def _make_blueprint(boxes: BoxServices, clock: Clock) -> Blueprint:
    pages = Blueprint("boxes", __name__)
    pages.register_error_handler(UnknownVillage, _show_as_not_found)

    def box_page(box: BoxView, **more: str) -> str:
        return render_template(
            "box.html", box=box, now=clock.wall_s(), reason_max=REASON_MAX_CHARACTERS, **more
        )

    @pages.get("/desa/<int:node>/kotak")
    @open_to(*PIN_ROLES)
    def show_one(node: int) -> str:
        return box_page(boxes.box(node, who=who_is_signed_in()))

    @pages.post("/desa/<int:node>/kotak/sidik")
    @open_to(*PIN_ROLES)
    def compare(node: int) -> ResponseReturnValue:
        who = who_is_signed_in()
        try:
            boxes.mark_compared(node, request.form.get("digits", "")[:100], who=who)
        except NotCompared as refused:
            return box_page(boxes.box(node, who=who), problem=COMPARE_WORDS[refused.why]), 422
        return redirect(url_for("boxes.show_one", node=node), 303)

    @pages.post("/desa/<int:node>/kotak/cabut")
    @open_to(*PIN_ROLES)
    def shut_out(node: int) -> ResponseReturnValue:
        who, reason = who_is_signed_in(), request.form.get("text", "").strip()
        box = boxes.box(node, who=who)
        if not reason or len(reason) > REASON_MAX_CHARACTERS:
            said = N_("Tulis alasan, paling panjang %(most)s huruf.", most=REASON_MAX_CHARACTERS)
            return box_page(box, reason_problem=said, reason=reason), 422
        if request.form.get("sure") != "1":
            return render_template("box_shut_out.html", box=box, reason=reason)
        boxes.shut_out(node, reason, who=who)
        return redirect(url_for("boxes.show_one", node=node), 303)

    return pages


def _add_enrolling(pages: Blueprint, boxes: BoxServices) -> None:
    sent_forms = OneUseForms()

    def enrol_page(problem: str = "", *, again: bool = False) -> str:
        typed = request.form if problem else {"village": request.args.get("desa", "")[:13]}
        form_id = secrets.token_hex(16)
        return render_template(
            "enrolment.html", problem=problem, typed=typed, days=USABLE_DAYS, form_id=form_id, again=again
        )

    @pages.get("/pendaftaran")
    @open_to("administrator")
    def write() -> str:
        return enrol_page()

    @pages.post("/pendaftaran")
    @open_to("administrator")
    def enrol() -> ResponseReturnValue:
        new, who, made = _typed_box(), who_is_signed_in(), list[MadeEnrolment]()
        name = f"enrolment {request.form.get('form_id', '')[:64]}"
        try:
            sent_forms.carry_out_once(name, lambda: made.append(boxes.enrol(new, who=who)))
        except NotEnrolled as refused:
            return enrol_page(ENROL_WORDS[refused.why]), 422
        if not made:
            return enrol_page(again=True)
        [one] = made
        return render_template(
            "enrolment_made.html",
            new=new,
            made=one,
            ends=date_in_words(one.ends_on),
            # In the page itself: what is not kept cannot be fetched by somebody else.
            sheet="data:application/pdf;base64," + base64.b64encode(one.sheet).decode(),
            qr="data:image/png;base64," + base64.b64encode(one.qr).decode(),
            pack=None
            if one.pack is None
            else "data:application/octet-stream;base64," + base64.b64encode(one.pack).decode(),
            file="data:application/json;base64," + base64.b64encode(one.text.encode()).decode(),
        )


def _typed_box() -> NewBox:
    form = request.form
    days = form.get("days", "")
    return NewBox(
        form.get("village", "").strip(),
        form.get("village_name", "").strip(),
        form.get("hub_url", "").strip(),
        int(days) if re.fullmatch("[0-9]{1,4}", days, re.ASCII) else 0,
        form.get("replace") == "1",
    )


def _show_as_not_found(_: UnknownVillage) -> ResponseReturnValue:
    return current_app.handle_user_exception(NotFound())
