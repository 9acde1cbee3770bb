"""A facilitator at a browser: gives the PIN, and posts forms with the token of the page they stand on."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast
from unittest.mock import Mock

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from content.catalogue import Catalogue
from sync.passwords import hash_password
from village_node.awareness import AwarenessSessions
from village_node.pin import Pin, unset_pin
from village_node.printing import Printing
from village_node.serving import facilitator_services
from village_node.web.facilitator_app import FacilitatorServices, create_facilitator_app
from village_node.wiring import Node

PIN, CODE = "271828", "31415926"


@functools.cache
def _code_hash() -> str:
    return hash_password(CODE)


class OpenPin:
    """A PIN that is always right."""

    is_set, has_code, serial = True, False, 1

    def matches(self, typed: str) -> bool:
        return True


def client_over(status: Callable[[], dict[str, Any]]) -> FlaskClient:
    """Return a browser that is signed in at a site with this status and nothing else behind it."""
    services = FacilitatorServices(
        status=status,
        pin=cast(Pin, OpenPin()),
        monotonic_s=lambda: 0.0,
        sessions=Mock(spec=AwarenessSessions),
        content=Catalogue,
        printing=Mock(spec=Printing),
        today=lambda: None,
        public_port=8080,
    )
    client = create_facilitator_app(services).test_client()
    assert client.post("/masuk", data={"pin": PIN}).status_code == 303
    return client


class Facilitator:
    """Somebody at a browser of the facilitator's site of a node."""

    def __init__(self, node: Node, *, status: Callable[[], dict[str, Any]] | None = None) -> None:
        services = facilitator_services(node, 8080)
        if status is not None:
            services = replace(services, status=status)
        self.node = node
        self.client: FlaskClient = create_facilitator_app(services).test_client()

    def sign_in(self) -> Facilitator:
        """Set the PIN with a code, and be signed in."""
        unset_pin(self.node.log, _code_hash())
        response = self.client.post("/masuk", data={"code": CODE, "new": PIN, "again": PIN})
        assert response.status_code == 303, response.text
        return self

    def get(self, path: str, **options: Any) -> TestResponse:
        return self.client.get(path, **options)

    def read(self, path: str) -> str:
        """Return a page's words with single spaces; it must be there."""
        response = self.client.get(path)
        assert response.status_code == 200, (path, response.status_code, response.headers.get("Location"))
        return " ".join(response.text.split())

    def token(self) -> str:
        found = re.search(r'name="form_token" value="([0-9a-f]+)"', self.client.get("/").text)
        assert found is not None
        return found[1]

    def post(self, path: str, **typed: Any) -> TestResponse:
        return self.client.post(path, data={"form_token": self.token(), **typed})
