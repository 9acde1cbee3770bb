"""The hub's word on what it holds of one lane, exact, in bundles alone.

A radio receipt speaks of the report lane and has room for a bitmap; here all ranges fit. It answers no poll,
so it gives no time.
"""

from __future__ import annotations

from dataclasses import dataclass

from sync.identifiers import EPOCH_ID_BYTES, Lane
from sync.wire.control_records import read_lane
from sync.wire.frame_blocks import MAC_BYTES
from sync.wire.primitives import ByteReader, ByteWriter


@dataclass(frozen=True)
class LaneReceipt:
    """What the hub holds of a lane of an epoch, as of a generation; `held` as `RangeSet.to_bytes`."""

    epoch: bytes
    lane: Lane
    generation: int
    held: bytes
    mac: bytes = b""

    def signed_bytes(self) -> bytes:
        """Return the bytes that the MAC covers, beside the epoch."""
        writer = ByteWriter()
        writer.uint(self.lane, 1)
        writer.uint(self.generation, 4)
        writer.sized(self.held)
        return writer.getvalue()


def encode_lane_receipt(receipt: LaneReceipt) -> bytes:
    """Return the content of a LANE_RECEIPT section."""
    return receipt.epoch + receipt.signed_bytes() + receipt.mac


def decode_lane_receipt(content: bytes) -> LaneReceipt:
    """Read the content of a LANE_RECEIPT section; raise MalformedWire."""
    reader = ByteReader(content)
    epoch, lane, generation = reader.raw(EPOCH_ID_BYTES), read_lane(reader), reader.uint(4)
    receipt = LaneReceipt(epoch, lane, generation, reader.sized(len(content)), reader.raw(MAC_BYTES))
    reader.end()
    return receipt
