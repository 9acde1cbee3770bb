"""Agencies are told by e-mail and signed webhooks, to real servers, over failures and restarts."""

from __future__ import annotations

import hashlib
import hmac
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cap_schema import cap_schema
from sent_bulletins import BUDI, TEXT, send_bulletin
from village import OTHER_VILLAGE, VILLAGE, Region

from hub.bulletins.models import BulletinDelivery, BulletinReceiver
from hub.bulletins.receivers import OVERTAKEN, Receivers
from hub.bulletins.sending import (
    DELIVERY,
    SIGNATURE,
    TIMESTAMP,
    is_mail_address,
    is_webhook,
    post_webhook,
)
from hub.bulletins.services import BulletinRefused
from hub.duty.retries import WAITS_S
from hub.duty.ways import MailServer, WayFailed, keep_mail
from hub.services import SignedIn

KETUT = SignedIn("ketut", "administrator")


class Hook:
    """A webhook of an agency on this machine: what came, and with what it answers."""

    def __init__(self) -> None:
        self.status = 200
        self.got: list[tuple[dict[str, str], bytes]] = []
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                hook.got.append((dict(self.headers), body))
                self.send_response(hook.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/cap?dari=hub"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def is_signed(self, secret: str) -> bool:
        headers, body = self.got[-1]
        said = headers[TIMESTAMP].encode() + b"." + body
        expected = "v1=" + hmac.new(bytes.fromhex(secret), said, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, headers[SIGNATURE])


@pytest.fixture
def hook() -> Iterator[Hook]:
    made = Hook()
    yield made
    made.close()


class Mailbox:
    """What a mail server took."""

    def __init__(self) -> None:
        self.got: list[bytes] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.got.append(envelope.content)
        return "250 OK"


@contextmanager
def mail_server(box: Mailbox) -> Iterator[int]:
    server = Controller(box, hostname="127.0.0.1", port=0, ident="test")
    server.port = _free_port()
    server.start()
    try:
        yield server.port
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def receivers(region: Region) -> Receivers:
    return region.hub.store.receivers


@pytest.fixture
def heard(region: Region) -> Region:
    region.node()
    region.settle()
    return region


def test_a_webhook_is_signed_and_tried_again_over_a_restart_until_it_takes_the_message(
    heard: Region, hook: Hook
) -> None:
    _, secret = receivers(heard).add("Polres", "webhook", hook.url, "", who=KETUT)
    hook.status = 503
    number = send_bulletin(heard)
    receivers(heard).turn()
    receivers(heard).turn()
    assert len(hook.got) == 1, "the second try waits"
    [row] = receivers(heard).of_bulletin(number)
    assert (row.tries, row.sent_at, row.problem) == (1, None, "the webhook answers 503")
    heard.restart_hub()
    heard.clock.advance(WAITS_S[0])
    hook.status = 204
    receivers(heard).turn()
    receivers(heard).turn()
    assert len(hook.got) == 2
    assert hook.is_signed(secret)
    assert not hook.is_signed("00" * 32)
    (first, body), (again, same) = hook.got
    assert body == same
    assert first[DELIVERY] == again[DELIVERY]
    assert first[TIMESTAMP] != again[TIMESTAMP]
    assert again["Content-Type"] == "application/cap+xml; charset=utf-8"
    cap_schema().validate(body.decode())
    [row] = receivers(heard).of_bulletin(number)
    assert row.sent_at is not None
    newer = receivers(heard).new_secret(1, who=KETUT)
    send_bulletin(heard)
    receivers(heard).turn()
    assert (hook.is_signed(newer), hook.is_signed(secret)) == (True, False)


def test_after_the_last_try_it_is_given_up_and_the_pages_say_so(heard: Region, hook: Hook) -> None:
    receivers(heard).add("Polres", "webhook", hook.url, "52", who=KETUT)
    hook.status = 500
    number = send_bulletin(heard)
    for wait_s in (*WAITS_S, 0, 0):
        receivers(heard).turn()
        heard.clock.advance(wait_s)
    assert len(hook.got) == len(WAITS_S) + 1
    [row] = receivers(heard).of_bulletin(number)
    assert row.gave_up
    assert [(one.waiting, one.gave_up) for one in receivers(heard).rows()] == [(0, 1)]


@pytest.mark.parametrize("database_url", [None])
def test_one_address_that_leads_nowhere_holds_up_no_other_agency(heard: Region, hook: Hook) -> None:
    wrong, _ = receivers(heard).add("Salah ketik", "webhook", "https://polres.example/", "", who=KETUT)
    mail, _ = receivers(heard).add("Salah surat", "mail", "a@b.example", "", who=KETUT)
    receivers(heard).add("Polres", "webhook", hook.url, "", who=KETUT)
    store = heard.hub.store  # as an earlier version took them
    for number, address in ((wrong, "https://polres..example/"), (mail, "a&:|!/@[")):
        here = BulletinReceiver.update(address=address).where(BulletinReceiver.id == number)
        store.writer.run(partial(here.execute, store.database))
    number = send_bulletin(heard)
    receivers(heard).turn()
    assert len(hook.got) == 1
    assert [row.tries for row in receivers(heard).of_bulletin(number)] == [1, 1, 1]
    with pytest.raises(WayFailed, match="cannot be reached"):
        post_webhook("https://polres..example/", b"", b"", "x", 0.0)


def test_a_warning_never_comes_behind_its_own_end(heard: Region, hook: Hook) -> None:
    receivers(heard).add("Polres", "webhook", hook.url, "", who=KETUT)
    hook.status = 503
    number = send_bulletin(heard)
    receivers(heard).turn()
    heard.clock.advance(5)
    heard.hub.store.bulletins.cancel(number, who=BUDI)
    hook.status = 200
    for _ in range(2):
        receivers(heard).turn()
        heard.clock.advance(WAITS_S[0])
    assert [b"<msgType>Cancel" in body for _, body in hook.got] == [False, True]
    first, last = receivers(heard).of_bulletin(number)
    assert (first.gave_up, first.problem, last.gave_up) == (True, OVERTAKEN, False)


@pytest.mark.parametrize("database_url", [None])
def test_who_was_told_of_a_bulletin_is_told_of_its_end_wherever_that_is(heard: Region, hook: Hook) -> None:
    heard.node(OTHER_VILLAGE)
    heard.settle(OTHER_VILLAGE)
    receivers(heard).add("Polsek", "webhook", hook.url, VILLAGE, who=KETUT)
    number = send_bulletin(heard)
    receivers(heard).turn()
    newer = send_bulletin(heard, area=OTHER_VILLAGE, replaces=number)
    receivers(heard).turn()
    heard.hub.store.bulletins.cancel(newer, who=BUDI)
    receivers(heard).turn()
    kinds = [re.findall(b"<msgType>(.*)</msgType>", body) for _, body in hook.got]
    assert kinds == [[b"Alert"], [b"Update"], [b"Cancel"]]


@pytest.mark.parametrize("database_url", [None])
def test_an_agency_that_is_told_again_hears_nothing_of_meanwhile(heard: Region, hook: Hook) -> None:
    number, _ = receivers(heard).add("Polres", "webhook", hook.url, "", who=KETUT)
    send_bulletin(heard)
    receivers(heard).set_active(number, False, who=KETUT)
    heard.clock.advance(100 * 86_400)
    receivers(heard).set_active(number, True, who=KETUT)
    receivers(heard).turn()
    assert hook.got == []
    assert receivers(heard).rows()[0].waiting == 0


def test_an_e_mail_says_it_in_two_languages_with_the_cap_message_as_a_file(heard: Region) -> None:
    receivers(heard).add("BP3MI", "mail", "piket@bp3mi.example", "", who=KETUT)
    number = send_bulletin(heard)
    receivers(heard).turn()
    assert (
        receivers(heard).of_bulletin(number)[0].problem
        == "no mail server is configured: kentongan hub duty mail"
    )
    box = Mailbox()
    with mail_server(box) as port:
        keep_mail(heard.hub_folder, MailServer("127.0.0.1", port, "none", "hub@kantor.example"), "")
        heard.clock.advance(WAITS_S[0])
        receivers(heard).turn()
    [content] = box.got
    message = message_from_bytes(content, policy=policy.default)
    assert message["To"] == "piket@bp3mi.example"
    assert message["Subject"] == "Waspada: Tawaran kerja yang berbahaya"
    body = message.get_body()
    assert body is not None
    text = body.get_content()
    assert TEXT in text
    assert "Beware of offers." in text
    [file] = message.iter_attachments()
    assert file.get_content_type() == "application/cap+xml"
    cap_schema().validate(file.get_content().decode())
    assert receivers(heard).of_bulletin(number)[0].sent_at is not None


def test_agencies_of_other_areas_and_stopped_ones_are_not_told(heard: Region, hook: Hook) -> None:
    receivers(heard).add("Jauh", "webhook", hook.url, "53", who=KETUT)
    stopped, _ = receivers(heard).add("Berhenti", "webhook", hook.url, "52.02", who=KETUT)
    receivers(heard).set_active(stopped, False, who=KETUT)
    send_bulletin(heard)
    receivers(heard).turn()
    assert hook.got == []
    assert BulletinDelivery.select().count(heard.hub.store.database) == 0


def test_addresses_that_no_message_may_go_to_are_refused(heard: Region) -> None:
    for url in (
        "http://polres.example/",
        "https://a@polres.example/",
        "ftp://x/",
        "https:///x",
        "https://x:a/",
        "https://a..example/",
        f"https://{'a' * 64}.example/",
        "https://a.example/cap umum",
    ):
        assert not is_webhook(url), url
    assert is_webhook("https://polres.example:8443/cap?x=1")
    assert is_webhook("https://[2001:db8::1]/cap")
    assert is_mail_address("piket.malam+hub@bp3mi-ntb.example")
    for address in ("a", "a@", "a@b, c@d", 'a"@b', "a@b\n", "a&:|!/@[", "a@b@c", "(a)@b"):
        assert not is_mail_address(address), address
    for said in (("", "mail", "a@b.example", ""), ("A", "fax", "a@b.example", ""), ("A", "mail", "x", "")):
        with pytest.raises(BulletinRefused):
            receivers(heard).add(*said, who=KETUT)
    with pytest.raises(BulletinRefused, match="Kode wilayah"):
        receivers(heard).add("A", "mail", "a@b.example", "99", who=KETUT)
