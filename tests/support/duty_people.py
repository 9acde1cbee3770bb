"""Three levels of people on duty at a hub, all day, and messages that go nowhere."""

from __future__ import annotations

from dataclasses import dataclass, field

from village import Region

from hub.accounts.models import User, UserArea
from hub.duty.ringing import Duty
from hub.duty.ways import WayFailed, Ways
from hub.services import Role, SignedIn

SARI = SignedIn("sari", "analyst")
BUDI = SignedIn("budi", "supervisor")
KETUT = SignedIn("ketut", "administrator")
WEEK = list(range(7))
STEP_S = 15 * 60


def account(region: Region, name: str, role: Role, *areas: str) -> SignedIn:
    """Make an account that signs in nowhere: a password costs a second."""
    store = region.hub.store

    def job() -> None:
        User.insert(name=name, role=role, password_hash="").execute(store.database)
        for code in areas:
            UserArea.insert(user=name, code=code).execute(store.database)

    store.writer.run(job)
    return SignedIn(name, role, areas)


def three_levels(region: Region) -> None:
    """Sari, Budi and Ketut are on duty day and night, in this order, each with an e-mail address."""
    duty = region.hub.store.duty
    for level, who in enumerate((SARI, BUDI, KETUT), 1):
        account(region, who.name, who.role)
        duty.add_shifts(who.name, level, WEEK, (0, 0), False, by=KETUT)
        duty.set_contact(who.name, f"{who.name}@kantor.example", "", by=KETUT)


@dataclass
class Post:
    """Takes messages in the place of a server; `fails` is why it takes none."""

    sent: list[tuple[str, str, int]] = field(default_factory=list)
    tried: int = 0
    fails: str = ""

    def send(self, ways: Ways, way: str, to: str, count: int, now: float) -> None:
        self.tried += 1
        if self.fails:
            raise WayFailed(self.fails)
        self.sent.append((way, to.partition("@")[0], count))

    def taken(self) -> list[tuple[str, str, int]]:
        """Return what came since the last time."""
        sent, self.sent = self.sent, []
        return sent


def with_post(region: Region, post: Post) -> Duty:
    """Return a duty roster over the hub's store that sends by `post`."""
    store = region.hub.store
    zone = store.duty.plan.local_now().tzinfo
    assert zone is not None
    return Duty(
        store.database, store.writer, store.clock, zone, store.audit, region.hub_folder, send=post.send
    )
