"""People who were wrongly named: marking, undoing, and which referrals still hold them. It shows no name."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.languages import N_
from hub.links.correction_services import CorrectionServices, CorrectionView
from hub.people_services import REASON_MAX_CHARACTERS, DecisionRefused, UnknownGroup
from hub.referrals.services import DECLINED, REPLACED, WITHDRAWN, ReferralRow, ReferralServices
from hub.services import SignedIn
from hub.web.guards import open_to, refuse_unless_a_person_looks, who_is_signed_in
from hub.web.retention_pages import ROLES

_OVER: Final = (DECLINED, REPLACED, WITHDRAWN)
_DONE_TEXTS: Final = {
    "marked": N_("Koreksi disimpan. Orang itu tidak tampak lagi dalam daftar, usulan, dan rujukan baru."),
    "undone": N_("Koreksi dibatalkan. Semuanya seperti semula."),
}


def make_blueprint(corrections: CorrectionServices, referrals: ReferralServices | None) -> Blueprint:
    """Build the pages `/koreksi` and `/orang/NUMBER/koreksi`."""
    pages = Blueprint("corrections", __name__)

    @pages.errorhandler(UnknownGroup)
    def show_unknown(_: UnknownGroup) -> ResponseReturnValue:
        return current_app.handle_user_exception(NotFound())

    def page(person: int, problem: str | None = None) -> str:
        who = who_is_signed_in()
        view = corrections.view(person, who=who)
        return render_template(
            "correction.html",
            view=view,
            referrals=_holding(view, referrals, who),
            problem=problem,
            reason_max=REASON_MAX_CHARACTERS,
            typed=request.form.get("reason", "") if problem else "",
            done=_DONE_TEXTS.get(request.args.get("done", "")),
        )

    @pages.get("/koreksi")
    @open_to(*ROLES)
    def show_list() -> str:
        return render_template("corrections.html", rows=corrections.all(who=who_is_signed_in()))

    @pages.get("/orang/<int:person>/koreksi")
    @open_to(*ROLES)
    def show(person: int) -> str:
        refuse_unless_a_person_looks()
        return page(person)

    @pages.post("/orang/<int:person>/koreksi")
    @open_to(*ROLES)
    def change(person: int) -> Response | tuple[str, int]:
        reason, undo = request.form.get("reason", ""), request.form.get("go") == "undo"
        act = corrections.undo if undo else corrections.mark
        try:
            act(person, reason, who=who_is_signed_in())
        except DecisionRefused as refused:
            return page(person, str(refused)), 422
        done = "undone" if undo else "marked"
        return redirect(url_for("corrections.show", person=person, done=done), 303)

    return pages


def _holding(
    view: CorrectionView, referrals: ReferralServices | None, who: SignedIn
) -> list[tuple[ReferralRow, str]]:
    """Return referrals from before the correction that stand, each with the address for a new version."""
    if view.standing is None or referrals is None:
        return []
    rows = {row.name: row for one in view.reports for row in referrals.of(f"report {one}", who=who)}
    found = []
    for row in rows.values():
        if row.state in _OVER or row.made_at > view.standing.at:
            continue
        kind, _, name = row.about.partition(" ")
        place = {"report_id": name} if kind == "report" else {"case": name}
        found.append((row, url_for(f"referrals.write_of_{kind}", **place, ganti=row.name)))  # type: ignore[arg-type]
    return sorted(found, key=lambda pair: pair[0].name)
