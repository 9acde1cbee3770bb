"""What a dialogue hears, says and wishes; Telegram and SMS stand at both ends of it.

    turn = talk(state, Said("LAPOR"), room)          # bots.dialogue.talk
    turn.state, turn.replies, turn.wishes

A dialogue does nothing: it says what it wishes done, the rim does it and tells the outcome as the next input.
States and inputs hold what people wrote. They live in memory alone and are never written, logged or shown in
an error: `repr` of what holds words says its kind only.
"""

from __future__ import annotations

import datetime
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from content.catalogue import Catalogue
from sync.areas.table import AreaNames, AreaTable

# What a dialogue hears


class Seems(enum.Enum):
    """Who seems to have written a text: over SMS telephones and sellers' programs write too."""

    PERSON = "person"
    DOUBTFUL = "doubtful"
    """It becomes a report, marked."""
    MACHINE = "machine"
    """It is asked back once; the rim says so of one message a day at most."""


@dataclass(frozen=True, repr=False)
class Said:
    """A text that somebody wrote."""

    text: str
    seems: Seems = Seems.PERSON


@dataclass(frozen=True, repr=False)
class Pressed:
    """A button of the reply before, by its value."""

    value: str


@dataclass(frozen=True)
class SentFile:
    """A picture or sound, which the rim holds in memory under `handle` until it is wished into a report or
    the conversation ends. `media` is what it is: `picture` or `sound`."""

    handle: int
    media: str


@dataclass(frozen=True)
class FileNotTaken:
    """A file that the rim did not take, and why: `size`, `kind`, `damaged`, `count` or `network`."""

    why: str


@dataclass(frozen=True, repr=False)
class SharedPosition:
    """Where somebody is, shared on purpose. Degrees times 100,000, WGS 84. `place`: the name of a place that
    they picked on a map instead; then nobody measured where they are."""

    lat_e5: int
    lon_e5: int
    place: str = ""


@dataclass(frozen=True, repr=False)
class Taken:
    """The report is kept: its receipt code, or None where it was taken before a restart, and who keeps it."""

    receipt: str | None
    kept_by: KeptBy


@dataclass(frozen=True)
class NotTaken:
    """The wish was not fulfilled: `refused` (asking again changes nothing), `full`, `away` (the box cannot be
    asked now: the rim tries again when told to), `unknown` (no such receipt), `lost` (none such, or the box's
    card lost it), `wait` (too many guesses)."""

    why: str
    wait_s: int = 0


@dataclass(frozen=True)
class Step:
    """One step of a receipt's ladder, by its name (`saved`, `on_its_way`, ...: see the node's receipts)."""

    name: str
    reached: bool
    age_s: float | None


@dataclass(frozen=True, repr=False)
class Shown:
    """What a receipt code shows: its ladder, and the answers of the hub (text, whether it asks)."""

    ladder: tuple[Step, ...]
    answers: tuple[tuple[str, bool], ...]


@dataclass(frozen=True)
class Done:
    """An addition, a withdrawal or a subscription was taken."""


@dataclass(frozen=True)
class Subscribed:
    """What this chat is told of: the code of an area (empty: the whole region) and a language; `area` None:
    of nothing."""

    area: str | None
    language: str = "id"


@dataclass(frozen=True, repr=False)
class Answered:
    """A passage of the signed content that answers a question; None where the content does not know."""

    title: str | None
    text: str = ""
    source: str = ""
    dated: str = ""


Input = (
    Said
    | Pressed
    | SentFile
    | FileNotTaken
    | SharedPosition
    | Taken
    | NotTaken
    | Shown
    | Done
    | Answered
    | Subscribed
)

# What a dialogue wishes


@dataclass(frozen=True, repr=False)
class Submit:
    """Keep this report (of `sync/contracts/report.schema.json`) with these files. The same `token` is taken
    once, however often it is wished."""

    report: Mapping[str, Any]
    files: tuple[int, ...]
    token: str


@dataclass(frozen=True, repr=False)
class LookUp:
    """Show what a receipt code shows."""

    code: str


@dataclass(frozen=True, repr=False)
class Add:
    """Add a text, and files, to the report of a receipt code."""

    code: str
    text: str
    urgent: bool
    token: str
    files: tuple[int, ...] = ()


@dataclass(frozen=True, repr=False)
class Withdraw:
    """Take the report of a receipt code back; `reason`: a number of `sync.wire.numbers.WithdrawalReason`."""

    code: str
    reason: int
    token: str


@dataclass(frozen=True, repr=False)
class Ask:
    """Answer a question from the signed content."""

    question: str
    language: str


@dataclass(frozen=True, repr=False)
class PassOn:
    """Pass a question that the content does not answer to the hub, without anything about who asked."""

    question: str
    language: str
    token: str


@dataclass(frozen=True)
class Subscribe:
    """Send bulletins of an area to this chat, or none any more. Only a hub keeps subscriptions; who it is the
    rim knows alone."""

    wanted: bool
    area: str = ""
    language: str = "id"
    token: str = ""


@dataclass(frozen=True)
class AskSubscription:
    """Tell what this chat is told of."""


@dataclass(frozen=True)
class Forget:
    """Delete what can be deleted of this conversation where it was held, and forget it here."""


Wish = Submit | LookUp | Add | Withdraw | Ask | PassOn | Subscribe | AskSubscription | Forget

# What a dialogue says


@dataclass(frozen=True, repr=False)
class Button:
    """A choice under a reply. Without buttons (SMS) its place in the list, from 1, or its label chooses."""

    value: str
    """At most 64 bytes in UTF-8: what Telegram carries."""
    label: str


@dataclass(frozen=True, repr=False)
class Reply:
    """One message to the person. `holds_code`: it shows a receipt code, and the rim offers to delete it."""

    text: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    asks_position: bool = False
    holds_code: bool = False


@dataclass(frozen=True, repr=False)
class Turn:
    """What came of one input."""

    state: State
    replies: tuple[Reply, ...] = ()
    wishes: tuple[Wish, ...] = ()


# What it knows


class KeptBy(enum.Enum):
    """Which box has taken a report."""

    VILLAGE = "village"
    HUB = "hub"


class Channel(enum.Enum):
    """Through what people talk; the word is the report's `channel`."""

    TELEGRAM = "telegram"
    SMS = "sms"

    @property
    def one_message(self) -> bool:
        """Whether each message costs money: one text is a report, and each reply is one short message."""
        return self is Channel.SMS


@dataclass(frozen=True)
class Room:
    """What a dialogue may read. It knows no chat, no number and no clock.

    `village` is the area code of the village whose bot it is, empty for a hub's own bot and for a bot of
    several villages. `token` draws a new one-use token. `staffed` says in a language when the hub reads.
    """

    channel: Channel
    catalogue: Callable[[str], Catalogue]
    areas: AreaTable
    names: AreaNames
    today: datetime.date
    token: Callable[[], str]
    village: str = ""
    abroad: bool = False
    """Whether it also serves workers abroad and their families: a hub's own bot."""
    kept_by: KeptBy = KeptBy.VILLAGE
    staffed: Callable[[str], str] = lambda language: ""
    subscribes: bool = False
    """Whether what it wishes about bulletins goes to a hub, from here or on by the village's box."""
    hub_bot: str = ""
    """The @name of the hub's own bot, where this one takes no subscriptions."""


@dataclass(frozen=True, repr=False)
class State:
    """Where a conversation stands: its language, which dialogue goes on, and what that dialogue holds."""

    language: str = "id"
    dialogue: str = "menu"
    held: Any = None
    """A frozen dataclass of the dialogue's own; no other dialogue reads it."""
    warned: bool = False
    """Whether the person was told what Telegram can see."""
    before: tuple[State, ...] = ()
    """The states one step back, two and so on, the latest last; they hold none themselves."""
    said: Mapping[str, str] = field(default_factory=dict)
    """Small facts that dialogues share in one conversation, such as the place that was picked last."""

    @property
    def files(self) -> frozenset[int]:
        """Handles of all files that may still be wished into a report: what a dialogue holds has them under
        `files`. The rim lets any other file go."""
        return frozenset(one for state in (self, *self.before) for one in getattr(state.held, "files", ()))
