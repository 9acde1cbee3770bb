"""A year of villages in minutes: real nodes, a real hub, simulated air, internet, couriers, power cuts.

All is driven from event to event in one thread, on clocks that jump. What happens when, what is filed, and
the luck of air, internet and couriers follow the seed. Keys and the jitter of the link are drawn by the
programs themselves: two runs of one seed differ in small things. The hub's own clock is right; what
`sync.scheduling` would do every hour or day is done once a day.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any

from soak_audit import audit
from soak_figures import Sample, air_times, delays, disk, judge_memory, sample, verdict
from soak_hub import SoakHub
from soak_ledger import Ledger
from soak_village import Village, Ways
from soak_world import DAY_S, HOUR_S, Air, World
from village import NOW_S, migrated_node_file

from hub.models import Down
from sync.identifiers import Lane
from village_node import folder as node_folder
from village_node.folder import DATABASE_FILE

RADIOS = 3
HUB_AIR = 0
"""The hub's own radio; on the other airs a village with internet passes frames on."""
FIRST = (
    Ways("radio to the hub", air=0, courier_every_days=40),
    Ways("gateway", air=1, internet=True, up_days=6, down_days=0.5),
    Ways("radio by a gateway", air=1, courier_every_days=40),
    Ways("courier", courier_every_days=9),
    Ways("internet", internet=True),
    Ways("gateway", air=2, internet=True, up_days=6, down_days=0.5),
    Ways("radio by a gateway", air=2, courier_every_days=40),
    Ways("internet and courier", internet=True, up_days=1, down_days=8, courier_every_days=12),
)
_HUB_RADIO, _RADIO_1, _RADIO_2 = FIRST[0], FIRST[2], FIRST[6]
MORE = (
    *(_HUB_RADIO, _RADIO_1, _RADIO_2, FIRST[4], _HUB_RADIO, _RADIO_1),
    *(_RADIO_2, FIRST[3], _HUB_RADIO, FIRST[7], _RADIO_1),
)
"""The first villages, and what comes round after them."""
HUB_NIGHTS = ((0.08, "restart"), (0.16, "cut"), (0.24, "restart"), (0.32, "copy"))
"""Share of the time, and what befalls the hub then. Afterwards it stays up: there memory is judged."""
DRAIN_DAYS = 40
JUMPS_S = (3600.0, -86_400.0, 40 * DAY_S, 10 * 365.25 * DAY_S, -10 * 365.25 * DAY_S)
SYLLABLES = "ba ca da ga ja ka la ma na ra sa ta wa bi di ki li mi ni ri si ti bu du ku lu mu nu ru su tu"
CONTROLS = ("lose", "double", "leak")


@dataclass(frozen=True)
class Size:
    """How much is done."""

    villages: int = 30
    reports: int = 5000
    days: float = 365.0
    seed: int = 1
    samples: int = 52
    internet_every_h: float = 2.0
    """The product's is a quarter: a year of those would be the same exchange eight times as often."""


def ways_of(villages: int) -> list[Ways]:
    """Return the ways of so many villages."""
    return [FIRST[i] if i < len(FIRST) else MORE[(i - len(FIRST)) % len(MORE)] for i in range(villages)]


def story(serial: int, random: Random) -> dict[str, Any]:
    """Return a made-up report with its number in its words."""

    def name() -> str:
        return "".join(random.choices(SYLLABLES.split(), k=3)).title()

    told = f"Laporan nomor {serial:05}: {name()} {name()} mengajak {random.randint(1, 9)} orang ke {name()}."
    body: dict[str, Any] = {
        "kind": random.choice(["recruiter", "recruiter", "other"]),
        "narrative": told + " Katanya tanpa paspor, gaji besar." * random.randint(0, 4),
        "urgency": "now" if random.random() < 0.08 else "info",
    }
    if random.random() < 0.6:
        phone = f"08{random.randint(10, 99)}-0000-{random.randint(0, 9999):04}"
        body["recruiter"] = {"name": f"{name()} {name()}", "phone": phone}
    if random.random() < 0.5:
        body["offer"] = {"destination": random.choice(["MY", "SA", "KH", "TW"]), "job": "plantation"}
    return body


class Soak:
    """One run; `run` does all of it and returns the findings."""

    def __init__(
        self,
        size: Size,
        folder: Path,
        *,
        tell: Callable[[str], None] = lambda line: None,
        control: str | None = None,
    ) -> None:
        self.size, self.path = size, folder
        self._tell, self._control = tell, control
        self._leak: list[bytes] = []
        self.world = World(NOW_S)
        self.ledger = Ledger(folder / "ledger.sqlite3")
        self.random = Random(size.seed)
        self.airs = [Air(self.world, self._draw()) for _ in range(RADIOS)]
        hub_station = self.airs[HUB_AIR].station(1)
        self.hub = SoakHub(
            folder, self.world, self.ledger, self._draw(), air=self.airs[HUB_AIR], station=hub_station
        )
        self.hub.start()
        self.villages = [self._village(number, ways) for number, ways in enumerate(ways_of(size.villages))]
        self.samples: list[Sample] = []
        self._serial = 0
        self._trips = 0
        self.still_waiting: list[str] = []
        """Who had something to carry when it was looked at last."""
        self.ends_at = size.days * DAY_S

    def _draw(self) -> Random:
        return Random(self.random.getrandbits(64))

    def _village(self, number: int, ways: Ways) -> Village:
        code = f"52.02.08.{2001 + number}"
        folder = self.path / f"v{number:02}-0"
        node_folder.create(folder, self.hub.enrolment(code, f"Contoh {number}"))
        shutil.copyfile(migrated_node_file(), folder / DATABASE_FILE)
        air = None if ways.air is None else self.airs[ways.air]
        station = None if air is None else air.station(100 + number)
        return Village(
            code,
            ways,
            folder,
            self.world,
            self.ledger,
            self._draw(),
            air=air,
            station=station,
            send=self.hub.post,
            internet_every_s=self.size.internet_every_h * HOUR_S,
        )

    # -- the plan -----------------------------------------------------------------------------------

    def run(self) -> dict[str, Any]:
        """Run the whole time and then until nothing waits; return the findings of the audit."""
        self._plan()
        every_s = self.ends_at / self.size.samples
        for number in range(1, self.size.samples + 1):
            self.world.run_until(number * every_s)
            self._sample()
        drained = self._drain()
        self._sample()
        return {**audit(self), "days_to_drain": drained}

    def close(self) -> None:
        """Close all programs."""
        for village in self.villages:
            village.stop(cut=False)
        self.hub.stop(cut=False)
        self.ledger.close()

    def _plan(self) -> None:
        for number, village in enumerate(self.villages):
            self.world.at(number * 7.0, village.start)
            if village.ways.internet:
                self.world.after(village.random.uniform(1, 3) * DAY_S, village.internet_turns)
            if village.ways.courier_every_days:
                self._plan_trip(village)
            if number >= len(FIRST) or number % 2:  # the others run all the time, for what only shows then
                self._plan_bad_day(village, 30.0, lambda village: self._power_fails(village))
            self._plan_bad_day(village, 45.0, lambda village: self._date_jumps(village))
        for share, what in HUB_NIGHTS:
            self.world.at(share * self.ends_at, lambda what=what: self._hub_night(what))  # type: ignore[misc]
        self.world.every(DAY_S, self.hub.day)
        self.world.every(min(7 * DAY_S, self.ends_at / 8), self.hub.week)
        self.world.every(30 * DAY_S, lambda: self.hub.month(range(1, len(self.villages) + 1)))
        self._plan_report()

    @property
    def _over(self) -> bool:
        return self.world.now >= self.ends_at

    def _plan_report(self) -> None:
        left = self.size.reports - self._serial
        if left:
            mean_s = max(1.0, (self.ends_at - self.world.now) / (left + 1))
            self.world.after(min(3.0, self.random.expovariate(1.0)) * mean_s, self._report)

    def _report(self) -> None:
        self._serial += 1
        serial, draw = self._serial, self.random
        village = draw.choice(self.villages)
        pictures = [draw.randbytes(draw.randint(5_000, 70_000))] if draw.random() < 0.04 else []
        body = story(serial, draw)
        village.report(serial, body, pictures, twice=draw.random() < 0.02)
        if draw.random() < 0.1:
            self.world.after(draw.uniform(1, 20) * DAY_S, lambda: village.follow_up(serial, withdraws=False))
        if draw.random() < 0.03:
            self.world.after(draw.uniform(1, 20) * DAY_S, lambda: village.follow_up(serial, withdraws=True))
        if self._control == "double" and serial % 10 == 0 and village.box is not None:
            from sync.records import check_report

            village.box.take_report(check_report(body), form_token=None)
        if self._control == "leak":
            self._leak.extend(bytes(1000) for _ in range(200))
        self._plan_report()

    def _plan_bad_day(self, village: Village, mean_days: float, do: Callable[[Village], None]) -> None:
        def happens() -> None:
            if not self._over:
                do(village)
                self._plan_bad_day(village, mean_days, do)

        self.world.after(village.random.expovariate(1 / (mean_days * DAY_S)) + HOUR_S, happens)

    def _power_fails(self, village: Village) -> None:
        if village.box is None:
            return
        off_s, draw = village.random.expovariate(1 / (4 * HOUR_S)), village.random.random()
        village.stop(cut=draw < 0.7)
        self.ledger.count("boxes cut" if draw < 0.7 else "boxes restarted")
        wrong_s = -NOW_S if village.random.random() < 0.2 else None  # 1970, as a Pi without a clock shows
        self.world.after(off_s + 30, lambda: village.start(wrong_s) if village.box is None else None)

    def _date_jumps(self, village: Village) -> None:
        village.jump(village.random.choice(JUMPS_S))
        self.ledger.count("dates jumped")

    def _hub_night(self, what: str) -> None:
        if what == "copy":
            self.hub.lose_the_disk()
        else:
            self.hub.away_for(2 * HOUR_S, cut=what == "cut")

    # -- couriers -----------------------------------------------------------------------------------

    def _plan_trip(self, village: Village) -> None:
        days = (village.ways.courier_every_days or 10) * village.random.uniform(0.4, 1.6)

        def begin() -> None:
            if not self._over:
                self._trip(village)
                self._plan_trip(village)

        self.world.after(days * DAY_S, begin)

    def _trip(self, village: Village) -> None:
        self._trips += 1
        up = self.path / f"courier-{self._trips}-up.ktg"
        if village.hand_out(up):
            self.ledger.count("courier trips")
            self._carry(village, up, lambda: self._at_hub(village, up))

    def _carry(self, village: Village, file: Path, arrive: Callable[[], None]) -> None:
        draw = village.random.random()
        if draw < 0.10:
            self.ledger.count("courier files lost")
            file.unlink()
            return
        if draw < 0.15:
            self.ledger.count("courier files cut short")
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
        self.world.after(village.random.uniform(0.2, 2) * DAY_S, arrive)
        if draw > 0.9:
            self.ledger.count("courier files brought twice")
            self.world.after(village.random.uniform(3, 8) * DAY_S, arrive)
        self.world.after(20 * DAY_S, lambda: file.unlink(missing_ok=True))

    def _at_hub(self, village: Village, up: Path) -> None:
        if self.hub.hub is None:
            self.world.after(HOUR_S, lambda: self._at_hub(village, up))
            return
        self.hub.take_in(up)
        self._trips += 1
        down = self.path / f"courier-{self._trips}-down.ktg"
        self.hub.hand_out(down, self.number_of(village))
        self._carry(village, down, lambda: self._back(village, down))

    def _back(self, village: Village, down: Path) -> None:
        if village.box is None:
            self.world.after(HOUR_S, lambda: self._back(village, down))
        elif down.exists():
            village.take_in(down)

    def number_of(self, village: Village) -> int:
        """Return the number that the hub gave to a village's box."""
        return self.villages.index(village) + 1

    # -- the end ------------------------------------------------------------------------------------

    def _drain(self) -> float | None:
        """Let all ways be open and couriers go each day; return after how many days nothing waited."""
        for village in self.villages:
            village.all_is_well()
            if village.box is None:
                village.start()
        begun_s = self.world.now
        for quarter in range(1, 4 * DRAIN_DAYS + 1):
            self.world.run_until(begun_s + quarter * DAY_S / 4)
            for village in self.villages:
                if village.ways.courier_every_days and village.box is not None:
                    self._sure_trip(village)
            # A beacon a day, and what a courier has not told yet: now and then nothing waits at all.
            self.still_waiting = list(self._waiting())
            if not self.still_waiting:
                return quarter / 4
        return None

    def _sure_trip(self, village: Village) -> None:
        self._trips += 1
        up, down = (self.path / f"courier-{self._trips}-{way}.ktg" for way in ("up", "down"))
        if village.hand_out(up) and self.hub.take_in(up) and self.hub.hand_out(down, self.number_of(village)):
            village.take_in(down)
        if village.hand_out(up):  # that it has what came down
            self.hub.take_in(up)
        for file in (up, down):
            file.unlink(missing_ok=True)

    def _waiting(self) -> Iterator[str]:
        for village in self.villages:
            if village.box is None or any(village.box.desk.has_work(lane) for lane in Lane):
                yield village.code
        store = self.hub.hub.store if self.hub.hub is not None else None
        if store is None or store.writer.read(
            lambda: Down.select().where(~Down.delivered).exists(store.database)
        ):
            yield "hub"

    # -- figures ------------------------------------------------------------------------------------

    def _sample(self) -> None:
        if self._control == "lose":
            self._lose_some()
        made = sample(self)
        self.samples.append(made)
        self._tell(
            f"day {made.day:.0f} of {self.size.days:.0f}: {made.taken} reports taken, {made.arrived} at hub, "
            f"{made.rss_mb:.0f} MB, {made.objects} objects, hub {made.hub_bytes / 2**20:.1f} MB, "
            f"villages {made.village_bytes / 2**20:.1f} MB"
        )

    def _lose_some(self) -> None:
        if self.hub.hub is not None:
            store = self.hub.hub.store
            store.writer.run(
                lambda: store.database.execute_sql("DELETE FROM report WHERE substr(id, -1) = '7'")
            )


def figures_of(soak: Soak, findings: dict[str, Any]) -> dict[str, Any]:
    """Return all figures of a soak that has run, and under "wrong" which promises were not kept."""
    happened = soak.ledger.counted()
    from_day = max(share for share, _ in HUB_NIGHTS) * soak.size.days + 0.02 * soak.size.days
    memory = judge_memory(soak.samples[:-1], from_day)
    return {
        "size": {**asdict(soak.size), "radios": RADIOS},
        "findings": findings,
        "happened": {**happened, "answers lost with the hub's disk": soak.hub.answers_lost},
        "memory": memory,
        "disk": disk(soak.samples),
        "delays_h": delays(soak),
        "air": air_times(soak),
        "samples": [asdict(one) for one in soak.samples],
        "wrong": verdict({**findings, **happened}, memory),
    }
