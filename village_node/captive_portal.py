"""The captive portal: joining the village's Wi-Fi opens the site, on every kind of phone. Pure.

The Wi-Fi's name server gives the box's address for every name, so what a phone asks of the internet arrives
here. A phone asks a known address (a probe) whether it is online, and is led to the site first. Once its
holder has said "stay on this network", its probes are answered as the internet would, for some hours: else
the phone leaves a Wi-Fi without internet, or asks again and again.

Who said so is kept in memory only, as a hash of the address under a key that lives as long as the process.
RFC 8908 needs an https address with a valid certificate; only where the site has one does its API answer.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

SATISFIED_FOR_S = 6 * 3600.0
"""How long the probes of a client that stays are answered as the internet would."""
MOST_CLIENTS = 512
"""Clients remembered; above it the one that was led here longest ago is forgotten."""
API_PATH = "/.well-known/captive-portal"
"""RFC 8908: where a site with a certificate says whether a client is captive."""


@dataclass(frozen=True)
class PortalAnswer:
    """An answer that no page gives: a way to the site, or what a probe wants to hear."""

    status: int
    body: bytes = b""
    media_type: str = "text/plain"
    headers: dict[str, str] = field(default_factory=dict)


_ONLINE_204 = PortalAnswer(204)
_APPLE = PortalAnswer(
    200, b"<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>", "text/html"
)
_NETWORK_MANAGER = PortalAnswer(
    200, b"NetworkManager is online\n", headers={"X-NetworkManager-Status": "online"}
)
PROBES: dict[str, PortalAnswer] = {
    # Android and its makers, Chrome OS
    "/generate_204": _ONLINE_204,
    "/gen_204": _ONLINE_204,
    "/generate204": _ONLINE_204,
    # Apple
    "/hotspot-detect.html": _APPLE,
    "/library/test/success.html": _APPLE,
    # Windows
    "/connecttest.txt": PortalAnswer(200, b"Microsoft Connect Test"),
    "/ncsi.txt": PortalAnswer(200, b"Microsoft NCSI"),
    # Firefox
    "/canonical.html": PortalAnswer(
        200,
        b'<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>',
        "text/html",
    ),
    "/success.txt": PortalAnswer(200, b"success\n"),
    # GNOME, Debian
    "/check_network_status.txt": _NETWORK_MANAGER,
    "/nm": _NETWORK_MANAGER,
    "/nm-check.txt": _NETWORK_MANAGER,
}
"""Path of a probe -> what it wants to hear. The host does not matter: all that is not ours ends here."""


def site_address(typed: str) -> str:
    """Return the address of a site as it is shown and led to, such as "http://10.42.0.1/".

    Raises ValueError, with words for people, where it is no http or https address of a host alone.
    """
    parts = urlsplit(typed)
    if (
        parts.scheme not in ("http", "https")
        or not parts.hostname
        or parts.path not in ("", "/")
        or parts.query
    ):
        raise ValueError("an address such as http://10.42.0.1 or http://desa.local is wanted")
    return f"{parts.scheme}://{parts.netloc}/"


@dataclass
class _Client:
    led_at: float
    stays_until: float = float("-inf")


class CaptivePortal:
    """Leads clients to a site's address; `key` is random bytes of this process. Raises as `site_address`."""

    def __init__(self, address: str, *, key: bytes) -> None:
        self.site_address = site_address(address)
        parts = urlsplit(self.site_address)
        self._own_name = parts.hostname
        self._has_certificate = parts.scheme == "https"
        self._key = key
        self._clients: dict[bytes, _Client] = {}

    def answer(self, *, client: str, host: str, path: str, now: float) -> PortalAnswer | None:
        """Return what a request gets instead of a page, or None when it is one for the site.

        `client` is the address it came from, `host` its Host header, `now` a monotonic time in seconds.
        """
        if self._is_ours(host):
            if path == API_PATH and self._has_certificate:
                return self._api(client, now)
            return None
        known = self._clients.get(self._name(client))
        if path in PROBES and known is not None and known.stays_until > now:
            return PROBES[path]
        if known is None or known.stays_until <= now:
            self._remember(client, _Client(now))
        return PortalAnswer(302, headers={"Location": self.site_address})

    def stay(self, client: str, now: float) -> None:
        """Answer the probes of this client as the internet would, from now on for some hours."""
        self._remember(client, _Client(now, now + SATISFIED_FOR_S))

    def may_offer_to_stay(self, client: str, now: float) -> bool:
        """Whether the client was led here by the portal and has not said yet that it stays."""
        known = self._clients.get(self._name(client))
        return known is not None and known.stays_until <= now < known.led_at + SATISFIED_FOR_S

    def _api(self, client: str, now: float) -> PortalAnswer:
        known = self._clients.get(self._name(client))
        captive = known is None or known.stays_until <= now
        state = {"captive": captive, "user-portal-url": self.site_address}
        return PortalAnswer(200, json.dumps(state).encode("ascii"), "application/captive+json")

    def _remember(self, client: str, state: _Client) -> None:
        name = self._name(client)
        self._clients.pop(name, None)  # so that the order is that of the last news
        self._clients[name] = state
        while len(self._clients) > MOST_CLIENTS:
            del self._clients[next(iter(self._clients))]

    def _name(self, client: str) -> bytes:
        return hmac.digest(self._key, client.encode("utf-8", "replace"), hashlib.sha256)[:16]

    def _is_ours(self, host: str) -> bool:
        return names_the_box(host, self._own_name or "")


def names_the_box(host: str, own_name: str = "") -> bool:
    """Whether a Host header names the box: its address or name, a number, or a name without a network."""
    try:
        name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return True  # not a host at all: the site's own error page is the better answer
    if name in ("", own_name) or "." not in name or name.endswith(".local"):
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
