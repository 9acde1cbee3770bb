"""The network of a person of interest as a file for police and MISP."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from hub.exports.services import ExportRefused, NetworkExportServices
from hub.people_services import UnknownGroup
from hub.web.export_pages import sent
from hub.web.guards import open_to, who_is_signed_in


def make_blueprint(networks: NetworkExportServices) -> Blueprint:
    """Build what the form on the page of a person posts to."""
    pages = Blueprint("network_export", __name__)

    @pages.post("/orang/<int:person>/stix")
    @open_to("supervisor")
    def stix(person: int) -> Response | tuple[str, int]:
        try:
            return sent(networks.stix(person, request.form.get("text", ""), who=who_is_signed_in()))
        except UnknownGroup:
            raise NotFound from None
        except ExportRefused as refused:
            return render_template("network_refused.html", problem=str(refused), person=person), 422

    return pages
