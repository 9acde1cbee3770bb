"""`kentongan bot ...`: the bots that people write to."""

from __future__ import annotations

import click

from sync.command_line import LazyGroup

COMMANDS = {
    "telegram": ("bots.telegram.commands:telegram", "Serve a bot on Telegram."),
    "token": ("bots.telegram.commands:token", "Keep the token of a Telegram bot."),
    "sms": ("bots.sms.commands:sms", "Serve people by SMS through a GSM modem."),
    "talk": ("bots.talk_command:talk", "Talk with the dialogues here, a line in, replies out."),
    "doctor": ("bots.telegram.commands:doctor", "What is wrong with a bot, and what to do."),
}


@click.group(cls=LazyGroup, commands_at=COMMANDS)
def bot() -> None:
    """The bots: Telegram and SMS, beside a box that takes the reports."""
