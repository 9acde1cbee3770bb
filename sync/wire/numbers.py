"""Every number on the wire. A number is never reused; a dead one stays listed with its reason."""

from __future__ import annotations

import enum

FRAME_VERSION = 1
"""Two bits at the top of each radio frame's first byte. 0 is reserved, so that a zero byte is no frame."""
FOLLOWED_FRAME_VERSION = 2
"""DATA, FRAGMENT and SHARED alone: others of the same burst follow, and the frame says how many."""


class FrameType(enum.IntEnum):
    """Three bits of a radio frame's first byte. All are given out: a new type needs frame version 3."""

    DATA = 1
    """Node to hub: envelopes of the report lane, or none (a poll alone)."""
    FRAGMENT = 2
    """Node to hub: a piece of one envelope that is too large for a packet."""
    RECEIPT = 3
    """Hub to node: what is held, hub time."""
    DOWN = 4
    """Hub to node: one hub envelope."""
    DOWN_FRAGMENT = 5
    """Hub to node: a piece of one hub envelope."""
    UNKNOWN_EPOCH = 6
    """Hub to node, not authenticated, a hint only: send the epoch's key again."""
    SHARED = 7
    """Node to hub: envelopes of the report lane without their tags, under one authentication code."""


class UpRecord(enum.IntEnum):
    """First byte of a record inside an envelope. 0x10 and above are reports (model numbers, see
    `report_codec`); below are records of the protocol itself."""

    EPOCH_CLOSED = 0x01
    """What an earlier epoch of this node committed."""
    VOID = 0x02
    """Counters of this epoch that will never come."""
    ATTACHMENT_PIECE = 0x03
    """A piece of a picture or a sound that belongs to a report; in the bulk lane only."""
    SESSION_SUMMARY = 0x04
    """Totals of one awareness session."""
    HEALTH = 0x05
    """How the box is: clock, card, power, radio, versions; nothing of a report but since when any waits."""
    ADDITION = 0x06
    """What a reporter adds to a report, or answers to a question of the hub."""
    WITHDRAWAL = 0x07
    """A reporter takes a report back."""
    BULLETIN_SEEN = 0x08
    """Somebody in the village read a bulletin, or told others of it."""
    CONTENT_HELD = 0x09
    """Which material the box shows, and what went wrong with a newer one."""
    HUB_KEY_HELD = 0x0A
    """The node seals for another key of the hub, and told the ends of all that it sealed for earlier ones."""
    QUESTION = 0x0B
    """A question that the material does not answer, without anything about who asked."""
    SUBSCRIPTION = 0x0C
    """Somebody asks over SMS to be told of bulletins, or to be told no more."""
    SETTINGS_HELD = 0x0D
    """What became of settings that the hub sent: on probation, kept, gone back, refused."""
    UPDATE_HELD = 0x0E
    """Which version of the program the box runs or tries, and why it left another."""


class WithdrawalReason(enum.IntEnum):
    """Why a report is withdrawn, as far as its reporter says it; a byte of the record."""

    NOT_SAID = 0
    MISTAKE = 1
    """It was wrong or sent by mistake."""
    FEAR = 2
    """The reporter is afraid or was threatened."""
    SETTLED = 3
    """It is settled."""
    OTHER = 4


class AskedIn(enum.IntEnum):
    """The language of the page or chat where a question was asked; the high half of a byte."""

    INDONESIAN = 0
    ENGLISH = 1
    JAVANESE = 2
    SUNDANESE = 3
    SASAK = 4
    MADURESE = 5


class MediaType(enum.IntEnum):
    """What an attachment is; a byte of each piece. Names for people and files: `sync.wire.attachments`."""

    JPEG = 1
    WEBP = 2
    PNG = 3
    OGG_OPUS = 4
    WEBM_OPUS = 5
    AMR = 6
    M4A = 7
    MP3 = 8


class DownRecord(enum.IntEnum):
    """First byte of a record inside a hub envelope."""

    ANSWER = 0x01
    """Text for a reporter, sealed again under the receipt code."""
    STATUS = 0x02
    """A step of a report's ladder."""
    BACKED_UP = 0x03
    """Envelopes below this counter are in a backup of the hub."""
    BULLETIN = 0x04
    """A notice for the village, signed by the hub's signing key."""
    SETTING = 0x05
    """One setting of the node, signed by the hub."""
    CONTENT = 0x06
    """A piece of an update of the material; the pack in it is signed by the release key."""
    MOVED_RECEIPT = 0x07
    """A receipt of the box that stood in the village before."""


class SettingKind(enum.IntEnum):
    """What a signed setting changes."""

    RESET_PIN = 1
    """The facilitator's PIN is unset; who has the code with this hash may set a new one."""
    STAFFED_HOURS = 2
    """When the hub's staff read reports, and urgent ones."""
    HUB_KEY = 3
    """The public key for which the node seals from now on."""
    # 4 is kept for a successor of the signing key.
    BOX = 5
    """How the box runs, on probation first."""
    REVOKED = 6
    """The node counts no more: it was shut out, or another took its place."""


class BoxSetting(enum.IntEnum):
    """What a hub may set at a box; a byte before each value. Bounds: `sync.wire.box_settings`."""

    AIRTIME_PERMILLE = 1
    """Share of the time that its radio may send, in thousandths; never above that of the radio's region."""
    POLL_MINUTES = 2
    """After so long without contact it asks the hub over the radio."""
    INTERNET_MINUTES = 3
    """How often it asks the hub over the internet."""
    WAIT_LEAST_MINUTES = 4
    WAIT_MOST_MINUTES = 5
    """Ordinary reports wait at random between the two; they are set together."""
    GATEWAY = 6
    """1: passes on frames of other boxes, 0: does not."""
    DENSE_TEXT = 7
    """1: writes reports in the dense text model where that keeps nobody waiting, 0: never."""
    HUB_URL = 8
    """Where it finds the hub on the internet."""


class SettingsState(enum.IntEnum):
    """What became of settings that a hub sent."""

    ON_PROBATION = 1
    KEPT = 2
    """The hub answered under them."""
    WENT_BACK = 3
    """The hub did not, and the box runs what it ran before."""
    REFUSED = 4
    """One of them is not known or not allowed at the box; nothing changed."""
    BY_HAND = 5
    """A person at the box went back to how it was set up."""


class NoticeKind(enum.IntEnum):
    """What a notice is."""

    BULLETIN = 1
    """A warning or a message for the village."""
    OPPORTUNITY = 2
    """Lawful work, training, scholarship or cooperative."""
    WITHDRAWAL = 3
    """An earlier notice counts no more."""


class BulletinLevel(enum.IntEnum):
    """How much a bulletin matters."""

    INFORMATION = 1
    WARNING = 2
    DANGER = 3


class OpportunityKind(enum.IntEnum):
    """What an opportunity offers; stands where a bulletin has its level."""

    TRAINING = 1
    JOB = 2
    SCHOLARSHIP = 3
    COOPERATIVE = 4


class SeenStep(enum.IntEnum):
    """What the village did with a bulletin."""

    READ = 1
    ANNOUNCED = 2


class UpdateTrouble(enum.IntEnum):
    """Why a box left a release; the first eight before it ran."""

    NONE = 0
    SIGNATURE = 1
    """Not signed by the release key."""
    DAMAGED = 2
    """Cut short or changed on its way."""
    VERSION = 3
    """Not newer than what runs, or not meant to follow it."""
    LACKS = 4
    """Packages are missing on the box that the release does not carry."""
    MACHINE = 5
    """For another kind of machine."""
    ROOM = 6
    """No room on the card."""
    STORE = 7
    """The running version could not read the store after it, so there would be no way back."""
    CARD = 8
    """The card failed while it was written."""
    CRASHED = 9
    """It ended again and again."""
    SILENT = 10
    """It did not answer."""
    CLOSED = 11
    """Its site answered, and its store did not open."""
    BY_HAND = 12
    """A person went back."""


class ContentTrouble(enum.IntEnum):
    """Why a box does not show the newest material that came to it."""

    NONE = 0
    DAMAGED = 1
    """What came in pieces was not whole: send it again."""
    REFUSED = 2
    """Its material cannot be used."""
    CRASHED = 3
    """The box did not come up with it, or found it damaged on its card."""
    BY_HAND = 4
    """A person went back to the version before."""


class Step(enum.IntEnum):
    """Steps of the ladder that the hub announces."""

    READ = 1
    ACTED_ON = 2


class Section(enum.IntEnum):
    """Sections of a bundle (HTTPS body or courier file)."""

    EPOCH = 1
    ENVELOPE = 2
    CLAIM = 3
    LANE = 4
    FOR_NODE = 16
    RECEIPT = 17
    DOWN = 18
    LANE_RECEIPT = 19
    CONTENT = 20
    GATEWAY = 32
    AIR_FRAME = 33
    END = 127


class BundleKind(enum.IntEnum):
    """What a bundle is for."""

    UP = 1
    DOWN = 2
    GATEWAY_UP = 3
    GATEWAY_DOWN = 4
