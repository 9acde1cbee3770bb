"""People of interest and events: the list, one with its reports, its history and its network."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, current_app, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.languages import N_, counted
from hub.links.network import draw
from hub.links.weighing import Kind
from hub.people_services import GroupView, PeopleServices, UnknownGroup
from hub.services import READING_ROLES
from hub.web import evidence_words, network_pictures
from hub.web.attachment_responses import ATTACHMENT_POLICY
from hub.web.guards import open_to, refuse_unless_a_person_looks, who_is_signed_in
from hub.web.suggestion_pages import CURSOR_MAX_CHARACTERS
from sync.clock import Clock

PEOPLE_PER_PAGE: Final = 30

KINDS: Final[dict[str, Kind]] = {"orang": "recruiter", "peristiwa": "event"}
_TITLES: Final = {"orang": N_("Orang yang dicermati"), "peristiwa": counted("Peristiwa", 2)}


def make_blueprint(people: PeopleServices, clock: Clock) -> Blueprint:
    """Build the pages `/orang...` and `/peristiwa...`. Nothing of them goes to a village."""
    pages = Blueprint("people", __name__)
    pages.register_error_handler(UnknownGroup, _show_what_came_of_it)

    def one(kind: str, number: int, what: str) -> GroupView:
        refuse_unless_a_person_looks()
        return people.group(KINDS[kind], number, who=who_is_signed_in(), what=what)

    @pages.get("/<any(orang, peristiwa):kind>")
    @open_to(*READING_ROLES)
    def show_list(kind: str) -> str:
        before = request.args.get("before")
        if before is not None and len(before) > CURSOR_MAX_CHARACTERS:
            raise NotFound
        rows, cursor = people.groups(
            KINDS[kind], before=before, limit=PEOPLE_PER_PAGE, who=who_is_signed_in()
        )
        return render_template(
            "people.html",
            rows=rows,
            kind=kind,
            title=_TITLES[kind],
            titles=_TITLES,
            next_cursor=cursor,
            before=before,
            now=clock.wall_s(),
            said=evidence_words,
        )

    @pages.get("/<any(orang, peristiwa):kind>/<int:person>")
    @open_to(*READING_ROLES)
    def show_one(kind: str, person: int) -> str:
        view = one(kind, person, "person" if kind == "orang" else "event")
        drawing = draw(view.network)
        return render_template(
            "person.html",
            view=view,
            kind=kind,
            picture=network_pictures.as_svg(
                drawing,
                title=N_("Jaringan orang nomor %(person)s", person=person),
                text=network_pictures.summary(view.network),
            ),
            drawing=drawing,
            pictures=network_pictures,
            now=clock.wall_s(),
            said=evidence_words,
        )

    @pages.get("/orang/<int:person>/jaringan.svg")
    @open_to(*READING_ROLES)
    def export_svg(person: int) -> Response:
        network = one("orang", person, "network exported").network
        content = network_pictures.as_svg(
            draw(network),
            title=N_("Jaringan orang nomor %(person)s", person=person),
            text=network_pictures.summary(network),
            alone=True,
        )
        return _file(content.encode(), "image/svg+xml", f"jaringan-{person}.svg")

    @pages.get("/orang/<int:person>/jaringan.png")
    @open_to(*READING_ROLES)
    def export_png(person: int) -> Response:
        network = one("orang", person, "network exported").network
        content = network_pictures.as_png(
            draw(network),
            title=N_("Jaringan orang nomor %(person)s", person=person),
            text=network_pictures.summary(network),
        )
        return _file(content, "image/png", f"jaringan-{person}.png")

    return pages


def _file(content: bytes, media_type: str, name: str) -> Response:
    response = Response(content, 200, content_type=media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = ATTACHMENT_POLICY
    return response


def _show_what_came_of_it(unknown: UnknownGroup) -> ResponseReturnValue:
    if not unknown.now:
        return current_app.handle_user_exception(NotFound())
    kind = "peristiwa" if request.path.startswith("/peristiwa") else "orang"
    return render_template("split.html", now_numbers=unknown.now, kind=kind), 404
