"""What a box that was shut out still held, taken in because a person at the hub said so, and noted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hub.link_desk import Imported
from hub.models import Node
from sync.storage.database import connect
from sync.wire.bundle_codec import decode_up_bundle, encode_up_bundle

if TYPE_CHECKING:
    from hub.store_wiring import HubStore


class NotLate(Exception):
    """Nothing was taken; the text says why."""


def take_late_reports(store: HubStore, number: int, data: bytes, *, by: str, reason: str) -> Imported:
    """Take the parts of a node's bundle that are of box `number`, which is retired and had spoken.

    It is noted before it is tried. Raises NotLate, MalformedWire, UnknownSender or StorageError: then nothing
    was taken.
    """
    connect(store.database)
    retired = Node.retired & ~Node.door & Node.static_public.is_null(False)
    if not Node.select().where((Node.number == number) & retired).exists(store.database):
        raise NotLate(f"node {number} is in use or never spoke: its files are taken by courier-import")
    bundle = decode_up_bundle(data)
    own = tuple(section for section in bundle.epochs if section.block.node_number == number)
    if not own:
        raise NotLate(f"this file holds nothing of node {number}")
    store.writer.run(lambda: store.audit.note(by, "late reports taken", f"node {number}", reason))
    store.keyring.late = frozenset({number})
    try:
        _, imported = store.desk().exchange(encode_up_bundle(replace(bundle, epochs=own)), via="courier")
    finally:
        store.keyring.late = frozenset()
    return imported
