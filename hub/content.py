"""Material for the villages: keeps signed packs, knows what each village shows, sends what it lacks.

By internet and courier goes all; by radio only an update of a few kilobytes, a little at a time, and only
while nothing else waits for that village (`turn`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import peewee
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from content.errors import PackNotNewer, PackRefused
from content.files import shipped_files
from content.packs import Manifest, PackedFile, entries_of, head_of, join, unpack, verify, whole_stream
from content.updates import fingerprint, make_update
from hub.accounts.areas import sees
from hub.models import Contact, ContentPack, Down, Node, NodeContent
from hub.notice_services import VillageContent
from hub.outgoing import CONTENT, Outgoing
from hub.services import COMMAND_LINE, SignedIn
from hub.storage.statements import put
from sync.clock import Clock
from sync.storage.database import connect
from sync.storage.writer import GroupCommitWriter
from sync.wire.content_pieces import (
    BLOCK_BYTES,
    MAX_UPDATE_BYTES,
    TAG_OF_UPDATE_BYTES,
    ContentHeld,
    ContentPiece,
    block_count,
    pieces_of,
)
from sync.wire.numbers import ContentTrouble
from updater.successors import Trust

EXCHANGE_BYTES = 64 * 1024
"""Of material in one exchange: on a slow line reports wait for no more than that."""
BUNDLE_BLOCKS = 91
"""Blocks in one piece of a bundle, 16 KB."""
MAX_RADIO_BYTES = 6 * 1024
"""Some 35 packets: a rule or a number changed. A whole pack has five times as many."""
RADIO_TURN_S = 60
RADIO_IN_FLIGHT = 2
"""Pieces on the air at once, of all villages together: on LongFast four seconds a minute."""
AGAIN_AFTER_S = 2 * 86_400.0
"""A village that has all pieces and says nothing for so long is sent all again."""
_OLD = ".old"
"""Behind the reference of a piece that is to be sent anew."""
INTERNET_WITHIN_S = 86_400.0
"""Heard by internet within this time, a village gets nothing of it by radio."""


class HubContent:
    """Keeps packs and what villages told. Threads may share it."""

    def __init__(
        self,
        database: Any,
        writer: GroupCommitWriter,
        outgoing: Outgoing,
        clock: Clock,
        release: Trust,
    ) -> None:
        self._db = database
        self._writer = writer
        self._outgoing = outgoing
        self._clock = clock
        self._keys = [Ed25519PublicKey.from_public_bytes(key) for key in release.release]
        self._known = [Ed25519PublicKey.from_public_bytes(key) for key in release.known]
        """With those that were replaced: packs that are here were signed by one of them."""
        self._next_block: dict[int, tuple[tuple[bytes, int], int]] = {}
        """Node -> what it lacked and the block to go on with, by internet."""
        self._update = lru_cache(maxsize=4)(self._make_update)

    # -- packs ------------------------------------------------------------------------------------

    def add(self, pack: bytes) -> Manifest:
        """Keep a signed pack for the villages; raise PackRefused that says why not.

        A pack that leaves files out is filled up from the packs that are here, or from what is shipped.
        """
        if not self._keys:
            raise PackRefused(
                "this hub has no release key, and its villages would take no pack: "
                "kentongan hub release keys --first"
            )
        connect(self._db)
        newest = self.newest()
        newer_than = 0 if newest is None else newest.version
        opened = None
        for held in self._held_files():
            try:
                opened = unpack(pack, self._keys, newer_than=newer_than, held=held)
                break
            except PackNotNewer:
                raise
            except PackRefused as error:
                refused = error
        if opened is None:
            raise refused
        whole = join(*head_of(pack), whole_stream(opened))
        if len(whole) > MAX_UPDATE_BYTES:
            raise PackRefused(f"a pack for villages has at most {MAX_UPDATE_BYTES} bytes")
        row = {"version": opened.manifest.version, "data": whole, "added_at": self._clock.wall_s()}
        make_update(whole, opened, ())  # what could not be sent is refused now
        self._writer.run(lambda: ContentPack.insert(row).execute(self._db))
        return opened.manifest

    def _held_files(self) -> list[dict[str, bytes]]:
        shipped = shipped_files()
        found: list[dict[str, bytes]] = [{}]
        for row in ContentPack.select().order_by(ContentPack.version.desc()).limit(4).execute(self._db):
            found.append(unpack(bytes(row.data), self._known).by_hash())
        found.append({entry.sha256: shipped[entry.path] for entry in entries_of(shipped)})
        return found

    def newest(self) -> Manifest | None:
        """Return the manifest of the newest pack, or None without any."""
        connect(self._db)
        row = ContentPack.select().order_by(ContentPack.version.desc()).first(self._db)
        return None if row is None else verify(bytes(row.data), self._known)

    def newest_pack(self) -> tuple[int, bytes] | None:
        """Return version and bytes of the newest signed pack, whole, or None without any."""
        connect(self._db)
        row = ContentPack.select().order_by(ContentPack.version.desc()).first(self._db)
        return None if row is None else (int(row.version), bytes(row.data))

    def _newest_version(self) -> int:
        connect(self._db)
        row = ContentPack.select(ContentPack.version).order_by(ContentPack.version.desc()).first(self._db)
        return 0 if row is None else int(row.version)

    # -- updates ----------------------------------------------------------------------------------

    def _make_update(self, files: bytes, version: int) -> bytes:
        connect(self._db)
        data = bytes(ContentPack.select().where(ContentPack.version == version).get(self._db).data)
        return make_update(data, unpack(data, self._known), self._entries(files))

    def _entries(self, files: bytes) -> tuple[PackedFile, ...]:
        """Return the files that have this name; none when they are not known here, so that all is sent."""
        shipped = entries_of(shipped_files())
        if fingerprint(shipped) == files:
            return shipped
        for row in ContentPack.select().order_by(ContentPack.version.desc()).execute(self._db):
            entries = verify(bytes(row.data), self._known).files
            if fingerprint(entries) == files:
                return entries
        return ()

    def _lacks(self, node_number: int) -> tuple[bytes, int] | None:
        """Return (name of the files that a node shows, version that it should get), or None."""
        newest = self._newest_version()
        row = (
            NodeContent.select()
            .join(Node, on=(Node.number == NodeContent.node))
            .where((NodeContent.node == node_number) & ~Node.retired)
            .first(self._db)
        )
        if row is None or not _is_lacking(row.version, row.of_version, row.trouble, newest):
            return None
        return bytes(row.files), newest

    def _cut(
        self, files: bytes, version: int, *, first: int, blocks: int, in_each: int
    ) -> list[ContentPiece]:
        update = self._update(files, version)
        name = hashlib.sha256(update).digest()[:TAG_OF_UPDATE_BYTES]
        base = update[:TAG_OF_UPDATE_BYTES]
        return list(pieces_of(base, name, update, first=first, blocks=blocks, in_each=in_each))

    # -- bundles ----------------------------------------------------------------------------------

    def next_pieces(self, node_number: int) -> Sequence[ContentPiece]:
        """Return the next part of what a node lacks, for one exchange; from the start again after the end.

        Nothing is kept of what arrived: a node that lacks a part gets it the next time round.
        """
        lacks = self._lacks(node_number)
        if lacks is None:
            self._next_block.pop(node_number, None)
            return ()
        count = block_count(len(self._update(*lacks)))
        before, first = self._next_block.get(node_number, (lacks, 0))
        if before != lacks or first >= count:
            first = 0
        blocks = EXCHANGE_BYTES // BLOCK_BYTES
        self._next_block[node_number] = (lacks, first + blocks)
        return self._cut(*lacks, first=first, blocks=blocks, in_each=BUNDLE_BLOCKS)

    def all_pieces(self, node_number: int) -> Sequence[ContentPiece]:
        """Return all that a node lacks, for a courier."""
        lacks = self._lacks(node_number)
        if lacks is None:
            return ()
        count = block_count(len(self._update(*lacks)))
        return self._cut(*lacks, first=0, blocks=count, in_each=BUNDLE_BLOCKS)

    # -- radio ------------------------------------------------------------------------------------

    def piece(self, ref: str) -> ContentPiece:
        """Return the piece that a hub envelope's reference names; raise LookupError."""
        files, version, block = ref.removesuffix(_OLD).split(".")
        pieces = self._cut(bytes.fromhex(files), int(version), first=int(block), blocks=1, in_each=1)
        if not pieces:
            raise LookupError("no such piece")
        return pieces[0]

    def turn(self) -> None:
        """Queue the next pieces for the air, if there is room: for one village after the other."""
        connect(self._db)
        waiting = (~Down.delivered) & (Down.what == CONTENT)
        room = RADIO_IN_FLIGHT - Down.select().where(waiting).count(self._db)
        for row in NodeContent.select().order_by(NodeContent.node).execute(self._db):
            if room <= 0:
                return
            room -= self._queue_for(int(row.node), room)

    def _queue_for(self, node_number: int, room: int) -> int:
        lacks = self._lacks(node_number)
        if lacks is None or not self._only_by_radio(node_number) or self._waits(node_number):
            return 0
        files, version = lacks
        size = len(self._update(files, version))
        if size > MAX_RADIO_BYTES:
            return 0
        start = f"{files.hex()}.{version}."
        sent = (Down.node == node_number) & (Down.what == CONTENT) & Down.ref.startswith(start)
        sent &= ~Down.ref.endswith(_OLD)
        rows = list(Down.select(Down.ref, Down.delivered_at).where(sent).execute(self._db))
        done = {int(row.ref.rpartition(".")[2]) for row in rows}
        left = [block for block in range(block_count(size)) if block not in done]
        if not left and all(self._clock.wall_s() - (row.delivered_at or 0.0) > AGAIN_AFTER_S for row in rows):
            self._forget(node_number)
            return 0
        for block in left[:room]:
            self._outgoing.queue(node_number, CONTENT, f"{start}{block}")
        return len(left[:room])

    def _only_by_radio(self, node_number: int) -> bool:
        contacts = {
            str(row.via): float(row.at)
            for row in Contact.select().where(Contact.node == node_number).execute(self._db)
        }
        by_internet = contacts.get("http", float("-inf"))
        has_radio = any(via in contacts for via in ("radio", "gateway"))
        return has_radio and self._clock.wall_s() - by_internet > INTERNET_WITHIN_S

    def _waits(self, node_number: int) -> bool:
        """Return whether anything but material waits for a node."""
        other = (Down.node == node_number) & (~Down.delivered) & (Down.what != CONTENT)
        return bool(Down.select().where(other).exists(self._db))

    def _forget(self, node_number: int) -> None:
        """Let pieces that arrived count no more. The rows stay: who sends looks for ids that grow."""
        arrived = (Down.node == node_number) & (Down.what == CONTENT) & Down.delivered
        arrived &= ~Down.ref.endswith(_OLD)
        self._writer.run(lambda: Down.update(ref=Down.ref.concat(_OLD)).where(arrived).execute(self._db))

    # -- what villages tell -----------------------------------------------------------------------

    def held(self, node_number: int, record: ContentHeld, at: float) -> None:
        """Keep what a node says that it shows; inside a job of the writer."""
        row = {
            "node": node_number,
            "version": record.version,
            "files": record.files,
            "trouble": int(record.trouble),
            "of_version": record.of_version,
            "told_at": at,
        }
        put(NodeContent, row).execute(self._db)
        if record.trouble is ContentTrouble.DAMAGED:
            self._forget(node_number)

    def villages(self, *, by: SignedIn | str = COMMAND_LINE) -> list[VillageContent]:
        """Return what each village shows that `by` may see, those that lack something first."""
        connect(self._db)
        newest = self._newest_version()
        fields = (NodeContent.version, NodeContent.told_at, NodeContent.trouble, NodeContent.of_version)
        query = Node.select(Node.number, Node.village, Node.village_name, *fields).join(
            NodeContent, peewee.JOIN.LEFT_OUTER, on=(NodeContent.node == Node.number)
        )
        rows = []
        for number, village, name, version, told_at, trouble, of_version in (
            query.where(~Node.retired & sees(by, Node.village)).tuples().execute(self._db)
        ):
            told = version is not None
            rows.append(
                VillageContent(
                    node=int(number),
                    village=str(village),
                    village_name=str(name),
                    version=int(version) if told else None,
                    told_at=float(told_at) if told else None,
                    trouble=ContentTrouble(trouble) if told else ContentTrouble.NONE,
                    of_version=int(of_version) if told else 0,
                    on_its_way=told and _is_lacking(version, of_version, trouble, newest),
                )
            )
        return sorted(rows, key=lambda row: (row.version is not None and row.version >= newest, row.village))


def _is_lacking(version: int, of_version: int, trouble: int, newest: int) -> bool:
    """Tell whether a village that shows a version is to get the newest one (0: there is none)."""
    if not newest or version >= newest:
        return False
    # What was tried there and failed helps in a higher version only.
    return of_version < newest or trouble <= ContentTrouble.DAMAGED
