"""The enrolment file: all that a node needs to join a hub, in one small JSON file (printable as a QR code).

It holds the node's pre-shared key, so it travels like a key and is used once: the first node that speaks
with it is bound, a second is refused. With settings of the radio, or the name of the hub's newest material,
it is of format 2; without either it stays as boxes of before read it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import Any

from sync.errors import EnrolmentRefused
from sync.sealing.radio_plan import RadioPlan

FORMAT = 1
FORMAT_WITH_MORE = 2
_FORMATS = (FORMAT, FORMAT_WITH_MORE)
_MORE = ("radio", "material")
_HEX_FIELDS = {"hub_public": 32, "psk": 32, "hub_signing_public": 32}


@dataclass(frozen=True)
class MaterialName:
    """The signed pack that a new box begins with: its version, and the SHA-256 of its file."""

    version: int
    sha256: bytes


@dataclass(frozen=True, repr=False)
class Enrolment:
    """What the hub tells one node. Keys are raw bytes; `hub_url` and `release_public` may be absent.

    `radio` are the settings of the mesh, `material` what lies beside the file; the code names no material.
    """

    node_number: int
    village: str
    village_name: str
    hub_name: str
    hub_public: bytes
    psk: bytes
    hub_signing_public: bytes
    release_public: bytes | None = None
    hub_url: str | None = None
    enrolled_at: int = 0
    radio: RadioPlan | None = None
    material: MaterialName | None = None

    def to_text(self) -> str:
        """Return the file's text, with a checksum that catches damage and typing errors."""
        has_more = self.radio is not None or self.material is not None
        fields: dict[str, object] = {"kentongan_enrolment": FORMAT_WITH_MORE if has_more else FORMAT}
        for name, value in asdict(replace(self, radio=None, material=None)).items():
            fields[name] = value.hex() if isinstance(value, bytes) else value
        for name in _MORE:
            del fields[name]
        if self.radio is not None:
            fields["radio"] = self.radio.to_json()
        if self.material is not None:
            fields["material"] = {"version": self.material.version, "sha256": self.material.sha256.hex()}
        fields["checksum"] = _checksum(fields)
        return json.dumps(fields, indent=1, ensure_ascii=False) + "\n"

    @classmethod
    def from_text(cls, text: str) -> Enrolment:
        """Read an enrolment file; raise EnrolmentRefused that says what to do."""
        again = "ask the hub for a new enrolment file (kentongan hub enrol)"
        try:
            fields = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise EnrolmentRefused(f"the enrolment file is not readable: {again}") from error
        if not isinstance(fields, dict) or fields.get("kentongan_enrolment") not in _FORMATS:
            raise EnrolmentRefused(
                f"this is not an enrolment file of format {FORMAT} or {FORMAT_WITH_MORE}: {again}"
            )
        try:
            damaged = fields.pop("checksum", None) != _checksum(fields)
        except (ValueError, RecursionError):
            damaged = True  # text that no writer made
        if damaged:
            raise EnrolmentRefused(f"the enrolment file is damaged (its checksum differs): {again}")
        try:
            return cls._of(fields)
        except (KeyError, TypeError, ValueError) as error:
            raise EnrolmentRefused(f"the enrolment file lacks a field or has a wrong one: {again}") from error

    @classmethod
    def _of(cls, fields: dict[str, Any]) -> Enrolment:
        """Return the enrolment of these fields; raise KeyError, TypeError or ValueError."""
        has_more = fields.pop("kentongan_enrolment") == FORMAT_WITH_MORE
        if has_more != any(name in fields for name in _MORE):
            raise ValueError("a field of another format")
        for name, length in _HEX_FIELDS.items():
            fields[name] = _key(fields[name], length)
        if fields.get("release_public") is not None:
            fields["release_public"] = _key(fields["release_public"], 32)
        if "radio" in fields:
            fields["radio"] = RadioPlan.from_json(fields["radio"])
        if "material" in fields:
            fields["material"] = _material(fields["material"])
        enrolment = cls(**fields)
        enrolment._check()
        return enrolment

    def _check(self) -> None:
        """Raise ValueError when a field is not what the rest of the program takes it for."""
        texts = [self.village, self.village_name, self.hub_name, self.hub_url or ""]
        numbers = [self.node_number, self.enrolled_at]
        if not all(isinstance(text, str) for text in texts):
            raise ValueError("a text is wanted")
        if not all(type(number) is int and 0 <= number <= 0xFFFFFFFF for number in numbers):
            raise ValueError("a number of 32 bits is wanted")


def _material(fields: object) -> MaterialName:
    if not isinstance(fields, dict) or type(fields["version"]) is not int or len(fields) != 2:
        raise ValueError("a version and a sum are wanted")
    return MaterialName(fields["version"], _key(fields["sha256"], 32))


def _key(text: object, length: int) -> bytes:
    key = bytes.fromhex(text) if isinstance(text, str) else b""
    if len(key) != length:
        raise ValueError("a key in hexadecimal digits is wanted")
    return key


def _checksum(fields: dict[str, object]) -> str:
    canonical = json.dumps(fields, sort_keys=True, ensure_ascii=False).encode()
    return hashlib.sha256(canonical).hexdigest()[:12]
