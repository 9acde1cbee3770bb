"""The loop that uses the internet when there is some: exchange bundles, serve as a gateway."""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable

from sync.carriers.https import HubClient
from sync.clock import Clock
from sync.errors import CarrierError, MalformedWire
from sync.identifiers import Lane
from village_node.gateway import Gateway
from village_node.link_desk import Applied, LinkDesk, MadeBundle

_log = logging.getLogger(__name__)
MAX_ROUNDS = 8
"""Exchanges in a row while each brings something: 5,000 envelopes each, or a restored hub that asks again."""
BULK_BYTES = 256 * 1024
"""Of bulk in one exchange: on a slow line a report that comes meanwhile waits for no more than that."""
MAX_BULK_ROUNDS = 256
"""Exchanges with bulk in a row, 64 MiB; what is left goes the next time."""
BULK_TRIES = 3
"""Exchanges in a row of whose bulk the hub receipts nothing: it will not take the rest either."""
MAX_BACKOFF_S = 3600.0


def exchange_until_settled(
    desk: LinkDesk, client: HubClient, *, between: Callable[[], None] = lambda: None
) -> int:
    """Exchange until nothing waits or nothing changes; return how many envelopes were receipted.

    Reports go first, without any bulk. Then bulk goes in small parts; before each one `between` is called
    and the reports go that came meanwhile. Raises CarrierError, or MalformedWire when the answer is not a
    bundle.
    """
    return _exchange_reports(desk, client) + _exchange_bulk(desk, client, between)


def _exchange_reports(desk: LinkDesk, client: HubClient) -> int:
    receipted = 0
    for _ in range(MAX_ROUNDS):
        applied = _exchange(desk, client, desk.up_bundle(bulk_bytes=0))
        receipted += applied.receipted
        if applied.content:
            continue  # the next part of it
        if not desk.has_work() and not applied.arrived:
            break
        if not applied.receipted and not applied.arrived and not applied.receipts:
            break
    return receipted


def _exchange_bulk(desk: LinkDesk, client: HubClient, between: Callable[[], None]) -> int:
    receipted = stuck = in_vain = 0
    for _ in range(MAX_BULK_ROUNDS):
        if not desk.has_work(Lane.BULK):
            break
        between()
        if desk.has_work():
            receipted += _exchange(desk, client, desk.up_bundle(bulk_bytes=0)).receipted
        bundle = desk.up_bundle(bulk_bytes=BULK_BYTES, skip_bulk=stuck)
        applied = _exchange(desk, client, bundle)
        receipted += applied.receipted
        sent = sum(place.lane is Lane.BULK for place in bundle.envelopes)
        # What the hub cannot open must not keep back what comes behind it.
        stuck += max(0, sent - applied.bulk_receipted)
        in_vain = 0 if applied.receipted or applied.returned else in_vain + 1
        if in_vain and (not sent or in_vain == BULK_TRIES):
            break
    return receipted


def _exchange(desk: LinkDesk, client: HubClient, bundle: MadeBundle) -> Applied:
    return desk.apply_down_bundle(client.exchange(bundle.data))


class InternetLoop:
    """One thread on monotonic time: jumps of the clock do not touch it."""

    def __init__(
        self,
        *,
        desk: LinkDesk,
        client: HubClient,
        gateway: Gateway | None,
        clock: Clock,
        every_s: float,
        rng: random.Random,
        after: Callable[[], None] = lambda: None,
    ) -> None:
        """`after` is done after each exchange that went well."""
        self._after = after
        self._desk = desk
        self._client = client
        self._gateway = gateway
        self._clock = clock
        self._every_s = every_s
        self._rng = rng
        self._failures = 0
        self._wake = gateway.wake if gateway is not None else threading.Event()
        self._urgent = threading.Event()
        self._stop = threading.Event()
        self._next_exchange_at = 0.0
        self.problem: str | None = None
        """One line for a person while the hub is not reached; None when the last exchange went well."""
        self.refused = False
        """Whether the hub was reached, and takes nothing from this box until a person does something."""
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Exchange from a thread until `close`."""
        self._thread = threading.Thread(target=self._loop, name="internet", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """Exchange now: something urgent was taken."""
        self._urgent.set()
        self._wake.set()

    def close(self) -> None:
        """Stop the thread."""
        self._stop.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    @property
    def is_woken(self) -> bool:
        """Whether somebody asked for an exchange since the last look."""
        return self._wake.is_set()

    def look(self) -> float:
        """Exchange if it is time or somebody woke; return in how many seconds to look again, unless woken."""
        # Frames that a gateway hears do not shorten the wait after a failure; an urgent report does.
        woken = self._urgent.is_set() or (self._wake.is_set() and not self._failures)
        self._urgent.clear()
        self._wake.clear()
        if self._clock.monotonic_s() >= self._next_exchange_at or woken:
            self._try()
            self._next_exchange_at = self._clock.monotonic_s() + self._pause_s()
        return max(0.0, self._next_exchange_at - self._clock.monotonic_s())

    def _loop(self) -> None:
        while not self._stop.is_set():
            self._clock.wait(self._wake, self.look())

    def _try(self) -> None:
        try:
            self._turn()
            self._failures = 0
            self.problem = None
            self.refused = False
        except (CarrierError, MalformedWire) as error:
            self._failures += 1
            self.problem = str(error)
            self.refused = isinstance(error, CarrierError) and error.permanent
            _log.info("no exchange with the hub: %s", error)
        except Exception as error:
            # The store or a fault of ours: the thread must outlive it, and the text could hold anything.
            self._failures += 1
            self.problem = f"the exchange failed here ({type(error).__name__}): see kentongan node doctor DIR"
            _log.error("fault in the exchange with the hub: %s", type(error).__name__)

    def _pause_s(self) -> float:
        if not self._failures:
            return self._every_s
        backoff = min(MAX_BACKOFF_S, 5.0 * 2.0 ** min(self._failures, 12))
        return backoff * (1 + 0.25 * self._rng.random())

    def _turn(self) -> None:
        exchange_until_settled(self._desk, self._client, between=self._pass_frames)
        self._pass_frames()
        self._after()

    def _pass_frames(self) -> None:
        """Other villages' frames wait for nobody's pictures."""
        if self._gateway is not None:
            self._gateway.exchange()
