"""The internet as a carrier: one POST, one bundle each way. HTTPS; plain HTTP to this machine only."""

from __future__ import annotations

import http.client
import ipaddress
import ssl
from urllib.parse import urlsplit

from sync.errors import CarrierError
from sync.wire.bundle_codec import MAX_BUNDLE_BYTES

EXCHANGE_PATH = "/sync/1/exchange"
FRAMES_PATH = "/sync/1/frames"
BOT_TURN_PATH = "/sync/1/bot-turn"
HEALTH_PATH = "/sync/1/health"
RELEASE_PATH = "/sync/1/release"
CONTENT_TYPE = "application/octet-stream"


class HubClient:
    """Talks to one hub. A connection is made for each call: village internet drops idle ones anyway."""

    def __init__(self, url: str, *, timeout_s: float = 30.0, ca_file: str | None = None) -> None:
        """Raise CarrierError (permanent) when the address is not usable."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as error:
            raise CarrierError("the hub's address looks like https://hub.example", permanent=True) from error
        if (
            not (url.isascii() and url.isprintable())
            or parts.scheme not in ("http", "https")
            or not parts.hostname
        ):
            raise CarrierError("the hub's address looks like https://hub.example", permanent=True)
        if parts.scheme == "http" and not _is_this_machine(parts.hostname):
            raise CarrierError(
                "plain http:// is allowed to this machine only: use https:// for the hub", permanent=True
            )
        self._host = parts.hostname
        self._port = port
        self._prefix = parts.path.rstrip("/")
        self._timeout_s = timeout_s
        self._context = None
        if parts.scheme == "https":
            try:
                self._context = ssl.create_default_context(cafile=ca_file)
            except OSError as error:
                raise CarrierError(
                    "the file with the certificate that the hub's is checked by cannot be read",
                    permanent=True,
                ) from error

    def exchange(self, bundle: bytes) -> bytes:
        """Send a node's bundle and return the hub's; raise CarrierError."""
        return self._post(EXCHANGE_PATH, bundle)

    def frames(self, bundle: bytes) -> bytes:
        """Send a gateway's bundle and return the hub's; raise CarrierError."""
        return self._post(FRAMES_PATH, bundle)

    def bot_turn(self, question: bytes) -> bytes:
        """Send a question of `sync.sealing.bot_turn` and return the answer; raise CarrierError."""
        return self._post(BOT_TURN_PATH, question)

    def health(self, beacon: bytes) -> None:
        """Send a beacon of `sync.sealing.long_beacon`; raise CarrierError."""
        self._post(HEALTH_PATH, beacon)

    def release(self, question: bytes) -> bytes:
        """Send a question of `sync.sealing.release_turn` and return the answer; raise CarrierError."""
        return self._post(RELEASE_PATH, question)

    def _connection(self) -> http.client.HTTPConnection:
        if self._context is None:
            return http.client.HTTPConnection(self._host, self._port, timeout=self._timeout_s)
        return http.client.HTTPSConnection(
            self._host, self._port, timeout=self._timeout_s, context=self._context
        )

    def _post(self, path: str, body: bytes) -> bytes:
        connection = self._connection()
        try:
            connection.request("POST", self._prefix + path, body, {"Content-Type": CONTENT_TYPE})
            response = connection.getresponse()
            data = response.read(MAX_BUNDLE_BYTES + 1)
        except ssl.SSLCertVerificationError as error:
            raise CarrierError(
                f"the hub's certificate is not trusted here ({error.verify_message}): check the box's date, "
                "then the certificate"
            ) from error
        except (OSError, http.client.HTTPException) as error:
            raise CarrierError(f"the hub cannot be reached ({type(error).__name__})") from error
        finally:
            connection.close()
        if response.status != 200:
            raise CarrierError(
                f"the hub refused with status {response.status}: {_one_line(data)}",
                permanent=response.status in (400, 403),
            )
        if len(data) > MAX_BUNDLE_BYTES:
            raise CarrierError("the hub's answer is too large")
        return data


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _one_line(data: bytes) -> str:
    text = data[:200].decode("ascii", "replace").splitlines()
    # It goes to logs and terminals: no control characters.
    return "".join(c for c in text[0] if c.isprintable()) if text else "no reason given"
