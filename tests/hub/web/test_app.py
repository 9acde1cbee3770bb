"""The app as it is built: headers, the nodes' exchange beside the pages, and pages without faults."""

from __future__ import annotations

import re
from collections import Counter
from html.parser import HTMLParser

import pytest
from flask import Blueprint, Flask, request

from hub.web.app import create_hub_app
from hub.web.headers import HEADERS
from tests.hub.web.conftest import FIRST, SECRET_KEY, Browser, HubInMemory, build, hidden_fields

PAGES = ["/", "/?unread=1", "/?before=50", f"/reports/{FIRST}", "/tidak-ada"]


def exchange() -> Blueprint:
    pages = Blueprint("sync", __name__, url_prefix="/sync/1")

    @pages.post("/exchange")
    def take() -> bytes:
        return request.get_data()

    @pages.post("/breaks")
    def breaks() -> bytes:
        raise RuntimeError("isi laporan")

    return pages


@pytest.fixture
def with_sync(services: HubInMemory) -> Flask:
    return create_hub_app(
        services,
        accounts=services,
        inbox=services,
        links=services.links,
        pins=services.links,
        sessions=services.links,
        secret_key=SECRET_KEY,
        secure_cookies=False,
        clock=services.clock,
        sync_blueprint=exchange(),
        sync_max_body_bytes=100_000,
    )


def test_a_short_key_or_an_unknown_zone_is_refused(services: HubInMemory) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        create_hub_app(
            services,
            accounts=services,
            inbox=services,
            links=services.links,
            pins=services.links,
            sessions=services.links,
            secret_key=b"short",
            secure_cookies=False,
        )
    with pytest.raises(ValueError, match="time zone"):
        create_hub_app(
            services,
            accounts=services,
            inbox=services,
            links=services.links,
            pins=services.links,
            sessions=services.links,
            secret_key=SECRET_KEY,
            secure_cookies=False,
            timezone_name="Mars",
        )


def test_the_zone_is_the_one_that_was_asked_for(services: HubInMemory) -> None:
    app = create_hub_app(
        services,
        accounts=services,
        inbox=services,
        links=services.links,
        pins=services.links,
        sessions=services.links,
        secret_key=SECRET_KEY,
        secure_cookies=False,
        clock=services.clock,
        timezone_name="Asia/Jayapura",
    )
    browser = Browser(app)
    browser.sign_in("sari")
    assert re.search(r"\d\d\.\d\d WIT<", browser.read("/"))


def test_every_answer_carries_the_headers(with_sync: Flask, services: HubInMemory) -> None:
    stranger, sari = Browser(with_sync), Browser(with_sync)
    sari.sign_in("sari")
    responses = [
        browser.client.open(re.sub(r"<[^>]+>", argument, rule.rule), method=method, buffered=True)
        for rule in with_sync.url_map.iter_rules()
        for method in (rule.methods or set())
        for argument in (FIRST, "hub.css", "missing")
        for browser in (stranger, sari)
    ]
    responses += [sari.get("/tidak-ada"), sari.client.post("/sign-in", data={"text": "x" * 40_000})]
    assert {r.status_code for r in responses} >= {200, 303, 403, 404, 405, 413, 500}
    for response in responses:
        for name, value in HEADERS.items():
            assert response.headers.getlist(name) == [value]
        assert "Strict-Transport-Security" not in response.headers


def test_the_headers_say_what_was_promised() -> None:
    policy = HEADERS["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert HEADERS["Cache-Control"] == "no-store"
    assert HEADERS["Referrer-Policy"] == "no-referrer"
    assert HEADERS["X-Content-Type-Options"] == "nosniff"
    for name in ("Cross-Origin-Opener-Policy", "Cross-Origin-Resource-Policy"):
        assert HEADERS[name] == "same-origin"
    assert HEADERS["Cross-Origin-Embedder-Policy"] == "require-corp"
    assert HEADERS["X-Permitted-Cross-Domain-Policies"] == "none"
    for feature in ("camera", "geolocation", "microphone", "payment", "usb"):
        assert f"{feature}=()" in HEADERS["Permissions-Policy"]


def test_https_is_insisted_on_only_where_it_is_used(services: HubInMemory) -> None:
    for path in ("/sign-in", "/tidak-ada", "/static/hub.css"):
        response = build(services, secure_cookies=True).test_client().get(path, buffered=True)
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


# --- the nodes' exchange ---


def test_nodes_need_neither_sign_in_nor_token_and_get_no_cookie(with_sync: Flask) -> None:
    response = with_sync.test_client().post("/sync/1/exchange", data=b"\x00\xff")
    assert (response.status_code, response.data) == (200, b"\x00\xff")
    assert "Set-Cookie" not in response.headers


def test_nodes_have_a_body_limit_of_their_own(with_sync: Flask) -> None:
    client = with_sync.test_client()
    assert client.post("/sync/1/exchange", data=b"x" * 100_000).status_code == 200
    refused = client.post("/sync/1/exchange", data=b"x" * 100_001)
    assert (refused.status_code, refused.mimetype) == (413, "text/plain")
    assert client.post("/sign-in", data={"name": "x" * 40_000}).status_code == 413


def test_nodes_get_plain_errors(with_sync: Flask, caplog: pytest.LogCaptureFixture) -> None:
    client = with_sync.test_client()
    for path, status in (("/sync/1/none", 404), ("/sync/1/breaks", 500)):
        response = client.post(path, data=b"x")
        assert (response.status_code, response.mimetype) == (status, "text/plain")
        assert len(response.data) < 100
    assert client.get("/sync/1/exchange").status_code == 405
    assert "isi laporan" not in caplog.text


def test_a_hub_without_the_exchange_has_no_such_page(stranger: Browser) -> None:
    assert stranger.client.post("/sync/1/exchange").status_code == 404


# --- pages without faults ---


class PageReader(HTMLParser):
    """Notes what is opened, closed, named and pointed at."""

    VOID = {"meta", "link", "input", "br"}

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: Counter[str] = Counter()
        self.ids: list[str] = []
        self.fields: list[dict[str, str | None]] = []
        self.labels: set[str] = set()
        self.pointed: set[str] = set()
        self.addresses: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        assert len(given) == len(attrs), (tag, attrs)
        self.tags[tag] += 1
        if tag not in self.VOID:
            self.open.append(tag)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag in ("input", "textarea") and given.get("type") != "hidden":
            self.fields.append(given | {"in_label": "yes" if "label" in self.open else None})
        if tag == "label" and given.get("for"):
            self.labels.add(str(given["for"]))
        self.pointed |= set((given.get("aria-describedby") or "").split())
        self.addresses += [str(given[name]) for name in ("href", "src", "action") if name in given]
        assert "style" not in given
        assert not [name for name in given if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def check_page(page: str) -> None:
    reader = PageReader()
    reader.feed(page)
    reader.close()
    assert reader.open == []
    assert page.startswith('<!doctype html>\n<html lang="id">')
    assert reader.tags["h1"] == reader.tags["title"] == reader.tags["main"] == 1
    assert re.findall(r"<script(?! src=\"/static/[a-z]+\.js\" defer></script>)", page) == []
    assert reader.tags["style"] == reader.tags["img"] == 0
    assert [name for name, count in Counter(reader.ids).items() if count > 1] == []
    assert reader.pointed <= set(reader.ids)
    for given in reader.fields:
        assert given.get("in_label") or given.get("id") in reader.labels, given
    for address in reader.addresses:
        assert re.match(r"[/#](?!/)", address), f"{address} leads off the site"


def test_every_page_is_sound_html_without_inline_scripts_or_outside_assets(
    sari: Browser, stranger: Browser, services: HubInMemory
) -> None:
    sari.answer("Halo")
    services.change(FIRST, acted_on_at=services.clock.wall_s())
    pages = [sari.get(path).text for path in PAGES]
    pages += [sari.answer("", kind="").text, sari.answer("x" * 1001).text]
    pages += [stranger.get("/sign-in").text, stranger.get(f"/sign-in?next=/reports/{FIRST}&ended=1").text]
    pages += [stranger.sign_in("", password="").text, stranger.sign_in("sari", password="salah").text]
    pages.append(stranger.client.post("/sign-out").text)
    auditor = Browser(sari.client.application)
    auditor.sign_in("auni")
    pages.append(auditor.get("/").text)
    services.views.clear()
    pages.append(sari.read("/"))
    services.breaks_with = RuntimeError()
    pages.append(sari.get("/").text)
    for page in pages:
        check_page(page)


def test_every_form_that_is_shown_carries_a_token(sari: Browser, stranger: Browser) -> None:
    pages = [sari.get(path).text for path in PAGES] + [stranger.get("/sign-in").text]
    for page in pages:
        for form in re.findall(r"<form.*?</form>", page, re.DOTALL):
            if 'method="get"' not in form:  # which only lists
                assert hidden_fields(form).get("form_token")
                assert 'method="post"' in form


def test_the_style_sheet_and_icon_are_served_and_small(stranger: Browser) -> None:
    style = stranger.get("/static/hub.css")
    assert style.mimetype == "text/css"
    assert len(style.data) < 12_000
    assert "url(" not in style.text
    assert "@import" not in style.text
    assert stranger.get("/static/hub.svg").mimetype == "image/svg+xml"
