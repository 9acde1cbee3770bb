"""The hub's site in an officer's browser: cookies, redirects, hosts, and what is typed to break it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pytest
from raw_http import Answer, ask, get, post
from served_sites import NAME, PASSWORD, Served


class Browser:
    """Keeps cookies as a browser does, and shows them."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.cookies: dict[str, str] = {}
        self.set: list[str] = []

    def _taken(self, answer: Answer) -> Answer:
        for line in answer.headers.get("set-cookie", []):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
            self.set.append(line)
        return answer

    @property
    def _header(self) -> str:
        return "Cookie: " + "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def get(self, path: str, *more: str) -> Answer:
        return self._taken(get(self.url, path, self._header, *more))

    def post(self, path: str, page: str, **typed: str) -> Answer:
        token = re.findall(rb'name="form_token" value="([0-9a-f]+)"', self.get(page).body)
        assert token, page
        return self._taken(post(self.url, path, {"form_token": token[0].decode(), **typed}, self._header))

    def sign_in(self, **more: str) -> Answer:
        return self.post("/sign-in", "/sign-in", name=NAME, password=PASSWORD, **more)


WORD = "Zebrafinkenpasar"
"""In no report of this hub."""
NO_HOSTS = (
    *("10.42.0.1@hub.example", "hub.example\tx", "[::1].hub.example", "hub.example/10.42.0.1"),
    *("hub.example:x", "hub.example, 10.42.0.1", "hub.example#", "%68ub.example", "hub.example\\"),
    *("h\xfcb.example", "[hub.example]"),
)
AWAY = (
    "//hub.example",
    "https://hub.example/",
    "/\\hub.example",
    "\\\\hub.example",
    "/%09/hub.example",
    "javascript:alert(1)",
    "/sign-in?next=//hub.example",
    "/@hub.example/..",
    "http:hub.example",
)


def test_a_session_is_new_at_signing_in_unknown_to_scripts_and_other_sites_and_leads_nowhere_else(
    served: Served,
) -> None:
    browser = Browser(served.office)
    browser.get("/sign-in")
    fixed = Browser(served.office)
    fixed.cookies = {"kentongan_hub": "eyJpZCI6ImZpeGVkIn0.aaaaaa.bbbbbbbbbbbbbbbb", **browser.cookies}
    answer = fixed.sign_in(next="//hub.example/a")
    assert answer.status == 303
    assert not urlsplit(answer.header("location")).netloc
    assert "fixed" not in fixed.cookies["kentongan_hub"]
    begun = fixed.cookies["kentongan_hub"]
    for line in (one for one in fixed.set if one.startswith("kentongan_hub=")):
        assert {"HttpOnly", "SameSite=Strict", "Path=/"} <= set(line.split("; ")), line
        assert "Domain" not in line
    for path in AWAY:
        answer = fixed.get(f"/sign-in?next={path}")
        assert answer.status in (303, 400), (path, answer.status)
        assert not urlsplit(answer.header("location")).netloc, (path, answer.header("location"))
        assert not answer.header("location").startswith(("//", "/\\")), path
    # What is typed to break queries, regular expressions or pages is searched for, and nothing else.
    case = fixed.post("/kasus", "/kasus", text=f"{WORD} <script>")
    assert case.status == 303, case.status
    assert fixed.post("/cari", "/cari", text=WORD).body.count(b'<li class="found') == 1
    for typed in (
        "' OR 1=1--",
        "%_*+()[",
        '"<script>',
        "\u202eexe.jpg",
        "\0",
        f'{WORD}" OR "a',
        "a NEAR b",
        "*",
    ):
        answer = fixed.post("/cari", "/cari", text=typed)
        assert answer.status == 200, (typed, answer.status)
        assert b"<script>" not in answer.body
        found = answer.body.count(b'<li class="found')
        assert found == 0 or (found == 1 and "script" in typed), (typed, found)
    # "Back" after signing out shows nothing: pages are kept nowhere, and the old cookie opens none.
    page = fixed.get("/")
    assert (page.status, page.header("cache-control")) == (200, "no-store")
    assert fixed.post("/sign-out", "/").status == 303
    fixed.cookies["kentongan_hub"] = begun
    assert fixed.get("/").status == 303


def test_a_forged_form_signs_nobody_in_and_the_token_of_another_browser_neither(served: Served) -> None:
    mine, other = Browser(served.office), Browser(served.office)
    token = re.findall(rb'name="form_token" value="([0-9a-f]+)"', mine.get("/sign-in").body)[0].decode()
    other.get("/sign-in")
    for given in ("", token, "0" * 64):
        answer = post(
            served.office,
            "/sign-in",
            {"form_token": given, "name": NAME, "password": PASSWORD},
            other._header,
        )
        assert answer.status == 403
        assert "set-cookie" not in answer.headers or "kentongan_hub=" not in str(answer.headers["set-cookie"])


@pytest.mark.parametrize(
    "name", ["' OR '1'='1", 'sari" --', "sari\u202e", "sari\0", "a" * 81, "SARI;DROP TABLE user"]
)
def test_no_name_is_an_order_to_the_database(served: Served, name: str) -> None:
    browser = Browser(served.office)
    answer = browser.post("/sign-in", "/sign-in", name=name, password="' OR '1'='1")
    assert answer.status in (403, 422, 429), answer.status
    assert browser.get("/").status == 303


def test_another_host_changes_no_address_and_gets_nothing_of_the_box(served: Served) -> None:
    """Host headers: none of them is repeated on a page, and a rebound name opens no facilitator's site."""
    for host in ("hub.example", "hub.example:80", "hub.example.", *NO_HOSTS):
        answer = _as_host(served.office, "/sign-in", host)
        assert b"hub.example" not in answer.body, host
        led = _as_host(served.public, "/", host)
        assert (led.status, led.header("location")) in ((302, "http://10.42.0.1/"), (400, ""), (200, "")), (
            host
        )
        assert b"hub.example" not in led.body
        away = _as_host(served.facilitator, "/masuk", host)
        assert b"hub.example" not in away.body
        # What is no host at all would be read as none, and be let by.
        assert away.status == (400 if host in NO_HOSTS else 404), (host, away.status)
    assert _as_host(served.facilitator, "/masuk", "desa.local").status == 200
    assert _as_host(served.facilitator, "/masuk", "10.42.0.1:8090").status == 200


def _as_host(url: str, path: str, host: str) -> Answer:
    return ask(url, f"GET {path} HTTP/1.1\r\nHost: {host}")
