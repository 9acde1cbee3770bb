"""The public site over services in memory, and pages read as a browser reads them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser

import pytest
import waitress
from flask.testing import FlaskClient

from sync.records import Report
from sync.wire.attachments import Attachment
from sync.wire.numbers import WithdrawalReason
from village_node.services import ReceiptView, Taken, UnknownReceipt
from village_node.web.bodies import in_memory_server_options
from village_node.web.public_app import MAX_BODY_BYTES, PublicSite, create_public_app

CODE = "1234567890123456"
PICTURES = (3, 0, 15, 9)
TOKEN = "token-of-a-form-0001"
VOID = {"meta", "link", "input", "br"}


@dataclass
class MemoryServices:
    """The use cases of the public site, kept in a dict; `failure` is raised by whatever is asked next."""

    taken: dict[str, tuple[Report, Taken]] = field(default_factory=dict)
    views: dict[str, ReceiptView] = field(default_factory=dict)
    failure: Exception | None = None
    has_restarted: bool = False
    tokens: int = 0
    attachments: list[Attachment] = field(default_factory=list)
    added: dict[str, tuple[str, str, bool, int | None, int]] = field(default_factory=dict)
    """Token -> code, text, urgent, question, how many attachments."""
    withdrawn: dict[str, tuple[str, WithdrawalReason]] = field(default_factory=dict)

    def take_report(
        self, report: Report, *, form_token: str | None, attachments: Sequence[Attachment] = ()
    ) -> Taken:
        if self.failure is not None:
            raise self.failure
        assert form_token is not None
        if self.has_restarted:
            return Taken(None, None)
        if form_token in self.taken:
            return replace(self.taken[form_token][1], repeated=True)
        self.attachments = list(attachments)
        self.taken[form_token] = (report, Taken(CODE, "0011223344556677.0.1", PICTURES, "7781"))
        return self.taken[form_token][1]

    def add_to_report(
        self,
        code: str,
        text: str,
        *,
        urgent: bool,
        question: int | None,
        form_token: str,
        attachments: Sequence[Attachment] = (),
    ) -> bool:
        self.look_up(code)
        before = form_token in self.added
        self.attachments = list(attachments)
        self.added.setdefault(form_token, (code, text, urgent, question, len(attachments)))
        return before

    def withdraw_report(self, code: str, reason: WithdrawalReason, *, form_token: str) -> bool:
        self.look_up(code)
        before = form_token in self.withdrawn
        self.withdrawn.setdefault(form_token, (code, reason))
        return before

    def look_up(self, code: str) -> ReceiptView:
        if self.failure is not None:
            raise self.failure
        if code not in self.views:
            raise UnknownReceipt
        return self.views[code]

    def look_up_pictures(self, pictures: tuple[int, ...]) -> ReceiptView:
        if self.failure is not None:
            raise self.failure
        if pictures != PICTURES or CODE not in self.views:
            raise UnknownReceipt
        return replace(self.views[CODE], answers=())

    def today(self) -> str | None:
        return "2026-11-25"

    def new_form_token(self) -> str:
        self.tokens += 1
        return f"fresh-form-token-{self.tokens:04}"

    @property
    def reports(self) -> list[dict[str, object]]:
        return [report.to_json() for report, _ in self.taken.values()]


@dataclass
class Element:
    """One element: its tag, attributes and all the text inside it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    inside: list[Element] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    def __contains__(self, name: str) -> bool:
        return name in self.attributes


class Page(HTMLParser):
    """A page as a flat list of elements; refuses elements that are not closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, inside=list(self._open))
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def by_id(self, wanted: str) -> Element:
        [found] = [element for element in self.elements if element["id"] == wanted]
        return found

    def value(self, name: str) -> str:
        """What a browser would send back for the text input, text area or select `name`."""
        for element in self.elements:
            if element["name"] == name and element.tag == "input":
                return element["value"]
            if element["name"] == name and element.tag == "textarea":
                return element.text.removeprefix("\n")
        chosen = [
            option
            for option in self.all("option")
            if "selected" in option and any(outer["name"] == name for outer in option.inside)
        ]
        return chosen[0]["value"] if chosen else ""

    def checked(self, name: str) -> list[str]:
        return [e["value"] for e in self.all("input") if e["name"] == name and "checked" in e]


@pytest.fixture
def services() -> MemoryServices:
    return MemoryServices()


@pytest.fixture
def site(services: MemoryServices) -> PublicSite:
    return create_public_app(services, village_name="Pringgarata")


@pytest.fixture
def client(site: PublicSite) -> FlaskClient:
    return site.test_client()


@pytest.fixture
def address(site: PublicSite) -> Iterator[str]:
    """Where the site really listens, for a browser."""
    server = waitress.create_server(
        site, host="127.0.0.1", port=0, threads=2, **in_memory_server_options(MAX_BODY_BYTES)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.effective_port}"
    server.trigger.pull_trigger(server.close)
    thread.join(timeout=10)
    server.task_dispatcher.shutdown()


@pytest.fixture
def read() -> type[Page]:
    return Page


@pytest.fixture
def small_report() -> dict[str, str]:
    """The smallest form that is taken."""
    return {"form_token": TOKEN, "kind": "recruiter", "narrative": "Ada yang mengajak ke Malaysia."}


@pytest.fixture
def full_form() -> dict[str, str | list[str]]:
    """A form in which every field is given."""
    return {
        "form_token": TOKEN,
        "kind": "departure",
        "narrative": "Besok malam mereka berangkat.",
        "urgency": "now",
        "official_involved": "yes",
        "observed_on": "2026-11-20",
        "place_text": "Dusun Timur",
        "place": "52.02.08.2001",
        "indicators": ["upfront_fee", "child"],
        "recruiter.name": "Pak Contoh",
        "recruiter.alias": "Mamiq",
        "recruiter.phone": " 0812-0000-1234 ",
        "recruiter.company": "PT Contoh",
        "recruiter.social": "fb:contoh",
        "recruiter.vehicle_plate": "DR 0000 XX",
        "recruiter.licence_shown": "no",
        "offer.destination": "MY",
        "offer.job": "plantation",
        "offer.wage_idr": "5.000.000",
        "offer.fee_idr": "500 ribu",
        "offer.departure_on": "21-11-2026",
        "offer.route": "Lombok, Batam",
        "people.women": "2",
        "people.men": "0",
        "people.children": "1",
        "reporter.relation": "neighbour",
        "reporter.contact": "lewat Ibu Contoh",
        "reporter.contact_safely": "sesudah jam 8 malam",
        "reporter.refer": "yes",
        "language": "sas",
    }
