from __future__ import annotations

import platform
import subprocess
import sys

import pytest

_FAULTS = """
import resource, sys
from sync.process_limits import keep_blocks_for_reuse, keep_heap_small
from sync.sealing.receipt_code import ReceiptKeys

keep_heap_small()
ReceiptKeys("0" * 16, bytes(16))
if sys.argv[1] == "reuse":
    keep_blocks_for_reuse()
    ReceiptKeys("1" * 16, bytes(16))
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for number in range(20):
    ReceiptKeys(f"{number:016}", bytes(16))
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) / 20)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="mallopt is glibc's")
@pytest.mark.slow
def test_the_memory_of_a_slow_hash_is_used_again_once_all_is_loaded() -> None:
    """Not on an emulated board: there the kernel counts the emulator's page faults, not the program's."""
    faults = {}
    for how in ("fresh", "reuse"):
        child = subprocess.run(
            [sys.executable, "-c", _FAULTS, how], capture_output=True, text=True, check=True, timeout=60
        )
        faults[how] = float(child.stdout)
    assert faults["fresh"] > 200  # a megabyte in pages of 4 KB
    assert faults["reuse"] < 20


_SETTLED = """
import gc
from sync.process_limits import settle_heap

class Loop:
    pass

loaded, garbage = [[] for _ in range(1000)], Loop()
garbage.itself = garbage
del garbage
settle_heap()
assert gc.get_freeze_count() > 1000
assert not any(isinstance(one, Loop) for one in gc.get_objects())
before = len(gc.get_objects())
again = [[] for _ in range(10)]
assert len(gc.get_objects()) < before + 100, "what comes later is looked through"
"""


def test_what_is_loaded_is_passed_over_and_no_garbage_stays_with_it() -> None:
    subprocess.run([sys.executable, "-c", _SETTLED], check=True, timeout=60)
