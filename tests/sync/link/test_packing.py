from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sync.link.packing import FOLLOWING_BYTES, FRAME_HEAD_BYTES, SHARED_HEAD_BYTES, Parcel, pack

LIMIT = 231


def size_of(frame: list[Parcel]) -> int:
    if len(frame) == 1:
        return FRAME_HEAD_BYTES + frame[0].alone_bytes()
    return SHARED_HEAD_BYTES + sum(parcel.in_company_bytes() for parcel in frame)


@st.composite
def parcel_lists(draw: st.DrawFn) -> list[Parcel]:
    sizes = draw(st.lists(st.integers(9, 220), max_size=30))
    return [
        Parcel(n, size, urgent := draw(st.booleans()), not urgent and draw(st.booleans()))
        for n, size in enumerate(sizes)
    ]


@given(parcel_lists(), st.integers(0, 110), st.integers(1, 16))
def test_frames_keep_their_limits_and_every_parcel_goes_once(
    parcels: list[Parcel], last_extra: int, max_frames: int
) -> None:
    frames = pack(parcels, limit=LIMIT, last_extra=last_extra, max_frames=max_frames)
    assert 1 <= len(frames) <= max_frames
    kept_free = [FOLLOWING_BYTES] * len(frames)
    kept_free[-1] = last_extra
    for frame, free in zip(frames, kept_free, strict=True):
        if len(frame) == 1 and free <= FOLLOWING_BYTES:
            free = 0  # it may fill the packet: then it does not say how many follow
        if frame:
            assert size_of(frame) + free <= LIMIT
    packed = [parcel for frame in frames for parcel in frame]
    assert len(packed) == len(set(packed))
    assert set(packed) <= set(parcels)
    if len(frames) < max_frames:
        assert {p for p in parcels if not p.filler} <= set(packed)


@given(parcel_lists())
def test_fillers_add_no_frame(parcels: list[Parcel]) -> None:
    options = {"limit": LIMIT, "last_extra": 20, "max_frames": 16}
    wanted = [parcel for parcel in parcels if not parcel.filler]
    assert len(pack(parcels, **options)) == len(pack(wanted, **options))


def test_urgent_ones_go_first_and_room_is_filled() -> None:
    parcels = [Parcel(n, 100, n >= 8, n < 8) for n in range(10)]
    frames = pack(parcels, limit=LIMIT, last_extra=20, max_frames=16)
    assert [[p.urgent for p in frame] for frame in frames] == [[True, True]]
    frames = pack(parcels[:9], limit=LIMIT, last_extra=20, max_frames=16)
    assert [[p.urgent for p in frame] for frame in frames] == [[True, False]]


def test_packing_is_tight() -> None:
    """At most one more than the bytes need, where sizes are as mixed as those of reports."""
    parcels = [Parcel(n, 40 + n * 37 % 90) for n in range(60)]
    frames = pack(parcels, limit=LIMIT, last_extra=20, max_frames=60)
    needed = 20 + sum(p.in_company_bytes() for p in parcels)
    assert len(frames) <= 1 + -(-needed // (LIMIT - SHARED_HEAD_BYTES - FOLLOWING_BYTES))


def test_what_fits_no_frame_beside_keys_and_poll_gets_one_of_its_own() -> None:
    frames = pack([Parcel(0, 200)], limit=LIMIT, last_extra=105, max_frames=16)
    assert [len(frame) for frame in frames] == [1, 0]
    frames = pack([Parcel(0, 228)], limit=LIMIT, last_extra=0, max_frames=16)
    assert [len(frame) for frame in frames] == [1]
