"""The one command line of Kentongan: `kentongan {node,hub,radio,demo} ...`."""

from __future__ import annotations

import importlib
import sys

import click

COMMANDS = {
    "demo": ("demonstration:demo", "A village, a hub and an emulated radio link on this machine."),
    "node": ("village_node.cli:node", "The node in a village."),
    "hub": ("hub.cli:hub", "The regional hub."),
    "radio": ("firmware_bridge.cli:radio", "Radios: ports, set-up, ping, and the device emulator."),
}
"""Sub-command -> where it lives and its help line. A command is imported only when it is called, so that a
village node does not load the hub."""


class LazyGroup(click.Group):
    """A group that imports a sub-command when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one sub-command."""
        if cmd_name not in COMMANDS:
            return None
        module_name, _, attribute = COMMANDS[cmd_name][0].partition(":")
        command: click.Command = getattr(importlib.import_module(module_name), attribute)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=LazyGroup)
@click.version_option(package_name="kentongan")
def main() -> None:
    """Report trafficking in persons from a village without internet, and answer from the hub."""


if __name__ == "__main__":
    sys.exit(main())
