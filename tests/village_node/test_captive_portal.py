from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from village_node.captive_portal import (
    API_PATH,
    MOST_CLIENTS,
    PROBES,
    SATISFIED_FOR_S,
    CaptivePortal,
    PortalAnswer,
    site_address,
)

SITE = "http://10.42.0.1/"
PHONE = "10.42.0.77"
PROBE_URLS = {
    "android": ("connectivitycheck.gstatic.com", "/generate_204"),
    "android, older": ("clients3.google.com", "/generate_204"),
    "android, fallback": ("www.google.com", "/gen_204"),
    "huawei": ("connectivitycheck.platform.hicloud.com", "/generate_204"),
    "ios": ("captive.apple.com", "/hotspot-detect.html"),
    "macos": ("www.apple.com", "/library/test/success.html"),
    "windows": ("www.msftconnecttest.com", "/connecttest.txt"),
    "windows 8": ("www.msftncsi.com", "/ncsi.txt"),
    "firefox": ("detectportal.firefox.com", "/canonical.html"),
    "firefox, second": ("detectportal.firefox.com", "/success.txt"),
    "gnome": ("nmcheck.gnome.org", "/check_network_status.txt"),
    "debian": ("network-test.debian.org", "/nm"),
}
WANTED = {
    "android": (204, b""),
    "android, older": (204, b""),
    "android, fallback": (204, b""),
    "huawei": (204, b""),
    "ios": (200, b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"),
    "macos": (200, b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>"),
    "windows": (200, b"Microsoft Connect Test"),
    "windows 8": (200, b"Microsoft NCSI"),
    "firefox": (
        200,
        b'<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>',
    ),
    "firefox, second": (200, b"success\n"),
    "gnome": (200, b"NetworkManager is online\n"),
    "debian": (200, b"NetworkManager is online\n"),
}


@pytest.fixture
def portal() -> CaptivePortal:
    return CaptivePortal("http://10.42.0.1", key=bytes(32))


def ask(portal: CaptivePortal, host: str, path: str, *, client: str = PHONE, now: float = 0) -> PortalAnswer:
    answer = portal.answer(client=client, host=host, path=path, now=now)
    assert answer is not None
    return answer


@pytest.mark.parametrize("phone", PROBE_URLS)
def test_a_probe_is_led_to_the_site_first_and_satisfied_for_hours_once_its_phone_stays(
    portal: CaptivePortal, phone: str
) -> None:
    host, path = PROBE_URLS[phone]
    for _ in range(3):
        first = ask(portal, host, path)
        assert (first.status, first.headers) == (302, {"Location": SITE})
    portal.stay(PHONE, 10)
    for now in (11, 10 + SATISFIED_FOR_S - 1):
        satisfied = ask(portal, host, path, now=now)
        assert (satisfied.status, satisfied.body) == WANTED[phone]
    assert ask(portal, host, path, now=10 + SATISFIED_FOR_S).status == 302
    assert ask(portal, host, path, client="10.42.0.78", now=11).status == 302  # another phone


def test_pages_of_the_internet_lead_to_the_site_whether_the_phone_stays_or_not(portal: CaptivePortal) -> None:
    assert ask(portal, "example.com", "/a/page").headers == {"Location": SITE}
    portal.stay(PHONE, 0)
    assert ask(portal, "www.msftconnecttest.com", "/redirect", now=1).headers == {"Location": SITE}


@pytest.mark.parametrize(
    "host",
    [
        "10.42.0.1", "10.42.0.1:8080", "[fe80::1]", "[fe80::1]:80", "192.168.4.1", "localhost",
        "localhost:8080", "desa.local", "desa", "DESA.LOCAL.", "", "[", "a b",
    ],
)  # fmt: skip
def test_what_is_asked_of_the_box_itself_is_left_to_the_site(portal: CaptivePortal, host: str) -> None:
    for path in ("/", *PROBES, API_PATH):
        assert portal.answer(client=PHONE, host=host, path=path, now=0) is None


def test_the_site_is_reached_by_its_own_name() -> None:
    portal = CaptivePortal("http://kentongan.desa.example:8080", key=bytes(32))
    assert portal.answer(client=PHONE, host="kentongan.desa.example:8080", path="/", now=0) is None
    assert ask(portal, "desa.example", "/").headers == {"Location": "http://kentongan.desa.example:8080/"}


def test_to_stay_is_offered_to_whom_the_portal_led_here_until_it_is_said(portal: CaptivePortal) -> None:
    assert not portal.may_offer_to_stay(PHONE, 0)  # came by itself
    ask(portal, *PROBE_URLS["ios"])
    assert portal.may_offer_to_stay(PHONE, 1)
    portal.stay(PHONE, 2)
    assert not portal.may_offer_to_stay(PHONE, 3)
    assert not portal.may_offer_to_stay("10.42.0.78", 3)


def test_a_crowd_of_clients_costs_bounded_memory(portal: CaptivePortal) -> None:
    portal.stay("10.0.0.0", 0)
    for n in range(3 * MOST_CLIENTS):
        ask(portal, "example.com", "/", client=f"10.1.{n // 256}.{n % 256}")
    assert len(portal._clients) == MOST_CLIENTS


def test_no_address_of_a_phone_is_kept(portal: CaptivePortal) -> None:
    portal.stay(PHONE, 0)
    ask(portal, "example.com", "/", client="10.42.0.99")
    assert "10.42" not in repr(portal._clients)
    other = CaptivePortal(SITE, key=b"k" * 32)
    other.stay(PHONE, 0)
    assert not set(portal._clients) & set(other._clients)  # without the key a name tells nothing


def test_the_api_of_rfc_8908_answers_only_where_there_is_a_certificate(portal: CaptivePortal) -> None:
    assert portal.answer(client=PHONE, host="10.42.0.1", path=API_PATH, now=0) is None
    secure = CaptivePortal("https://desa.example.org", key=bytes(32))
    for captive in (True, False):
        answer = ask(secure, "desa.example.org", API_PATH)
        assert answer.media_type == "application/captive+json"
        assert json.loads(answer.body) == {
            "captive": captive,
            "user-portal-url": "https://desa.example.org/",
        }
        secure.stay(PHONE, 0)


@pytest.mark.parametrize(
    "typed", ["10.42.0.1", "ftp://a", "http://", "http://a/b", "http://a/?b", "", "http://["]
)
def test_an_address_that_is_none_is_refused(typed: str) -> None:
    with pytest.raises(ValueError, match=r"http|Invalid"):
        site_address(typed)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_any_request_gets_an_answer_or_the_site(host: str, path: str, client: str) -> None:
    portal = CaptivePortal(SITE, key=bytes(32))
    answer = portal.answer(client=client, host=host, path=path, now=0)
    assert answer is None or answer.headers == {"Location": SITE}
