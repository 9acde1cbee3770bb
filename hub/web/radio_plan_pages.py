"""The page of the radio settings by area, which enrolments carry: what `kentongan hub radio set` does. A key
of a channel is typed or drawn here and never shown."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Final, Protocol

from flask import Blueprint, Flask, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from firmware_bridge.frequency_slots import Band
from hub.box_services import REASON_MAX_CHARACTERS
from hub.languages import N_
from hub.radio_plans import KeptPlan, PlanRefused, Wish
from hub.services import SignedIn
from hub.web import link_words
from hub.web.guards import open_to, who_is_signed_in
from sync.airtime import PRESETS
from sync.areas.table import area_names
from sync.clock import Clock
from sync.sealing.radio_plan import (
    CHANNEL_NAME_BYTES,
    MOST_HOPS,
    REGION_NUMBERS,
    USUAL_CHANNEL,
    RadioPlan,
    channel_key_of,
)

KEY_BYTES: Final = 32
_WHOLE = re.compile("[0-9]{1,4}", re.ASCII)
_MHZ = re.compile("[0-9]{1,4}([.,][0-9]{1,4})?", re.ASCII)
PROBLEM_WORDS: Final = {
    "area": N_("Tulis kode wilayah Anda, seperti 52.02, atau kosongkan untuk seluruh hub."),
    "band": N_("Tulis pita dalam MHz, seperti 920-923."),
    "numbers": N_("Slot dan frekuensi adalah angka; isi salah satu saja, atau kosongkan keduanya."),
    "frequency": N_(
        "Slot atau frekuensi itu tidak seluruhnya di dalam pita yang boleh dipakai, atau slot negara itu "
        "tidak dikenal di sini. Kosongkan keduanya untuk memakai slot yang terdekat dengan 921,875 MHz."
    ),
    "channel": N_("Nama kanal berisi 1 sampai %(most)s huruf.", most=CHANNEL_NAME_BYTES),
    "key": N_("Pilih kunci: dibuat baru, atau diketik sebagai base64 dari 16 atau 32 byte."),
    "sure": N_("Wilayah ini sudah mempunyai pengaturan lain. Tandai bahwa Anda tahu akibatnya."),
    "reason": N_("Tulis alasan, paling panjang %(most)s huruf.", most=REASON_MAX_CHARACTERS),
}
USUAL: Final[Mapping[str, str]] = {
    "region": "SG_923",
    "preset": "LongFast",
    "band": "920-923",
    "channel_name": USUAL_CHANNEL,
    "hop_limit": "3",
    "key": "make",
}


class Plans(Protocol):
    """The radio settings by area: `hub.radio_plans.RadioPlans`."""

    def shown(self, *, who: SignedIn) -> list[KeptPlan]:
        """Return those that count for boxes which `who` may see."""
        ...

    def set(self, area: str, plan: RadioPlan, *, band: Band, by: SignedIn, reason: str) -> None:
        """Keep one; raise PlanRefused."""
        ...

    def forget(self, area: str, *, by: SignedIn, reason: str) -> bool:
        """Return whether there was one that `by` may change."""
        ...


def register(app: Flask, plans: Plans, clock: Clock) -> None:
    """Add the page `/pendaftaran/radio`."""
    app.jinja_env.globals["has_radio_plans"] = True
    pages = Blueprint("radio_plans", __name__)

    def page(problem: str = "", status: int = 200) -> tuple[str, int]:
        rows = plans.shown(who=who_is_signed_in())
        return render_template(
            "radio_plans.html",
            rows=rows,
            typed={**request.form, "channel_key": ""} if problem else _typed_of(rows),
            problem=problem and PROBLEM_WORDS[problem],
            named=area_names().name_of,
            number=link_words.number,
            regions=sorted(REGION_NUMBERS),
            presets=list(PRESETS),
            hops=range(MOST_HOPS + 1),
            reason_max=REASON_MAX_CHARACTERS,
            name_max=CHANNEL_NAME_BYTES,
            now=clock.wall_s(),
        ), status

    @pages.get("/pendaftaran/radio")
    @open_to("administrator")
    def show() -> ResponseReturnValue:
        return page()

    @pages.post("/pendaftaran/radio")
    @open_to("administrator")
    def change() -> ResponseReturnValue:
        try:
            _carry_out(plans, who_is_signed_in())
        except PlanRefused as refused:
            return page(refused.why, 422)
        return redirect(url_for("radio_plans.show"), 303)

    @pages.post("/pendaftaran/radio/hapus")
    @open_to("administrator")
    def forget() -> ResponseReturnValue:
        try:
            reason = _reason()
        except PlanRefused as refused:
            return page(refused.why, 422)
        plans.forget(request.form.get("area", "")[:13], by=who_is_signed_in(), reason=reason)
        return redirect(url_for("radio_plans.show"), 303)

    app.register_blueprint(pages)


def _carry_out(plans: Plans, who: SignedIn) -> None:
    """Keep what was typed, or raise PlanRefused."""
    form = request.form
    area, reason, band = form.get("area", "").strip()[:13], _reason(), _band()
    here = {one.area: one.plan for one in plans.shown(who=who) if one.may_change}.get(area)
    plan = _wish().plan(_key(here), band)
    if here is not None and here != plan and form.get("sure") != "1":
        raise PlanRefused("sure", "this area has other settings")
    plans.set(area, plan, band=band, by=who, reason=reason)


def _reason() -> str:
    reason = " ".join(request.form.get("text", "").split())
    if not reason or len(reason) > REASON_MAX_CHARACTERS or not reason.isprintable():
        raise PlanRefused("reason", "a reason is wanted")
    return reason


def _band() -> Band:
    text = request.form.get("band", "").strip()
    try:
        return Band.parse(text[:20])
    except ValueError:
        raise PlanRefused("band", "a band such as 920-923 is wanted") from None


def _wish() -> Wish:
    form = request.form
    region, preset, hops = form.get("region", ""), form.get("preset", ""), form.get("hop_limit", "")
    slot, mhz = form.get("slot", "").strip(), form.get("frequency", "").strip()
    if region not in REGION_NUMBERS or preset not in PRESETS or not _WHOLE.fullmatch(hops):
        raise PlanRefused("channel", "a region, a preset and hops are wanted")
    if (slot and mhz) or (slot and not _WHOLE.fullmatch(slot)) or (mhz and not _MHZ.fullmatch(mhz)):
        raise PlanRefused("numbers", "a slot or a frequency is wanted")
    return Wish(
        region,
        preset,
        int(slot) if slot else None,
        float(mhz.replace(",", ".")) if mhz else None,
        form.get("channel_name", "").strip(),
        int(hops),
    )


def _key(here: RadioPlan | None) -> bytes:
    chosen = request.form.get("key", "")
    if chosen == "keep" and here is not None:
        return here.channel_key
    if chosen == "make":
        return secrets.token_bytes(KEY_BYTES)
    try:
        return channel_key_of(request.form.get("channel_key", "")[:100] if chosen == "typed" else "")
    except ValueError:
        raise PlanRefused("key", "a key is wanted") from None


def _typed_of(rows: list[KeptPlan]) -> Mapping[str, str]:
    """Return what the form begins with: the settings of the area that the address names."""
    asked = request.args.get("wilayah", "-")
    plan = next((one.plan for one in rows if one.area == asked and one.may_change), None)
    if plan is None:
        return USUAL
    return {
        **USUAL,
        "area": asked,
        "region": plan.region,
        "preset": plan.preset,
        "slot": str(plan.slot or ""),
        "frequency": f"{plan.frequency_khz / 1000:g}" if plan.frequency_khz else "",
        "channel_name": plan.channel_name,
        "hop_limit": str(plan.hop_limit),
        "key": "keep",
    }
