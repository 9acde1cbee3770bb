"""The internet as a carrier: where it may go, and what each refusal says."""

from __future__ import annotations

import datetime
import http.server
import ipaddress
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from sync.carriers import https
from sync.carriers.https import EXCHANGE_PATH, FRAMES_PATH, HubClient
from sync.errors import CarrierError

Answer = tuple[int, bytes]


class Hub:
    """A small server on loopback that keeps what it was asked."""

    def __init__(self, answer: Callable[[str], Answer], context: ssl.SSLContext | None = None) -> None:
        self.requests: list[tuple[str, bytes, str | None]] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # the server's name for it
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.requests.append((self.path, body, self.headers["Content-Type"]))
                status, reply = answer(self.path)
                self.send_response(status)
                self.send_header("Location", "http://192.0.2.1/")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, *_: object) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass  # handshakes that clients refuse

        self.server = Server(("127.0.0.1", 0), Handler)
        if context is not None:
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@contextmanager
def hub(answer: Callable[[str], Answer], context: ssl.SSLContext | None = None) -> Iterator[Hub]:
    made = Hub(answer, context)
    yield made
    made.server.shutdown()
    made.server.server_close()


def says(status: int, body: bytes = b"") -> Callable[[str], Answer]:
    return lambda path: (status, body)


# -- where it may go --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:5", "http://localhost", "http://[::1]:8080", "https://hub.example/base/"]
)
def test_addresses_that_are_taken(url: str) -> None:
    HubClient(url)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hub.example", "this machine only"),
        ("http://192.168.1.5:8080", "this machine only"),
        ("http://127.0.0.1.example", "this machine only"),
        ("http://localhost.example", "this machine only"),
        ("http://127.0.0.1@hub.example", "this machine only"),
        ("ftp://hub.example", "looks like"),
        ("hub.example", "looks like"),
        ("", "looks like"),
        ("https://", "looks like"),
        ("https://hub.example:99999", "looks like"),
        ("https://hub.example:x", "looks like"),
        ("http://[::1", "looks like"),
        ("https://hub.example/bäse", "looks like"),
        ("https://hub.example/a b\r\nX: y", "looks like"),
    ],
)
def test_addresses_that_are_refused(url: str, why: str) -> None:
    with pytest.raises(CarrierError, match=why) as refused:
        HubClient(url)
    assert refused.value.permanent


@given(st.text(max_size=30), st.sampled_from(["http://", "https://", ""]))
def test_any_address_is_taken_or_refused(text: str, scheme: str) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ssl, "create_default_context", lambda **_: context)
        try:
            HubClient(scheme + text)
        except CarrierError as refused:
            assert_permanent(refused)


def assert_permanent(error: CarrierError) -> None:
    assert error.permanent


def test_a_missing_certificate_file_is_a_clear_error(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.pem", _text_file(tmp_path)):
        with pytest.raises(CarrierError, match="certificate") as refused:
            HubClient("https://hub.example", ca_file=str(path))
        assert refused.value.permanent


def _text_file(tmp_path: Path) -> Path:
    path = tmp_path / "notes.txt"
    path.write_text("no certificate")
    return path


# -- what comes back --------------------------------------------------------------------------------


def test_one_post_and_one_bundle_each_way() -> None:
    with hub(lambda path: (200, b"reply to " + path.encode())) as there:
        client = HubClient(f"http://127.0.0.1:{there.port}/base/")
        assert client.exchange(b"bundle") == b"reply to /base" + EXCHANGE_PATH.encode()
        assert client.frames(b"frames") == b"reply to /base" + FRAMES_PATH.encode()
    assert there.requests == [
        ("/base" + EXCHANGE_PATH, b"bundle", "application/octet-stream"),
        ("/base" + FRAMES_PATH, b"frames", "application/octet-stream"),
    ]


@pytest.mark.parametrize(
    ("status", "permanent"),
    [(400, True), (403, True), (404, False), (413, False), (500, False), (503, False), (204, False)],
)
def test_a_refusal_is_told_with_its_reason(status: int, permanent: bool) -> None:
    body = b"" if status == 204 else b"the bundle is damaged: copy it again\nmore"
    with (
        hub(says(status, body)) as there,
        pytest.raises(CarrierError, match=f"status {status}") as refused,
    ):
        HubClient(f"http://127.0.0.1:{there.port}").exchange(b"x")
    assert refused.value.permanent == permanent
    assert ("copy it again" if body else "no reason") in str(refused.value)
    assert "more" not in str(refused.value)


def test_a_redirect_is_not_followed() -> None:
    with hub(says(302)) as there, pytest.raises(CarrierError, match="status 302"):
        HubClient(f"http://127.0.0.1:{there.port}").exchange(b"x")
    assert len(there.requests) == 1


def test_a_reason_brings_no_control_characters_to_the_terminal() -> None:
    with hub(says(500, b"\x1b]0;x\x07\x1b[31mbad\xff")) as there, pytest.raises(CarrierError) as refused:
        HubClient(f"http://127.0.0.1:{there.port}").exchange(b"x")
    assert str(refused.value).isprintable()


def test_an_answer_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(https, "MAX_BUNDLE_BYTES", 1000)
    with hub(says(200, bytes(1000))) as there:
        assert len(HubClient(f"http://127.0.0.1:{there.port}").exchange(b"x")) == 1000
    with hub(says(200, bytes(1001))) as there, pytest.raises(CarrierError, match="too large"):
        HubClient(f"http://127.0.0.1:{there.port}").exchange(b"x")


def test_nobody_there_can_be_tried_again() -> None:
    with hub(says(200)) as there:
        port = there.port
    with pytest.raises(CarrierError, match="cannot be reached") as refused:
        HubClient(f"http://127.0.0.1:{port}").exchange(b"x")
    assert not refused.value.permanent


def test_something_else_behind_the_port_is_a_carrier_error() -> None:
    import socket

    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(1)

    def serve() -> None:
        connection, _ = listener.accept()
        connection.recv(100)
        connection.sendall(b"SSH-2.0-OpenSSH_9.2\r\n")
        connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    with pytest.raises(CarrierError, match="cannot be reached"):
        HubClient(f"http://127.0.0.1:{listener.getsockname()[1]}").exchange(b"x")
    thread.join(20)
    listener.close()


# -- certificates -----------------------------------------------------------------------------------

NOW = datetime.datetime.now(datetime.UTC)
DAY = datetime.timedelta(days=1)


def certificate(
    folder: Path,
    *,
    begins: datetime.timedelta = -DAY,
    ends: datetime.timedelta = DAY,
    host: str = "127.0.0.1",
) -> tuple[ssl.SSLContext, Path]:
    """A self-signed certificate for `host`: (a server's context with it, the file to trust it by)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "hub")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW + begins)
        .not_valid_after(NOW + ends)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(host))]), False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "hub.pem"
    public = made.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "both.pem").write_bytes(private + public)
    path.write_bytes(public)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context, path


def test_a_certificate_that_is_trusted_by_file(tmp_path: Path) -> None:
    context, path = certificate(tmp_path)
    with hub(says(200, b"ok"), context) as there:
        client = HubClient(f"https://127.0.0.1:{there.port}", ca_file=str(path))
        assert client.exchange(b"x") == b"ok"


@pytest.mark.parametrize(
    ("trusted", "options", "why"),
    [
        (False, {}, "self-signed"),
        (True, {"begins": -3 * DAY, "ends": -DAY}, "expired"),
        (True, {"begins": DAY, "ends": 3 * DAY}, "not yet valid"),
        (True, {"host": "127.0.0.2"}, "mismatch"),
    ],
    ids=["stranger", "expired", "not yet", "another host"],
)
def test_a_certificate_that_is_not_to_be_trusted(
    tmp_path: Path, trusted: bool, options: dict[str, datetime.timedelta], why: str
) -> None:
    context, path = certificate(tmp_path, **options)  # type: ignore[arg-type]
    with hub(says(200, b"ok"), context) as there:
        client = HubClient(f"https://127.0.0.1:{there.port}", ca_file=str(path) if trusted else None)
        with pytest.raises(CarrierError, match="check the box's date") as refused:
            client.exchange(b"secret")
    assert why in str(refused.value)
    assert not refused.value.permanent  # a box whose clock is set right gets through
    assert there.requests == []  # nothing was said to a stranger


def test_plain_http_behind_an_https_address_is_a_carrier_error() -> None:
    with hub(says(200)) as there, pytest.raises(CarrierError, match="cannot be reached"):
        HubClient(f"https://127.0.0.1:{there.port}").exchange(b"x")
