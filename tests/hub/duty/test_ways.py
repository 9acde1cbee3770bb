"""E-mail to a real server on this machine, and a real program as the hook."""

from __future__ import annotations

import datetime
import ipaddress
import json
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from hub.duty.ways import (
    HOOK,
    MAIL,
    MailServer,
    WayFailed,
    WayRefused,
    Ways,
    keep_hook,
    keep_mail,
    load_ways,
    ring_text,
    run_hook,
    send,
    send_mail,
)

TO = "sari@kantor.example"
NOW_S = 1_800_000_000.0
PASSWORD = "rahasia kotak surat"


class Mailbox:
    """What a server took; `refuses` is what it says instead."""

    def __init__(self) -> None:
        self.got: list[tuple[str, list[str], bytes]] = []
        self.refuses = ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuses:
            return self.refuses
        self.got.append((envelope.mail_from, envelope.rcpt_tos, envelope.content))
        return "250 OK"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Return a certificate of 127.0.0.1 that signs itself, and its key, as files."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    own = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(own, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("tls")
    (folder / "cert.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


def let_in(server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (b"hub", PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def mail_server(box: Mailbox, security: str, tls: ssl.SSLContext | None) -> Iterator[int]:
    how: dict[str, Any] = {"authenticator": let_in} if tls else {}
    if security == "starttls":
        how |= {"tls_context": tls, "require_starttls": True, "auth_required": True}
    elif security == "tls":
        how |= {"ssl_context": tls, "auth_require_tls": False}
    server = Controller(box, hostname="127.0.0.1", port=0, ident="test", **how)
    # Its own check of the start speaks in the clear to port 0: the loop has the port when it listens.
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


def context(certificate: tuple[Path, Path]) -> ssl.SSLContext:
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*map(str, certificate))
    return tls


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_ring_goes_out_encrypted_and_signed_in_and_holds_a_count_alone(
    security: Any, certificate: tuple[Path, Path]
) -> None:
    box = Mailbox()
    with mail_server(box, security, context(certificate)) as port:
        server = MailServer("127.0.0.1", port, security, "hub@kantor.example", "hub", str(certificate[0]))
        send_mail(server, PASSWORD, TO, 3, NOW_S)
        with pytest.raises(WayFailed, match="refuses user and password"):
            send_mail(server, "salah", TO, 3, NOW_S)
        stranger = MailServer("127.0.0.1", port, security, "hub@kantor.example", "hub")
        with pytest.raises(WayFailed, match="certificate"):
            send_mail(stranger, PASSWORD, TO, 3, NOW_S)
    [(sender, to, content)] = box.got
    assert (sender, to) == ("hub@kantor.example", [TO])
    message = message_from_bytes(content, policy=policy.default)
    assert message["Subject"] == "Kentongan: laporan mendesak"
    assert message.get_content().strip() == ring_text(3)
    assert ring_text(3) == "Laporan mendesak baru di pusat, buka kotak masuk. Jumlah: 3."


def test_a_server_that_refuses_or_is_away_is_told_without_the_address() -> None:
    box = Mailbox()
    with mail_server(box, "none", None) as port:
        server = MailServer("127.0.0.1", port, "none", "hub@kantor.example")
        send_mail(server, "", TO, 1, NOW_S)
        box.refuses = f"550 no {TO}"
        with pytest.raises(WayFailed) as refused:
            send_mail(server, "", TO, 1, NOW_S)
    with pytest.raises(WayFailed) as away:
        send_mail(server, "", TO, 1, NOW_S)
    for failed in (refused, away):
        assert "did not take it" in str(failed.value)
        assert "sari" not in str(failed.value)
    assert len(box.got) == 1


def program(folder: Path, body: str) -> str:
    file = folder / "kirim-sms"
    file.write_text(f"#!/bin/sh\n{body}\n")
    file.chmod(0o755)
    return str(file)


def test_the_hook_gets_text_and_number_no_shell_and_nothing_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://hub:rahasia@127.0.0.1/hub")
    command = program(
        tmp_path, f'printf "%s|" "$#" "$@" > {tmp_path}/out; cat >> {tmp_path}/out; env > {tmp_path}/env'
    )
    send(Ways(hook=(command, "--dari", "$(id)")), HOOK, "+6281200003141", 2, NOW_S)
    assert (tmp_path / "out").read_text() == f"3|--dari|$(id)|+6281200003141|{ring_text(2)}"
    assert "rahasia" not in (tmp_path / "env").read_text()


def test_a_hook_that_fails_or_hangs_is_told_and_killed_with_all_that_it_started(tmp_path: Path) -> None:
    with pytest.raises(WayFailed, match="ended with 7"):
        run_hook((program(tmp_path, "exit 7"),), "0812", 1)
    with pytest.raises(WayFailed, match="does not start"):
        run_hook((str(tmp_path / "none"),), "0812", 1)
    hangs = program(tmp_path, f"sleep 600 & echo $! > {tmp_path}/child; wait")
    with pytest.raises(WayFailed, match=r"more than 0\.3 s"):
        run_hook((hangs,), "0812", 1, timeout_s=0.3)
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 20
    while _runs(child):  # killed with its group; on a busy machine it takes its time to die
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _runs(process: int) -> bool:
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False
    return stat.rpartition(")")[2].split()[0] not in "ZX"  # init may not have reaped it yet


def test_settings_are_kept_for_the_owner_alone_and_refused_where_they_are_unsafe(tmp_path: Path) -> None:
    assert load_ways(tmp_path).names == ()
    mail = MailServer("mail.kantor.example", 587, "starttls", "hub@kantor.example", "hub")
    keep_mail(tmp_path, mail, PASSWORD)
    keep_hook(tmp_path, ("/bin/true", "-x"))
    ways = load_ways(tmp_path)
    assert (ways.mail, ways.password, ways.hook, ways.names) == (
        mail,
        PASSWORD,
        ("/bin/true", "-x"),
        (MAIL, HOOK),
    )
    for file in tmp_path.iterdir():
        assert file.stat().st_mode & 0o077 == 0, file.name
    assert PASSWORD not in (tmp_path / "duty.json").read_text()
    assert PASSWORD not in repr(ways)
    for wrong in (
        MailServer("mail.kantor.example", 25, "none", "hub@kantor.example"),
        MailServer("mail.kantor.example", 0, "tls", "hub@kantor.example"),
        MailServer("mail.kantor.example", 587, "tls", "hub"),
    ):
        with pytest.raises(WayRefused):
            keep_mail(tmp_path, wrong, "")
    with pytest.raises(WayRefused, match="whole path"):
        keep_hook(tmp_path, ("true",))
    (tmp_path / "duty.json").write_text(json.dumps([1]))
    with pytest.raises(WayFailed, match="duty.json"):
        load_ways(tmp_path)
