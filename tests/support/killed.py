"""Kills a piece of work before a line of its code, in a child process."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Collection
from types import FrameType
from typing import Any


def killed_at(step: int, work: Callable[[], object], traced: Collection[str]) -> bool:
    """Run `work` in a child that is killed before line number `step` of the files that are traced; return
    whether it was."""
    child = os.fork()
    if child == 0:
        lines = 0

        def trace(frame: FrameType, event: str, _argument: Any) -> Any:
            nonlocal lines
            if frame.f_code.co_filename not in traced:
                return None
            if event == "line":
                if lines == step:
                    os._exit(9)
                lines += 1
            return trace

        try:
            sys.settrace(trace)
            work()
            os._exit(0)
        finally:
            os._exit(1)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in (0, 9)
    return code == 9
