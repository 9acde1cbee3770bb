"""The feed of public warnings: Atom (RFC 4287) with a CAP message in each entry. Pure.

Entries stand whole in the feed and each under its own address, as consumers of CAP feeds expect both.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Sequence
from typing import Final
from xml.etree import ElementTree

from hub.bulletins.cap import MEDIA_TYPE, NAMESPACE
from hub.bulletins.services import FeedEntry

ATOM: Final = "http://www.w3.org/2005/Atom"
FEED_MEDIA_TYPE: Final = "application/atom+xml"


def atom_feed(
    entries: Sequence[FeedEntry], *, hub_id: str, hub_name: str, url_of: Callable[[str], str], feed_url: str
) -> bytes:
    """Return the feed, the newest entry first as given."""
    ElementTree.register_namespace("", ATOM)
    ElementTree.register_namespace("cap", NAMESPACE)
    root = ElementTree.Element(f"{{{ATOM}}}feed")
    _put(root, "id", f"urn:kentongan:{hub_id}:cap")
    _put(root, "title", f"Kentongan {hub_name}".strip())
    _put(root, "updated", _time(last_change(entries)))
    author = ElementTree.SubElement(root, f"{{{ATOM}}}author")
    _put(author, "name", hub_name or "Kentongan")
    ElementTree.SubElement(root, f"{{{ATOM}}}link", rel="self", href=feed_url)
    for entry in entries:
        one = ElementTree.SubElement(root, f"{{{ATOM}}}entry")
        _put(one, "id", f"urn:kentongan:{entry.identifier}")
        _put(one, "title", entry.headline)
        _put(one, "updated", _time(entry.sent_at))
        link = ElementTree.SubElement(one, f"{{{ATOM}}}link", rel="alternate", href=url_of(entry.identifier))
        link.set("type", MEDIA_TYPE)
        content = ElementTree.SubElement(one, f"{{{ATOM}}}content", type=MEDIA_TYPE)
        content.append(ElementTree.fromstring(entry.xml))  # noqa: S314 - our own, as we made it
    return bytes(ElementTree.tostring(root, "utf-8", xml_declaration=True)) + b"\n"


def last_change(entries: Sequence[FeedEntry]) -> float:
    """Return when the newest entry was sent, Unix seconds; 0 for an empty feed."""
    return max((entry.sent_at for entry in entries), default=0.0)


def etag_of(content: bytes) -> str:
    """Return what names this content."""
    return hashlib.sha256(content).hexdigest()[:32]


def _put(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _time(unix_s: float) -> str:
    return datetime.datetime.fromtimestamp(int(unix_s), datetime.UTC).isoformat(timespec="seconds")
