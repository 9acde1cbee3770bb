"""Shows, carries out or takes back a list of steps; says each in a line."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from box.machine import Failed, Machine
from box.steps import Enabled, Step

Say = Callable[[str], None]


def say(text: str) -> None:
    """Write a line to standard error."""
    print(text, file=sys.stderr, flush=True)


def show(steps: Sequence[Step], machine: Machine, tell: Say = say) -> int:
    """Say what would be done, and change nothing; return how many steps are left."""
    left = [step for step in steps if not step.done(machine)]
    for step in steps:
        tell(f"  {'would do' if step in left else 'is so   '}  {step.says}")
    tell(f"{len(left)} of {len(steps)} steps would change something; nothing was changed")
    return len(left)


def carry_out(steps: Sequence[Step], machine: Machine, tell: Say = say) -> int:
    """Do what is not done yet; return how many steps changed something. Raises `box.machine.Failed`, with the
    step before the reason; what was done stays, and the next run goes on from there."""
    machine.need_rights()
    changed = 0
    units = [step for step in steps if isinstance(step, Enabled)]
    for number, step in enumerate(steps, 1):
        if step.done(machine):
            continue
        tell(f"  {number}/{len(steps)}  {step.says} ...")
        try:
            step.do(machine)
        except (Failed, OSError) as error:
            reason = error.strerror or str(error) if isinstance(error, OSError) else str(error)
            raise Failed(f"{step.says}: {reason}") from error
        changed += 1
    if changed and machine.runs:
        machine.run(["systemctl", "daemon-reload"])
        for unit in units:
            if unit.starts:
                machine.run(["systemctl", "restart", unit.unit])
    tell(f"{changed} of {len(steps)} steps changed something")
    return changed


def take_back(steps: Sequence[Step], machine: Machine, tell: Say = say, *, only_says: bool = False) -> None:
    """Undo all steps, the last first; `only_says` which, and change nothing. Reports, keys and Debian's
    packages stay. Raises `box.machine.Failed`."""
    if only_says:
        for step in reversed(steps):
            tell(f"  would take back, where it is there:  {step.says}")
        tell("nothing was changed; keys, reports and Debian's packages would stay")
        return
    machine.need_rights()
    for step in reversed(steps):
        step.undo(machine)
    if machine.runs:
        machine.run(["systemctl", "daemon-reload"])
    tell("taken back; /var/lib/kentongan with keys and reports stays, and so do Debian's packages")
