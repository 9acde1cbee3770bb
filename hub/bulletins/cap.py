"""Warnings as OASIS Common Alerting Protocol 1.2: what a message holds, and its XML. Pure.

Source: https://docs.oasis-open.org/emergency/cap/v1.2/CAP-v1.2-os.html. Tests hold the XML to the schema.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal
from xml.etree import ElementTree

NAMESPACE: Final = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE: Final = "application/cap+xml"
Status = Literal["Actual", "Exercise", "Test"]
MessageType = Literal["Alert", "Update", "Cancel"]
ZONE: Final = datetime.timezone(datetime.timedelta(hours=8))
"""Central Indonesian Time, by whose days notices begin and end."""
GEOCODE: Final = "ID-Kemendagri"
"""What the codes of areas are: those of the Ministry of Home Affairs, such as 52.02.08."""
_NO_XML: Final = re.compile(r"[^\t\n\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NO_NAME: Final = re.compile(r"[\s,<&]")


@dataclass(frozen=True)
class CapArea:
    """Where: a name, and codes of areas."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class CapInfo:
    """What is said in one language. Times are Unix seconds; the words of lists are the standard's."""

    language: str
    category: str
    event: str
    response: str
    urgency: str
    severity: str
    certainty: str
    effective: float
    expires: float
    sender_name: str
    headline: str
    description: str
    instruction: str
    area: CapArea


@dataclass(frozen=True)
class CapAlert:
    """One message. `references` are those that it replaces or cancels, as `reference_to` writes them."""

    identifier: str
    sender: str
    sent: float
    status: Status
    message: MessageType
    public: bool
    infos: tuple[CapInfo, ...]
    references: tuple[str, ...] = ()
    note: str = ""


def reference_to(alert: CapAlert) -> str:
    """Return how a later message names this one."""
    return f"{alert.sender},{alert.identifier},{cap_time(alert.sent)}"


def cap_time(unix_s: float) -> str:
    """Return a time as the standard has it: whole seconds and an offset, never "Z"."""
    return datetime.datetime.fromtimestamp(int(unix_s), ZONE).isoformat(timespec="seconds")


def end_of(day: datetime.date) -> float:
    """Return the last second of a day, Unix seconds."""
    return datetime.datetime.combine(day, datetime.time(23, 59, 59), ZONE).timestamp()


def to_xml(alert: CapAlert) -> str:
    """Return the message as XML; raise ValueError for what the standard does not take."""
    if any(not name or _NO_NAME.search(name) for name in (alert.identifier, alert.sender)):
        raise ValueError("identifier and sender have no blanks, commas, < or &")
    if (alert.message == "Alert") is bool(alert.references):
        raise ValueError("an update or a cancel, and nothing else, names what it is about")
    root = ElementTree.Element("alert", xmlns=NAMESPACE)
    _put(root, "identifier", alert.identifier)
    _put(root, "sender", alert.sender)
    _put(root, "sent", cap_time(alert.sent))
    _put(root, "status", alert.status)
    _put(root, "msgType", alert.message)
    _put(root, "scope", "Public" if alert.public else "Restricted")
    if not alert.public:
        _put(root, "restriction", "Only for agencies that work against trafficking in persons")
    if alert.note:
        _put(root, "note", alert.note)
    if alert.references:
        _put(root, "references", " ".join(alert.references))
    for info in alert.infos:
        _put_info(ElementTree.SubElement(root, "info"), info)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, "unicode") + "\n"


def _put_info(info: ElementTree.Element, said: CapInfo) -> None:
    _put_all(
        info,
        [
            ("language", said.language),
            ("category", said.category),
            ("event", said.event),
            ("responseType", said.response),
            ("urgency", said.urgency),
            ("severity", said.severity),
            ("certainty", said.certainty),
            ("effective", cap_time(said.effective)),
            ("expires", cap_time(said.expires)),
            ("senderName", said.sender_name),
            ("headline", said.headline),
            ("description", said.description),
            ("instruction", said.instruction),
        ],
    )
    area = ElementTree.SubElement(info, "area")
    _put(area, "areaDesc", said.area.name)
    for code in said.area.codes:
        geocode = ElementTree.SubElement(area, "geocode")
        _put_all(geocode, [("valueName", GEOCODE), ("value", code)])


def _put_all(parent: ElementTree.Element, parts: Sequence[tuple[str, str]]) -> None:
    for name, text in parts:
        if text:
            _put(parent, name, text)


def _put(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _NO_XML.sub("", text)
