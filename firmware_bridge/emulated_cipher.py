"""How an emulated device encrypts its packets, and which of those on the air it can open.

A direct packet goes by public key unless its port or the name of its channel says otherwise
(`wouldEncryptWithPKC` of firmware 2.7 and 2.8); all others go under the channel's key.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from google.protobuf.message import DecodeError

from firmware_bridge.emulated_settings import EmulatedSettings
from firmware_bridge.mesh_frames import DATA_LIMIT_BYTES, MeshFrame
from firmware_bridge.meshtastic_protobufs import mesh_pb2, portnums_pb2
from firmware_bridge.modem_presets import PUBLIC_KEY_OVERHEAD_BYTES, is_public_key_encrypted
from sync.carriers.base import BROADCAST

DEFAULT_HOPS = 3

Error = mesh_pb2.Routing.Error
PortNum = portnums_pb2.PortNum

CHANNEL_ONLY_PORTS = (
    PortNum.ROUTING_APP,
    PortNum.NODEINFO_APP,
    PortNum.POSITION_APP,
    PortNum.TRACEROUTE_APP,
)
"""Direct packets on these ports never go by public key."""


@dataclass(frozen=True)
class OpenedPacket:
    """A decrypted frame: the message, and how it was encrypted."""

    data: mesh_pb2.Data
    channel: int
    peer_key: bytes | None = None


class PacketCipher:
    """Encrypts and opens for one device. `public_key_of` gives a peer's key, or None."""

    def __init__(
        self, settings: EmulatedSettings, public_key_of: Callable[[int], bytes | None], random: Random
    ) -> None:
        self._settings = settings
        self._number = settings.number
        self._public_key_of = public_key_of
        self._random = random

    def encrypt(self, packet: mesh_pb2.MeshPacket) -> tuple[MeshFrame | None, int]:
        """Return the frame for a packet of our own, or why there is none."""
        channel = self._settings.channel_key(packet.channel)
        if channel is None:
            return None, Error.NO_CHANNEL
        data = mesh_pb2.Data()
        data.CopyFrom(packet.decoded)
        data.bitfield = int(data.want_response) << 1
        text = data.SerializeToString()
        hops = packet.hop_limit if packet.hop_limit <= 7 else DEFAULT_HOPS
        if hops == 0 and packet.want_ack:
            hops = self._settings.lora.hop_limit or DEFAULT_HOPS
        frame = MeshFrame(
            packet.to,
            self._number,
            packet.id,
            hops,
            hops,
            packet.want_ack,
            channel.hash,
            self._number & 0xFF,
            b"",
        )
        if (
            packet.to == BROADCAST
            or packet.decoded.portnum in CHANNEL_ONLY_PORTS
            or not is_public_key_encrypted(channel.name)
        ):
            if len(text) > DATA_LIMIT_BYTES:
                return None, Error.TOO_LARGE
            return replace(frame, body=channel.crypt(packet.id, self._number, text)), Error.NONE
        peer = self._public_key_of(packet.to)
        if peer is None:
            return None, Error.PKI_SEND_FAIL_PUBLIC_KEY
        if len(text) > DATA_LIMIT_BYTES - PUBLIC_KEY_OVERHEAD_BYTES:
            return None, Error.TOO_LARGE
        extra_nonce = self._random.randbytes(4)
        body = self._settings.keys.seal(peer, packet.id, self._number, extra_nonce, text)
        return replace(frame, channel_hash=0, body=body), Error.NONE

    def decrypt(self, frame: MeshFrame) -> OpenedPacket | None:
        """Open a frame by public key or by any of the device's channels; None when nothing fits."""
        if frame.channel_hash == 0 and frame.to == self._number:
            opened = self._open_by_public_key(frame, self._public_key_of(frame.source))
            if opened is not None:
                return opened
        for index in range(len(self._settings.channels)):
            key = self._settings.channel_key(index)
            if key is not None and key.hash == frame.channel_hash:
                data = _parse_data(key.crypt(frame.packet_id, frame.source, frame.body))
                if data is not None:
                    return OpenedPacket(data, index)
        return None

    def read_payload(self, frame: MeshFrame) -> bytes | None:
        """Return the payload of a frame that this device sent or can open, for the frame log."""
        opened = None
        if frame.source == self._number and frame.channel_hash == 0:
            opened = self._open_by_public_key(frame, self._public_key_of(frame.to))
        opened = opened or self.decrypt(frame)
        return bytes(opened.data.payload) if opened is not None else None

    def _open_by_public_key(self, frame: MeshFrame, peer: bytes | None) -> OpenedPacket | None:
        if peer is None:
            return None
        text = self._settings.keys.open(peer, frame.packet_id, frame.source, frame.body)
        data = _parse_data(text) if text is not None else None
        return OpenedPacket(data, 0, peer) if data is not None else None


def _parse_data(text: bytes) -> mesh_pb2.Data | None:
    """Return the message, or None when the bytes are no `Data`: the wrong key gives noise."""
    data = mesh_pb2.Data()
    try:
        data.ParseFromString(text)
    except DecodeError:
        return None
    return data if data.portnum else None
