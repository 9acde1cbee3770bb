"""Hypothesis strategies for frames, bundles and records of the protocol."""

from __future__ import annotations

import enum
import itertools
from dataclasses import replace
from datetime import timedelta

from hypothesis import strategies as st

from sync.identifiers import EnvelopeId, Lane, epoch_id
from sync.link.ranges import MAX_VALUES, RangeSet
from sync.wire.attachments import MAX_PIECES, PIECE_BYTES, AttachmentPiece
from sync.wire.box_settings import SettingsHeld
from sync.wire.bundle_codec import (
    DownBundle,
    EpochSection,
    GatewayBundle,
    NodeSection,
    UpBundle,
)
from sync.wire.content_pieces import ContentHeld, ContentPiece, block_count, pieces_of
from sync.wire.control_records import (
    AnswerRecord,
    BackedUp,
    EpochClosed,
    HubKeyHeld,
    SignedSetting,
    StatusRecord,
    Void,
)
from sync.wire.frame_codec import (
    DataFrame,
    DownFragmentFrame,
    DownFrame,
    EpochBlock,
    FragmentFrame,
    Frame,
    PartialReceipt,
    PollBlock,
    ReceiptFrame,
    SharedFrame,
    UnknownEpochFrame,
)
from sync.wire.lane_receipts import LaneReceipt
from sync.wire.notices import BulletinSeen, Notice, NoticeWithdrawal, SignedNotice
from sync.wire.numbers import (
    BulletinLevel,
    BundleKind,
    ContentTrouble,
    MediaType,
    NoticeKind,
    OpportunityKind,
    SeenStep,
    SettingsState,
    Step,
    UpdateTrouble,
)
from sync.wire.session_summary import (
    CELLS,
    FIRST_DAY,
    LESSON_LIMIT,
    MAX_DAYS,
    MAX_PEOPLE,
    QUESTIONS,
    QUIZ_LIMIT,
    REVISION_LIMIT,
    QuizTotals,
    RoundTotals,
    SessionSummary,
)
from sync.wire.settings_records import BoxSettings, HubKey, ResetPin, StaffedHours
from sync.wire.update_records import UpdateHeld

bytes_1 = st.integers(0, 0xFF)
followings = st.just(0) | st.integers(1, 255)
bytes_2 = st.integers(0, 0xFFFF)
bytes_4 = st.integers(0, 0xFFFFFFFF)
varints = st.one_of(st.integers(0, 300), st.integers(0, 2**64 - 1))
macs = st.binary(min_size=8, max_size=8)
enc_keys = st.binary(min_size=32, max_size=32)
sealed = st.one_of(st.binary(max_size=30), st.binary(max_size=400))


@st.composite
def epoch_blocks(draw: st.DrawFn) -> EpochBlock:
    with_key = draw(st.booleans())
    public = draw(enc_keys) if with_key else None
    binding = draw(st.binary(min_size=16, max_size=16)) if with_key else None
    return EpochBlock(draw(bytes_4), draw(enc_keys), public, binding)


poll_blocks = st.builds(PollBlock, bytes_2, bytes_2, varints, varints, bytes_1, macs)


@st.composite
def data_frames(draw: st.DrawFn) -> DataFrame:
    counters = sorted(draw(st.sets(st.integers(0, 70_000), max_size=6)))
    envelopes = tuple((counter, draw(sealed)) for counter in counters)
    blocks = draw(st.none() | epoch_blocks()), draw(st.none() | poll_blocks)
    return DataFrame(draw(bytes_1), envelopes, *blocks, draw(followings))


@st.composite
def shared_frames(draw: st.DrawFn) -> SharedFrame:
    counters = sorted(draw(st.sets(st.integers(0, 70_000), min_size=1, max_size=6)))
    envelopes = tuple((counter, draw(sealed)) for counter in counters)
    poll = draw(st.none() | poll_blocks)
    return SharedFrame(
        draw(bytes_1),
        envelopes,
        draw(macs),
        draw(st.none() | epoch_blocks()),
        None if poll is None else replace(poll, mac=b""),
        draw(followings),
    )


@st.composite
def places_of_pieces(draw: st.DrawFn) -> tuple[int, int]:
    last = draw(st.integers(0, 254))
    return draw(st.integers(0, last)), last


@st.composite
def fragment_frames(draw: st.DrawFn) -> FragmentFrame:
    index, last = draw(places_of_pieces())
    blocks = draw(st.none() | epoch_blocks()), draw(st.none() | poll_blocks)
    return FragmentFrame(
        draw(bytes_1), draw(varints), index, last, draw(sealed), draw(macs), *blocks, draw(followings)
    )


@st.composite
def partial_receipts(draw: st.DrawFn) -> PartialReceipt:
    last = draw(bytes_1)
    size = last // 8 + 1
    return PartialReceipt(draw(varints), last, draw(st.binary(min_size=size, max_size=size)))


def _unasked(frame: ReceiptFrame) -> ReceiptFrame:
    return replace(frame, poll=None, hub_time_s=0)


_asked_receipts = st.builds(
    ReceiptFrame,
    bytes_1,
    bytes_2,
    bytes_4,
    st.integers(0, 2**20),
    st.binary(max_size=64),
    st.none() | bytes_4,
    st.none() | partial_receipts(),
    macs,
)
receipt_frames = _asked_receipts | _asked_receipts.map(_unasked)
down_frames = st.builds(DownFrame, varints, sealed, st.none() | bytes_4)


@st.composite
def down_fragment_frames(draw: st.DrawFn) -> DownFragmentFrame:
    index, last = draw(places_of_pieces())
    generation = draw(st.none() | bytes_4)
    return DownFragmentFrame(draw(varints), index, last, draw(sealed), generation, draw(macs))


def frames() -> st.SearchStrategy[Frame]:
    return st.one_of(
        data_frames(),
        fragment_frames(),
        shared_frames(),
        receipt_frames,
        down_frames,
        down_fragment_frames(),
        st.builds(UnknownEpochFrame, bytes_1),
    )


@st.composite
def epoch_sections(draw: st.DrawFn) -> EpochSection:
    block = draw(epoch_blocks())
    name = epoch_id(block.enc)
    envelope = st.tuples(
        st.builds(EnvelopeId, st.just(name), st.sampled_from(Lane), varints), st.binary(max_size=200)
    )
    return EpochSection(
        block,
        name,
        draw(st.none() | poll_blocks),
        tuple(draw(st.lists(envelope, max_size=4))),
        tuple(draw(st.lists(st.sampled_from(Lane), max_size=len(Lane)))),
    )


up_bundles = st.builds(UpBundle, st.lists(epoch_sections(), max_size=4).map(tuple))
lane_receipts = st.builds(
    LaneReceipt,
    st.binary(min_size=8, max_size=8),
    st.sampled_from(Lane),
    bytes_4,
    st.binary(max_size=200),
    macs,
)


@st.composite
def content_pieces(draw: st.DrawFn) -> ContentPiece:
    size = draw(st.integers(1, 3000))
    first = draw(st.integers(0, block_count(size) - 1))
    data = draw(st.binary(min_size=size, max_size=size))
    base, name = draw(st.binary(min_size=4, max_size=4)), draw(st.binary(min_size=4, max_size=4))
    blocks = draw(st.integers(1, 5))
    return next(pieces_of(base, name, data, first=first, blocks=blocks, in_each=blocks))


node_sections = st.builds(
    NodeSection,
    varints,
    st.lists(st.tuples(st.binary(min_size=8, max_size=8), st.binary(max_size=80)), max_size=4).map(tuple),
    st.lists(st.binary(max_size=200), max_size=4).map(tuple),
    st.lists(lane_receipts, max_size=3).map(tuple),
    st.lists(content_pieces(), max_size=2).map(tuple),
)
down_bundles = st.builds(DownBundle, st.lists(node_sections, max_size=4).map(tuple))
gateway_bundles = st.builds(
    GatewayBundle,
    st.sampled_from([BundleKind.GATEWAY_UP, BundleKind.GATEWAY_DOWN]),
    bytes_4,
    st.binary(min_size=8, max_size=8),
    st.lists(st.tuples(bytes_4, st.binary(max_size=240)), max_size=6).map(tuple),
    macs,
)


@st.composite
def range_sets(draw: st.DrawFn) -> RangeSet:
    found = RangeSet()
    for start in draw(st.lists(st.one_of(st.integers(0, 60), st.integers(0, MAX_VALUES - 200)), max_size=8)):
        found.add_range(start, start + draw(st.integers(1, 40)))
    return found


@st.composite
def pieces(draw: st.DrawFn) -> AttachmentPiece:
    last = draw(st.integers(0, MAX_PIECES - 1))
    data = draw(st.binary(min_size=1, max_size=40) | st.just(bytes(PIECE_BYTES)))
    return AttachmentPiece(
        draw(bytes_4), draw(bytes_1), draw(st.sampled_from(MediaType)), draw(st.integers(0, last)), last, data
    )


epochs = st.binary(min_size=8, max_size=8)
lanes = st.sampled_from(Lane)


@st.composite
def contents_held(draw: st.DrawFn) -> ContentHeld:
    trouble = draw(st.sampled_from(ContentTrouble))
    of_version = draw(bytes_4) if trouble else 0
    return ContentHeld(draw(bytes_4), draw(st.binary(min_size=4, max_size=4)), trouble, of_version)


versions = st.tuples(*[st.integers(0, 255)] * 3)
up_controls = st.one_of(
    st.builds(UpdateHeld, versions, versions, versions, st.sampled_from(UpdateTrouble)),
    st.builds(EpochClosed, epochs, lanes, range_sets().map(RangeSet.to_bytes)),
    st.builds(Void, range_sets().map(RangeSet.to_bytes)),
    st.builds(SettingsHeld, st.sampled_from(SettingsState), bytes_4, varints, st.integers(0, 255)),
    st.builds(HubKeyHeld, st.binary(min_size=8, max_size=8), varints),
    st.builds(BulletinSeen, varints, st.sampled_from(SeenStep), bytes_4),
    contents_held(),
)
downs = st.one_of(
    st.builds(AnswerRecord, epochs, st.booleans(), bytes_4, st.binary(max_size=300)),
    st.builds(StatusRecord, epochs, st.sampled_from(Step), bytes_4),
    st.builds(BackedUp, epochs, lanes, varints),
    st.builds(SignedSetting, st.binary(max_size=200)),
    st.builds(SignedNotice, st.binary(max_size=200)),
    content_pieces(),
)
pin_resets = st.builds(
    ResetPin,
    varints,
    bytes_4,
    varints,
    st.binary(min_size=16, max_size=16),
    st.binary(min_size=32, max_size=32),
)
box_sets = st.builds(BoxSettings, varints, bytes_4, varints, varints, st.binary(max_size=60))
hub_keys = st.builds(HubKey, varints, bytes_4, varints, bytes_4, st.binary(min_size=32, max_size=32))
week_parts = st.sets(st.integers(0, 10_080), max_size=56).map(
    lambda found: tuple(itertools.pairwise(sorted(found)))[::2]
)
staffed_hours = st.builds(
    StaffedHours,
    varints,
    bytes_4,
    varints,
    st.integers(-840, 840),
    week_parts,
    week_parts,
    st.sets(st.integers(0, 100_000), max_size=40).map(lambda days: tuple(sorted(days))),
)
notice_texts = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60),
    st.sampled_from(["Waspada tawaran kerja di Kamboja.", "Pelatihan bahasa Korea, gratis, di Mataram."]),
)


@st.composite
def session_rounds(draw: st.DrawFn, most: int) -> RoundTotals:
    people = draw(st.integers(0, most))
    answered = draw(st.lists(st.integers(0, people), min_size=QUESTIONS, max_size=QUESTIONS))
    return RoundTotals(tuple(answered), tuple(draw(st.integers(0, each)) for each in answered))


@st.composite
def session_summaries(draw: st.DrawFn, most: int = MAX_PEOPLE) -> SessionSummary:
    left, attendance = draw(st.integers(0, most)), []
    for _ in range(CELLS - 1):
        attendance.append(draw(st.just(0) | st.integers(0, left)))
        left -= attendance[-1]
    quizzes = st.builds(
        QuizTotals,
        st.integers(0, QUIZ_LIMIT - 1),
        bytes_1,
        st.none() | session_rounds(most),
        st.none() | session_rounds(most),
    )
    return SessionSummary(
        key=draw(bytes_2),
        revision=draw(st.integers(0, REVISION_LIMIT - 1)),
        held_on=draw(st.none() | st.integers(0, MAX_DAYS).map(lambda days: FIRST_DAY + timedelta(days=days))),
        part=draw(st.integers(0, 3)),
        lessons=draw(st.frozensets(st.integers(0, LESSON_LIMIT - 1))),
        attendance=(*attendance, left),
        quiz=draw(st.none() | quizzes),
    )


@st.composite
def notices(draw: st.DrawFn) -> Notice | NoticeWithdrawal:
    if draw(st.booleans()):
        return NoticeWithdrawal(draw(varints), draw(varints))
    kind = draw(st.sampled_from([NoticeKind.BULLETIN, NoticeKind.OPPORTUNITY]))
    levels: type[enum.IntEnum] = BulletinLevel if kind is NoticeKind.BULLETIN else OpportunityKind
    issued, until = sorted((draw(bytes_2), draw(bytes_2)))
    level = int(draw(st.sampled_from(levels)))
    return Notice(draw(varints), kind, level, draw(st.booleans()), issued, until, draw(notice_texts))


@st.composite
def damaged(draw: st.DrawFn, whole: st.SearchStrategy[bytes]) -> bytes:
    """Something valid with a few bytes changed, cut off, put in or repeated."""
    data = bytearray(draw(whole))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(data)))
        match draw(st.sampled_from(["change", "cut", "insert", "repeat"])):
            case "change" if place < len(data):
                data[place] = draw(bytes_1)
            case "cut":
                del data[place:]
            case "insert":
                data[place:place] = draw(st.binary(max_size=6))
            case _:
                data += data[place : place + 20]
    return bytes(data)
