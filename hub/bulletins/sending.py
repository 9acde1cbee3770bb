"""How a message goes to an agency: an e-mail, or a signed POST. Neither holds anything about people.

A webhook's signature: `Kentongan-Signature: v1=` and HMAC-SHA256 in hex, under the agency's secret, of the
header `Kentongan-Timestamp` (Unix seconds), a full stop and the body. `Kentongan-Delivery` names the message:
it stays the same when the message is sent again.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import re
import ssl
from email.message import EmailMessage
from email.utils import formatdate
from typing import Final
from urllib.parse import SplitResult, urlsplit

from hub.bulletins.cap import MEDIA_TYPE
from hub.duty.ways import WayFailed, Ways, hand_over

TIMEOUT_S: Final = 15
SIGNATURE, TIMESTAMP, DELIVERY = "Kentongan-Signature", "Kentongan-Timestamp", "Kentongan-Delivery"
_LOCAL: Final = ("127.0.0.1", "::1", "localhost")
ADDRESS_MAX_CHARACTERS: Final = 300
_MAILBOX: Final = re.compile(r"[A-Za-z0-9._%+#&/=?!$*~^{|}`-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_HOST: Final = re.compile(r"[A-Za-z0-9_-]{1,63}(?:\.[A-Za-z0-9_-]{1,63})*\.?|[0-9a-f:.]+:[0-9a-f:.]*")
"""A name of labels, or an address of version 6: what is none of these cannot even be asked for."""


def is_mail_address(text: str) -> bool:
    """Return whether an address can be written to."""
    return _MAILBOX.fullmatch(text) is not None and len(text) <= ADDRESS_MAX_CHARACTERS


def is_webhook(text: str) -> bool:
    """Return whether a webhook's address can be used: HTTPS; plain HTTP to this machine alone."""
    try:
        parts = urlsplit(text)
        known = parts.port is None or parts.port > 0
    except ValueError:
        return False
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOCAL)
    named = _HOST.fullmatch(parts.hostname or "") is not None
    whole = named and not parts.username and not parts.fragment and known
    plain = text.isascii() and text.isprintable() and " " not in text
    return safe and whole and plain and len(text) <= ADDRESS_MAX_CHARACTERS


def signature_of(secret: bytes, timestamp: str, body: bytes) -> str:
    """Return the value of the header."""
    return "v1=" + hmac.new(secret, timestamp.encode("ascii") + b"." + body, hashlib.sha256).hexdigest()


def post_webhook(
    url: str, secret: bytes, body: bytes, name: str, now: float, *, timeout_s: float = TIMEOUT_S
) -> None:
    """Hand a message to a webhook; raise WayFailed. No redirect is followed, and no answer is read."""
    parts = urlsplit(url)
    timestamp = str(int(now))
    headers = {
        "Content-Type": f"{MEDIA_TYPE}; charset=utf-8",
        "User-Agent": "Kentongan",
        TIMESTAMP: timestamp,
        DELIVERY: name,
        SIGNATURE: signature_of(secret, timestamp, body),
    }
    try:
        connection = _connection(parts, timeout_s)
        try:
            connection.request(
                "POST", parts.path + (f"?{parts.query}" if parts.query else "") or "/", body, headers
            )
            status = connection.getresponse().status
        finally:
            connection.close()
    except ssl.SSLError as error:
        raise WayFailed("the webhook's certificate or encryption is not accepted") from error
    except TimeoutError as error:
        raise WayFailed(f"the webhook did not answer within {timeout_s:g} s") from error
    # ValueError: a host that no resolver takes.
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise WayFailed(f"the webhook cannot be reached ({type(error).__name__})") from error
    if not 200 <= status < 300:
        raise WayFailed(f"the webhook answers {status}")


def _connection(parts: SplitResult, timeout_s: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "https":
        trusted = ssl.create_default_context()
        return http.client.HTTPSConnection(host, parts.port, timeout=timeout_s, context=trusted)
    return http.client.HTTPConnection(host, parts.port, timeout=timeout_s)


def mail_cap(ways: Ways, to: str, headline: str, text: str, xml: str, name: str, now: float) -> None:
    """Hand a message to the mail server, with the CAP message as a file; raise WayFailed."""
    if ways.mail is None:
        raise WayFailed("no mail server is configured: kentongan hub duty mail")
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = ways.mail.sender, to, headline
    message["Date"] = formatdate(now)
    # The same at each try: who has it already need not show it twice.
    message["Message-ID"] = f"<{name}@{ways.mail.sender.rpartition('@')[2]}>"
    message.set_content(text)
    message.add_attachment(xml.encode("utf-8"), "application", "cap+xml", filename="peringatan.cap.xml")
    hand_over(ways.mail, ways.password, message)
