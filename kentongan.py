"""The one command line of Kentongan: `kentongan {node,hub,radio,modem,content,bench,demo} ...`."""

from __future__ import annotations

import sys

import click

from sync.command_line import LazyGroup

COMMANDS = {
    "demo": ("demo_command:demo", "A village, a hub and an emulated radio link on this machine."),
    "node": ("village_node.cli:node", "The node in a village."),
    "hub": ("hub.cli:hub", "The regional hub."),
    "bench": ("sync.benchmarks.cli:bench", "Measurements: airtime of reports, beside other codecs."),
    "bot": ("bots.cli:bot", "The bots: Telegram and SMS, beside a node."),
    "radio": ("firmware_bridge.cli:radio", "Radios: ports, set-up, ping, and the device emulator."),
    "modem": ("firmware_bridge.modem_cli:modem", "GSM modems for SMS: doctor, send, and a modem emulator."),
    "content": ("content_commands:content", "Lessons, quizzes, rules and numbers: check, sign, verify."),
}
"""Sub-command -> where it lives and its help line. A command is imported only when it is called, so that a
village node does not load the hub."""


@click.group(cls=LazyGroup, commands_at=COMMANDS)
@click.version_option(package_name="kentongan")
def main() -> None:
    """Report trafficking in persons from a village without internet, and answer from the hub."""


if __name__ == "__main__":
    sys.exit(main())
