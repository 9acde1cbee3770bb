"""One village of a soak: a real node on its ways to the hub, with power cuts, wrong dates and couriers."""

from __future__ import annotations

import base64
import hashlib
import resource
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from soak_ledger import Ledger
from soak_world import DAY_S, HOUR_S, Air, BoxClock, Station, World

from sync.carriers.courier import read_bundle, write_bundle
from sync.carriers.https import HubClient
from sync.errors import CarrierError
from sync.identifiers import EnvelopeId
from sync.records import check_report
from sync.wire.attachments import Attachment
from sync.wire.control_records import AnswerRecord
from sync.wire.numbers import MediaType, WithdrawalReason
from village_node.config import NodeConfig
from village_node.folder import DATABASE_FILE
from village_node.handin_server import NOTHING_FOR_US, courier_export, courier_import
from village_node.models import Receipt
from village_node.wiring import Node

GATEWAY_IDLE_S = 600.0
"""A gateway's radio is asked each second in the field; here when it heard or fetched something."""
FULL_STICK_BYTES = 300


@dataclass(frozen=True)
class Ways:
    """How a village reaches the hub. `up_days` and `down_days` are the mean of its internet's times."""

    name: str
    air: int | None = None
    internet: bool = False
    up_days: float = 3.0
    down_days: float = 1.0
    courier_every_days: float | None = None


class Link(HubClient):
    """A node's client over an internet that comes and goes; `send` is the hub's own site."""

    def __init__(self, village: Village, send: Callable[[str, bytes], bytes]) -> None:
        super().__init__("http://127.0.0.1:1")
        self._village = village
        self._send = send

    def _post(self, path: str, body: bytes) -> bytes:
        trouble = self._village.trouble()
        if trouble == "before":
            raise CarrierError("the hub cannot be reached (Soak)")
        answer = self._send(path, body)
        if trouble == "after":  # the hub has it, and nobody here knows
            raise CarrierError("the hub cannot be reached (SoakCutShort)")
        return answer


class Village:
    """See the module. `box` is the node while the box has power."""

    def __init__(
        self,
        code: str,
        ways: Ways,
        folder: Path,
        world: World,
        ledger: Ledger,
        random: Random,
        *,
        air: Air | None,
        station: Station | None,
        send: Callable[[str, bytes], bytes],
        internet_every_s: float,
    ) -> None:
        self._internet_every_s = internet_every_s
        self.code, self.ways, self.folder = code, ways, folder
        self.random = random
        self._world, self._ledger = world, ledger
        self._air, self.station = air, station
        self._send = send
        self.has_internet = ways.internet
        self.flaky = 0.02
        """Share of the requests that fail though there is internet, half of them when the hub has them."""
        self.full_sticks = 0.05
        self.box: Node | None = None
        self._copies = 0
        self._clock = BoxClock(world, 0.0)
        self._saved_wall_s = self._clock.wall_s()
        self._looks_at: float | None = None

    # -- power --------------------------------------------------------------------------------------

    def start(self, wrong_s: float | None = None) -> None:
        """Give the box power. Without a clock chip it takes up the last date that it kept."""
        world_s = self._world.clock.wall_s()
        behind = min(0.0, self._saved_wall_s - world_s) if wrong_s is None else wrong_s
        clock = self._clock = BoxClock(self._world, behind)
        config = NodeConfig(
            self.folder,
            radio_url=None if self.station is None else "simulated",
            hub_url="http://127.0.0.1:1" if self.ways.internet else None,
            internet_every_s=self._internet_every_s,
            dense_text=False,
        )
        station = self.station
        node = self.box = Node(
            config,
            clock=clock,
            open_radio=None if station is None else lambda url: station.radio,
            make_client=lambda url, ca_file: Link(self, self._send),
        )
        node.desk.act_on[AnswerRecord] = self._answer_came
        node.carriers.open_internet()
        desk = node.carriers.radio_desk()
        if desk is not None and self._air is not None and station is not None:
            station.after_turn = self._wake
            station.idle_s = GATEWAY_IDLE_S if self.ways.internet else station.idle_s
            self._air.begin(station, desk, clock.at_s)
        self._look_at(0.0)
        self._world.after(600.0, lambda: self._ten_minutes(node, first=True))

    def stop(self, *, cut: bool) -> None:
        """Take the power: `cut` leaves what the card held at that moment, else all ends as it should."""
        node, self.box = self.box, None
        if node is None:
            return
        old = self.folder
        if cut:
            self._copies += 1
            self.folder = old.with_name(f"{old.name.split('-')[0]}-{self._copies}")
            shutil.copytree(old, self.folder, ignore=shutil.ignore_patterns("*-shm"))
        self._saved_wall_s = self._clock.wall_s()
        node.close()
        if self._air is not None and self.station is not None:
            self._air.end(self.station)
        if cut:
            shutil.rmtree(old)

    def jump(self, seconds: float) -> None:
        """Let the date of the running box be wrong by so much more."""
        self._clock.wrong_s += seconds

    def _ten_minutes(self, node: Node, *, first: bool = False) -> None:
        """The jobs and the beacon of a box, which its threads would do; daily here but for the first."""
        if self.box is not node:
            return
        if node.clock.wall_s() >= 1_795_000_000:
            for job in node.jobs._jobs:
                node.jobs.run_if_due(job)
        node.beacons.turn()
        if node.hub_keys.changed.is_set():
            node.hub_keys.changed.clear()
            node.key_change.settle()
        self._wake()
        self._world.after(HOUR_S if first else 8 * HOUR_S, lambda: self._ten_minutes(node))

    # -- internet -----------------------------------------------------------------------------------

    def trouble(self) -> str | None:
        """Return whether a request fails "before" or "after" the hub has it; None: neither."""
        if not self.has_internet:
            return "before"
        drawn = self.random.random()
        return None if drawn >= self.flaky else "before" if drawn < self.flaky / 2 else "after"

    def internet_turns(self) -> None:
        """Let the internet come or go, and so on."""
        if self._stays:
            return
        self.has_internet = not self.has_internet
        mean = self.ways.up_days if self.has_internet else self.ways.down_days
        self._world.after(self.random.expovariate(1 / (mean * DAY_S)) + 600, self.internet_turns)

    def all_is_well(self) -> None:
        """Let internet, where there is any, and sticks be without fault from now on."""
        self._stays, self.has_internet, self.flaky, self.full_sticks = True, self.ways.internet, 0.0, 0.0

    _stays = False

    def _wake(self) -> None:
        if (
            self.box is not None
            and self.box.carriers.internet is not None
            and self.box.carriers.internet.is_woken
        ):
            self._look_at(0.05)
        if self._air is not None and self.station is not None and self.station.user is not None:
            self._air.wake(self.station)

    def _look_at(self, in_s: float) -> None:
        at_s = self._world.now + in_s
        if self._looks_at is None or at_s < self._looks_at:
            self._looks_at = at_s
            self._world.at(at_s, lambda: self._look(at_s))

    def _look(self, at_s: float) -> None:
        if self._looks_at != at_s:
            return
        self._looks_at = None
        if self.box is None or self.box.carriers.internet is None:
            return
        # Seconds of the box, rounded: what is nearly now must not be asked for ever at the same instant.
        self._look_at(max(0.05, self.box.carriers.internet.look()))
        if self._air is not None and self.station is not None:
            self._air.wake(self.station)

    # -- people -------------------------------------------------------------------------------------

    def report(self, serial: int, body: dict[str, Any], pictures: list[bytes], *, twice: bool) -> None:
        """Somebody files a report; `twice`: the browser sends the form again, perhaps after a power cut."""
        if self.box is None:
            self._world.after(HOUR_S, lambda: self.report(serial, body, pictures, twice=twice))
            return
        token = f"soak-form-{serial:08}" if twice else None
        attached = [Attachment(MediaType.JPEG, content) for content in pictures]
        checked = check_report(body)
        taken = self.box.take_report(checked, form_token=token, attachments=attached)
        assert taken.code is not None
        assert taken.envelope_id is not None
        place = EnvelopeId.parse(taken.envelope_id)
        row = Receipt.select(Receipt.find).where(
            (Receipt.epoch == place.epoch) & (Receipt.counter == place.counter)
        )
        node = self.box
        find = node.store.writer.read(lambda: bytes(row.get(node.store.database).find))
        now = self._world.now
        self._ledger.taken(
            serial, self.code, self.ways.name, (taken.code, taken.envelope_id, find), now, body
        )
        for number, content in enumerate(pictures):
            self._ledger.attached(serial, number, hashlib.sha256(content).digest(), now)
        self._wake()
        if twice:
            if self.random.random() < 0.5:
                self.cut_for(60.0)
            self._world.after(600.0, lambda: self._again(body, token))

    def _again(self, body: dict[str, Any], token: str | None) -> None:
        if self.box is not None:
            taken = self.box.take_report(check_report(body), form_token=token)
            self._ledger.count("forms sent twice")
            if taken.code is not None and not taken.repeated:
                self._ledger.count("forms taken twice")

    def follow_up(self, serial: int, *, withdraws: bool) -> None:
        """The reporter adds something to a report of this village, or takes it back."""
        if self.box is None:
            self._world.after(HOUR_S, lambda: self.follow_up(serial, withdraws=withdraws))
            return
        rows = self._ledger.ask("SELECT code FROM report WHERE serial = ?", (serial,))
        if not rows:
            self._world.after(DAY_S, lambda: self.follow_up(serial, withdraws=withdraws))
            return
        code, token = str(rows[0][0]), f"soak-follow-{serial:06}-{int(withdraws)}"
        if withdraws:
            self.box.withdraw_report(code, WithdrawalReason.MISTAKE, form_token=token)
            self._ledger.withdrew(serial)
        else:
            text = f"Tambahan untuk laporan nomor {serial:05}: mereka berangkat malam hari."
            self.box.add_to_report(code, text, urgent=False, question=None, form_token=token)
            self._ledger.added(serial, text, self._world.now)
        self._wake()

    def _answer_came(self, record: AnswerRecord) -> None:
        # Within the commit that keeps it, in the writer's thread.
        after_s = self._world.clock.wall_s() - record.written_at_s
        self._ledger.answer_came(record.find, record.written_at_s, after_s)

    def cut_for(self, seconds: float) -> None:
        """Cut the power, and give it back after so long."""
        if self.box is not None:
            self.stop(cut=True)
            self._world.after(seconds, self.start)

    # -- couriers -----------------------------------------------------------------------------------

    def hand_out(self, file: Path) -> bool:
        """Write a courier file; return whether there is one, or the stick was full."""
        if self.box is None:
            return False
        bundle = base64.b64decode(courier_export(self.box.desk)["bundle"])
        full = self.random.random() < self.full_sticks
        try:
            with _full_stick() if full and len(bundle) > FULL_STICK_BYTES else _whole_stick():
                write_bundle(file, bundle)
        except CarrierError:
            self._ledger.count("sticks full")
            return False
        return True

    def take_in(self, file: Path) -> bool:
        """Take in a courier file of the hub; return whether the box could read it."""
        if self.box is None:
            return False
        reply = courier_import(self.box.desk, base64.b64encode(read_bundle(file)).decode("ascii"))
        if "error" in reply and reply["error"] != NOTHING_FOR_US:
            self._ledger.count("courier files refused by villages")
            return False
        self._wake()
        return True

    # -- what it leaves -----------------------------------------------------------------------------

    def disk_bytes(self) -> int:
        """Return what the box's database takes on the card, with its log of writes."""
        return sum(file.stat().st_size for file in self.folder.glob(f"{DATABASE_FILE}*") if file.exists())


@contextmanager
def _full_stick() -> Iterator[None]:
    """Let files of this process have no more bytes than that stick has room for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (FULL_STICK_BYTES, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def _whole_stick() -> Iterator[None]:
    yield
