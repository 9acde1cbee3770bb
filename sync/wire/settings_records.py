"""What a signed setting says. `sync.sealing.signing` signs these bytes under the label "setting"."""

from __future__ import annotations

from dataclasses import dataclass

from sync.errors import MalformedWire
from sync.wire.numbers import SettingKind
from sync.wire.primitives import ByteReader, ByteWriter

SETTING_LABEL = "setting"
CODE_SALT_BYTES = 16
CODE_HASH_BYTES = 32


@dataclass(frozen=True)
class ResetPin:
    """Unset the facilitator's PIN of one node.

    `generation` and `serial` are the hub's when it signed: a node takes a setting only if the pair is above
    that of the last one it took, so that none counts twice. The code itself is told by telephone; its
    Argon2id hash (`sync.passwords.split_hash`) travels.
    """

    node_number: int
    generation: int
    serial: int
    code_salt: bytes
    code_hash: bytes


def encode_setting(setting: ResetPin) -> bytes:
    """Return the bytes to sign."""
    writer = ByteWriter()
    writer.uint(SettingKind.RESET_PIN, 1)
    writer.varint(setting.node_number)
    writer.uint(setting.generation, 4)
    writer.varint(setting.serial)
    if (len(setting.code_salt), len(setting.code_hash)) != (CODE_SALT_BYTES, CODE_HASH_BYTES):
        raise ValueError("a code's salt has 16 bytes and its hash 32")
    writer.raw(setting.code_salt)
    writer.raw(setting.code_hash)
    return writer.getvalue()


def decode_setting(body: bytes) -> ResetPin:
    """Read what was signed; raise MalformedWire, also for kinds of a later version."""
    reader = ByteReader(body)
    if reader.uint(1) != SettingKind.RESET_PIN:
        raise MalformedWire("a setting that is not known here")
    setting = ResetPin(
        reader.varint(),
        reader.uint(4),
        reader.varint(),
        reader.raw(CODE_SALT_BYTES),
        reader.raw(CODE_HASH_BYTES),
    )
    reader.end()
    return setting
