"""The protobuf modules come without the package around them, and do not stand in its way."""

from __future__ import annotations

import subprocess
import sys


def run(program: str) -> str:
    """Run a program in a fresh interpreter, since this one may have loaded anything already."""
    done = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_nothing_else_of_the_package_is_loaded() -> None:
    loaded = run(
        "import sys, firmware_bridge.meshtastic_radio\n"
        "print([n for n in ('meshtastic', 'requests', 'pubsub', 'serial', 'tabulate') if n in sys.modules])"
    )
    assert loaded.strip() == "[]"


def test_memory_stays_small() -> None:
    # All of the radio: interpreter 11 MB, protobuf 5, the messages 2, ours the rest. The package: 36 MB.
    resident_kb = run(
        "import firmware_bridge.meshtastic_radio\n"
        "print(open('/proc/self/status').read().split('VmRSS:')[1].split()[0])"
    )
    assert int(resident_kb) < 30_000


def test_a_real_import_still_works_afterwards_and_shares_the_message_classes() -> None:
    out = run(
        "from firmware_bridge.meshtastic_protobufs import mesh_pb2 as ours\n"
        "import meshtastic.tcp_interface\n"
        "theirs = meshtastic.protobuf.mesh_pb2\n"
        "packet = theirs.ToRadio()\n"
        "packet.packet.CopyFrom(ours.MeshPacket(id=5))\n"
        "print(meshtastic.BROADCAST_NUM, packet.packet.id, ours.ToRadio is theirs.ToRadio)"
    )
    assert out.strip() == "4294967295 5 True"


def test_the_package_may_be_loaded_first() -> None:
    out = run(
        "import meshtastic.tcp_interface, meshtastic\n"
        "from firmware_bridge.meshtastic_protobufs import mesh_pb2 as ours\n"
        "print(ours is meshtastic.mesh_pb2, meshtastic.tcp_interface.TCPInterface.__name__)"
    )
    assert out.strip() == "True TCPInterface"
