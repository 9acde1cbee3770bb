"""A phone with Collect, as far as the hub sees it: it asks, fills in the form that it got, and posts."""

from __future__ import annotations

import base64
import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree import ElementTree

from flask.testing import FlaskClient
from village import VILLAGE, Region
from werkzeug.test import TestResponse

from hub.services import SignedIn

KETUT = SignedIn("ketut", "administrator")
XFORMS = "{http://www.w3.org/2002/xforms}"
LIST = "{http://openrosa.org/xforms/xformsList}"
MANIFEST = "{http://openrosa.org/xforms/xformsManifest}"
ANSWERS: Mapping[str, str] = {
    "village": VILLAGE,
    "channel": "facilitator",
    "kind": "recruiter",
    "urgency": "now",
    "narrative": "Pak Wayan Contoh mengajak tiga anak ke Malaysia.",
    "official_involved": "no",
    "place": "52.02.08",
    "position": "-8.65432 116.32145 12.0 4.9",
    "indicators/act": "child sea_route",
    "indicators/means": "threats",
    "recruiter/name": "Wayan Contoh",
    "recruiter/phone": "0812-0000-4321",
    "recruiter/licence_shown": "no",
    "offer/destination": "MY",
    "offer/wage_idr": "9000000",
    "offer/departure_on": "2027-02-01",
    "people/children": "3",
    "reporter/refer": "yes",
    "ended_at": "2027-01-15T15:00:00.000+08:00",
}
MULTIPART = "multipart/form-data; boundary=XX"
_numbers = itertools.count(1)


def basic(token: str) -> dict[str, str]:
    told = base64.b64encode(f"{token.partition('_')[0]}:{token}".encode()).decode()
    return {"Authorization": f"Basic {told}", "X-OpenRosa-Version": "1.0"}


def instance_of(xform: bytes) -> ElementTree.Element:
    """Return the primary instance of a form, as a phone begins with it."""
    model = next(ElementTree.fromstring(xform).iter(f"{XFORMS}instance"))
    return next(iter(model))


def filled(instance: ElementTree.Element, answers: Mapping[str, str], instance_id: str) -> bytes:
    """Return a form with these answers; what nobody answered stays an empty element, as Collect has it."""
    space = XFORMS if instance.tag.startswith(XFORMS) else ""
    for path, text in {**answers, "meta/instanceID": instance_id}.items():
        element = instance.find("/".join(space + step for step in path.split("/")))
        assert element is not None, path
        element.text = text
    return bytes(ElementTree.tostring(instance, encoding="utf-8", xml_declaration=True))


def multipart(xml: bytes, files: Mapping[str, bytes]) -> bytes:
    """Return a body as Collect makes it: the form, then each file in a part of the file's name."""
    parts = []
    for name, content in {"xml_submission_file": xml, **files}.items():
        head = f'--XX\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n'
        parts.append(f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + content)
    return b"\r\n".join([*parts, b"--XX--\r\n"])


@dataclass
class Phone:
    """A phone with a token. `form` is what it got; without one it gets it first."""

    region: Region
    areas: tuple[str, ...] = ()
    token: str = ""
    client: FlaskClient = field(init=False)
    form: bytes = b""

    def __post_init__(self) -> None:
        self.token = self.token or self.region.hub.store.sharing.tokens.make(
            "Ponsel Sari", ("file",), self.areas, 9, who=KETUT
        )
        self.client = self.region.hub.create_app().test_client()

    def ask(self, path: str, method: str = "GET", **more: str) -> TestResponse:
        return self.client.open(f"/openrosa/{path}", method=method, headers={**basic(self.token), **more})

    def fetch(self) -> bytes:
        if not self.form:
            answer = self.ask("forms/kentongan_report.xml")
            assert answer.status_code == 200
            self.form = answer.data
        return self.form

    def fill(self, instance_id: str = "", **answers: str) -> bytes:
        """Return a filled-in form; in the names of answers "__" stands for "/"."""
        told = {**ANSWERS, **{name.replace("__", "/"): text for name, text in answers.items()}}
        return filled(instance_of(self.fetch()), told, instance_id or f"uuid:{next(_numbers):032x}")

    def post(self, xml: bytes, files: Mapping[str, bytes] | None = None, **more: str) -> TestResponse:
        return self.client.post(
            "/openrosa/submission",
            headers={**basic(self.token), **more},
            content_type=MULTIPART,
            data=multipart(xml, files or {}),
        )
