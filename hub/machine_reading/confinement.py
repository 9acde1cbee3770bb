"""What a process that runs a model may do: little memory and time, no network, no other program or
process, no signal, no file written.

Model files and sounds are read by large libraries in C++; whoever supplies a bad one must gain nothing by
it. A seccomp filter refuses the calls below for good, also to threads and to code that took the process over.
Landlock, where the kernel has it (5.13 and later), leaves only programs and the model to be read: not
hub.key, not the database.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import struct
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final

MOST_MEMORY_BYTES: Final = 6 * 2**30
"""Of addresses; a model of 2 GB takes about half."""
MOST_CPU_S: Final = 600
_SYSTEM: Final = ("/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/proc", "/sys", "/dev/null", "/dev/urandom")
_PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _MODE_FILTER = 22, 38, 2
_LOAD, _EQUAL, _ANY_BIT, _AT_LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x80000000
_NUMBER_AT, _ARCH_AT, _ARGUMENTS_AT = 0, 4, 16
_WRITES: Final = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_X32: Final = 0x40000000
_CLONE_THREAD: Final = 0x00010000
_CLONE3: Final = 435
_NOT_KNOWN: Final = 0x00050000 | errno.ENOSYS
_ARCHES: Final[dict[str, tuple[int, int, int | None, int, int, tuple[int, ...]]]] = {
    # Machine: its number for the kernel, openat, open, clone, prlimit64, and what is refused: socket,
    # connect, bind, sendto, sendmsg, sendmmsg, socketpair, execve, execveat, fork, vfork, ptrace,
    # process_vm_readv and writev, io_uring_setup, pidfd_getfd, pidfd_open, openat2; whatever sends a
    # signal (kill, tkill, tgkill,
    # rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal); namespaces and mounts (unshare, setns, mount,
    # umount2); keys, bpf, perf_event_open, userfaultfd; memory that outlives it (shmget, msgget, semget,
    # mq_open); and whatever makes, names, cuts, removes files or changes their owner, mode or marks.
    "x86_64": (
        0xC000003E,
        257,
        2,
        56,
        302,
        (57, 58, 307, 434, 234, 129, 297, 424, 272, 308, 165, 166, 248, 249, 250, 321, 298, 323)
        + (29, 64, 68, 240, 92, 93, 94, 260, 452, 188, 189, 190, 197, 198, 199)
        + (41, 42, 49, 44, 46, 53, 59, 322, 101, 310, 311, 425, 438, 437, 62, 200)
        + (76, 77, 82, 83, 84, 85, 86, 87, 88, 90, 91, 133, 258, 259, 263, 264, 265, 266, 268, 316),
    ),
    "aarch64": (
        0xC00000B7,
        56,
        None,
        220,
        261,
        (269, 434, 131, 138, 240, 424, 97, 268, 40, 39, 217, 218, 219, 280, 241, 282)
        + (194, 190, 186, 180, 54, 55, 452, 5, 6, 7, 14, 15, 16)
        + (198, 203, 200, 206, 211, 199, 221, 281, 117, 270, 271, 425, 438, 437, 129, 130)
        + (45, 46, 33, 34, 35, 36, 37, 38, 52, 53, 276),
    ),
}


class CannotConfine(Exception):
    """The kernel refuses to confine the process: no model may run in it."""


def confine(readable: Iterable[Path]) -> None:
    """Bound this process for good. `readable` may be read beside programs. Raises CannotConfine."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY_BYTES, MOST_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_CPU_S, MOST_CPU_S))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(19)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise CannotConfine
    _leave_to_read(
        libc, [*map(Path, _SYSTEM), Path(sys.prefix), Path(sys.base_prefix), _programs(), *readable]
    )
    program = _filter()
    held = ctypes.create_string_buffer(program, len(program))
    described = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(held))
    if libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, described, 0, 0):
        raise CannotConfine


def _programs() -> Path:
    return Path(__file__).resolve().parents[1]


def _filter() -> bytes:
    """Return the filter in the kernel's form: eight bytes a step."""
    try:
        arch, openat, open_, clone, prlimit, refused = _ARCHES[platform.machine()]
    except KeyError:
        raise CannotConfine from None
    steps = [(_LOAD, 0, 0, _ARCH_AT), (_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL), (_LOAD, 0, 0, _NUMBER_AT)]
    if open_ is not None:
        steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _REFUSE)]
    for number in refused:
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _REFUSE)]
    # Threads are made, processes are not; the C library asks again with clone where clone3 is not known.
    # Limits of its own are read, of another process not set.
    steps += [(_EQUAL, 0, 1, _CLONE3), (_RETURN, 0, 0, _NOT_KNOWN)]
    for number, test, wanted in ((clone, _ANY_BIT, _CLONE_THREAD), (prlimit, _EQUAL, 0)):
        steps += [
            (_EQUAL, 0, 4, number),
            (_LOAD, 0, 0, _ARGUMENTS_AT),
            (test, 1, 0, wanted),
            (_RETURN, 0, 0, _REFUSE),
            (_RETURN, 0, 0, _ALLOW),
        ]
    for number, argument in ((openat, 2), *(() if open_ is None else ((open_, 1),))):
        steps += [
            (_EQUAL, 0, 4, number),
            (_LOAD, 0, 0, _ARGUMENTS_AT + 8 * argument),
            (_ANY_BIT, 0, 1, _WRITES),
            (_RETURN, 0, 0, _REFUSE),
            (_RETURN, 0, 0, _ALLOW),
        ]
    steps.append((_RETURN, 0, 0, _ALLOW))
    return b"".join(struct.pack("HBBI", *step) for step in steps)


def _leave_to_read(libc: ctypes.CDLL, paths: Iterable[Path]) -> None:
    """Let nothing but these be read; does nothing on a kernel without Landlock."""
    execute, read_file, read_dir = 1, 1 << 2, 1 << 3
    handled = struct.pack("Q", read_file | read_dir | execute)
    rules = libc.syscall(444, handled, ctypes.c_size_t(len(handled)), 0)
    if rules < 0:
        return
    try:
        for path in paths:
            try:
                place = os.open(path, os.O_PATH)
            except OSError:
                continue  # no such folder on this machine
            try:
                allowed = read_file | execute | (read_dir if path.is_dir() else 0)
                if libc.syscall(445, rules, 1, struct.pack("=Qi", allowed, place), 0):
                    raise CannotConfine
            finally:
                os.close(place)
        if libc.syscall(446, rules, 0):
            raise CannotConfine
    finally:
        os.close(rules)
