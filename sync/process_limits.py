"""What a serving process asks of the system: no core dumps, and a heap that stays small."""

from __future__ import annotations

import ctypes
import gc
import os
import resource

_PR_SET_DUMPABLE = 4
_M_TRIM_THRESHOLD = -1
_M_MMAP_THRESHOLD = -3
_M_ARENA_MAX = -8


def forbid_core_dumps() -> None:
    """No crash of this process may write its memory, where chains and open reports are, to a disk."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def keep_heap_small() -> None:
    """Let all threads share one malloc arena, and give freed memory back.

    glibc makes an arena for each thread, up to eight a core; with the site's threads they held 23 MB of
    nothing after a hundred reports. Python's own lock makes the threads take turns anyway. Call it before
    the first thread. Without effect on another C library.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_M_ARENA_MAX, 1)
        libc.mallopt(_M_MMAP_THRESHOLD, 1100 * 1024)
        libc.mallopt(_M_TRIM_THRESHOLD, 128 * 1024)


def keep_blocks_for_reuse() -> None:
    """Let the heap keep what a report takes and gives back; call it after what is loaded once is loaded.

    From then on the megabyte of a slow hash comes from the heap and stays there for the next. Taken from the
    system and given back it cost 500 page faults a report, a sixth of all its work. Without effect on another
    C library.
    """
    libc = ctypes.CDLL(None)
    if hasattr(libc, "mallopt"):
        libc.mallopt(_M_MMAP_THRESHOLD, 1100 * 1024)
        libc.mallopt(_M_TRIM_THRESHOLD, 2048 * 1024)


def give_back_memory() -> None:
    """Free what was let go of, and give it back to the system; where a program begins anew within itself."""
    gc.collect()
    libc = ctypes.CDLL(None)
    if hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)


def settle_heap() -> None:
    """Let the garbage collector pass over what is there now; call it after what is loaded once is loaded.

    Tables of places and words are a million objects that never go. To look through them again each time that
    a few thousand new ones came stopped all threads of a hub for some 60 ms.
    """
    gc.collect()
    gc.freeze()
