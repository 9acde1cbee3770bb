"""Keys between hub and node that do not need a chain: receipts, polls, fragments, hub envelopes (D1b).

They come from X25519 of the two static keys and the pre-shared key, so a node derives them again after a
restart. The thief of a card can too: an answer to a reporter is therefore sealed a second time under its
receipt code (`sync.sealing.receipt_code`).
"""

from __future__ import annotations

from collections.abc import Sequence

from sync.errors import SealBroken
from sync.sealing.derivation import expand, extract, mac, mac_matches, open_ccm, seal_ccm, shared_secret

_DOWN_HEADER = b"kentongan/1/down"


class StaticKeys:
    """What both ends derive from the static keys and the pre-shared key; generation by generation."""

    def __init__(self, *, own_private: bytes, other_public: bytes, psk: bytes) -> None:
        root = extract(psk, shared_secret(own_private, other_public))
        self._root = root
        self._poll = expand(root, "poll")
        self._fragment_up = expand(root, "fragment-up")
        self._shared = expand(root, "shared")
        self._generations: dict[int, tuple[bytes, bytes, bytes, bytes]] = {}

    def _generation(self, generation: int) -> tuple[bytes, bytes, bytes, bytes]:
        keys = self._generations.get(generation)
        if keys is None:
            root = expand(self._root, "down", context=generation.to_bytes(4, "big"))
            keys = (
                expand(root, "receipt"),
                expand(root, "envelope", 16),
                expand(root, "fragment-down"),
                expand(root, "lane-receipt"),
            )
            # Two are ever in use (the current and a new one); junk must not make this grow.
            if len(self._generations) > 8:
                self._generations.clear()
            self._generations[generation] = keys
        return keys

    def poll_mac(self, epoch: bytes, block: bytes) -> bytes:
        """Return the MAC of a poll block."""
        return mac(self._poll, epoch, block)

    def poll_fits(self, epoch: bytes, block: bytes, got: bytes) -> bool:
        """Return whether the poll was made by the node."""
        return mac_matches(self.poll_mac(epoch, block), got)

    def gateway_mac(self, *, up: bool, body: bytes) -> bytes:
        """Return the MAC of a gateway's bundle, `up` to the hub or back."""
        return mac(self._poll, b"gateway-up" if up else b"gateway-down", body)

    def gateway_fits(self, body: bytes, got: bytes) -> bool:
        """Return whether a bundle to the hub was made by the gateway."""
        return mac_matches(self.gateway_mac(up=True, body=body), got)

    def fragment_up_mac(self, epoch: bytes, body: bytes) -> bytes:
        """Return the MAC of a fragment from the node."""
        return mac(self._fragment_up, epoch, body)

    def shared_mac(self, epoch: bytes, poll: bytes, envelopes: Sequence[tuple[int, bytes]]) -> bytes:
        """Return the one code of a frame with several envelopes and, where `poll` is not empty, a poll.

        `envelopes` are (counter, sealed bytes with the tag). Whoever forges a ciphertext cannot know the tag
        that the hub computes for it, so the code is worth no less than the tags that it stands for.
        """
        sealed = (counter.to_bytes(4, "big") + whole for counter, whole in envelopes)
        return mac(self._shared, epoch, poll, *sealed)

    def receipt_mac(self, generation: int, epoch: bytes, body: bytes) -> bytes:
        """Return the MAC of a receipt about `epoch`."""
        return mac(self._generation(generation)[0], epoch, body)

    def lane_receipt_mac(self, generation: int, epoch: bytes, body: bytes) -> bytes:
        """Return the MAC of a receipt about one lane of `epoch`; its key makes it no receipt of the radio."""
        return mac(self._generation(generation)[3], epoch, body)

    def fragment_down_mac(self, generation: int, body: bytes) -> bytes:
        """Return the MAC of a fragment from the hub."""
        return mac(self._generation(generation)[2], body)

    def seal_down(self, generation: int, counter: int, plain: bytes) -> bytes:
        """Seal one hub envelope. (generation, counter) must never repeat: the hub allocates it in the
        database transaction that stores the envelope."""
        return seal_ccm(self._generation(generation)[1], _nonce(generation, counter), plain, _DOWN_HEADER)

    def open_down(self, generation: int, counter: int, sealed: bytes) -> bytes:
        """Open one hub envelope; raise SealBroken, also for a counter that no hub can have given it."""
        if not 0 <= counter < 1 << 32:
            raise SealBroken("the counter does not fit its nonce")
        return open_ccm(self._generation(generation)[1], _nonce(generation, counter), sealed, _DOWN_HEADER)


def _nonce(generation: int, counter: int) -> bytes:
    return b"\x00" * 5 + generation.to_bytes(4, "big") + counter.to_bytes(4, "big")
