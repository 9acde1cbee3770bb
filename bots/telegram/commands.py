"""`kentongan bot token`, `kentongan bot telegram` and `kentongan bot doctor`."""

from __future__ import annotations

import asyncio
import re
import secrets
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import click

from sync.command_line import listen_option, print_json, refuse

if TYPE_CHECKING:
    from bots.telegram.serving import TelegramBot

DIR = click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
INSTALL = "the bot needs a library that is not installed: pip install 'kentongan[bots]'"


def _no_library() -> NoReturn:
    refuse(INSTALL)


@click.command()
@DIR
def token(folder: Path) -> None:
    """Read the token of @BotFather from standard input and keep it in DIR. Each village's bot has its own."""
    try:
        from bots.telegram.folder import FolderUnusable, keep_token
    except ImportError:
        _no_library()
    try:
        keep_token(folder, sys.stdin.readline())
    except FolderUnusable as error:
        refuse(str(error))
    print_json({"kept": True})


def _webhook_url(_context: click.Context, _option: click.Parameter, url: str | None) -> str | None:
    if url is None:
        return None
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment:
        raise click.BadParameter("Telegram posts to an address such as https://bot.example")
    return url


def _bot_name(_context: click.Context, _option: click.Parameter, name: str) -> str:
    if name and not re.fullmatch("@[A-Za-z][A-Za-z0-9_]{4,31}", name):
        raise click.BadParameter("a bot's name looks like @KentonganNTBBot")
    return name


@click.command()
@DIR
@click.option(
    "--node",
    required=True,
    metavar="NODE",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The folder of the box that takes the reports; its kentongan node serve must run.",
)
@click.option(
    "--village",
    default=None,
    metavar="CODE",
    help="Area code of the village whose bot it is; default: the box's.",
)
@click.option(
    "--at-hub", is_flag=True, help="The box stands at the hub: people are told that the hub took it."
)
@click.option("--abroad", is_flag=True, help="It also serves workers abroad and their families.")
@click.option(
    "--shared",
    is_flag=True,
    help="A box in the village and a relay box at the hub serve it by turns, which the hub lends.",
)
@click.option(
    "--hub",
    default=None,
    metavar="HUB",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="It is the own bot of the hub in this folder: it takes subscriptions and posts bulletins.",
)
@click.option(
    "--hub-bot", default="", metavar="@NAME", callback=_bot_name, help="The hub's own bot, to point to."
)
@click.option(
    "--webhook",
    metavar="URL",
    callback=_webhook_url,
    help="Let Telegram post to https://... instead of polling.",
)
@listen_option("--listen", "127.0.0.1:8443", "Where the webhook listens, behind a proxy.")
@click.option("--api", "api_url", default=None, hidden=True)
def telegram(
    folder: Path,
    node: Path,
    village: str | None,
    at_hub: bool,
    abroad: bool,
    shared: bool,
    hub: Path | None,
    hub_bot: str,
    webhook: str | None,
    listen: tuple[str, int],
    api_url: str | None,
) -> None:
    """Serve a bot on Telegram. Prints one JSON line when it is ready."""
    try:
        from bots.telegram.application import API_URL
        from bots.telegram.folder import FolderUnusable
        from bots.telegram.polling import Revoked
        from bots.wiring import TelegramConfig, make_telegram_bot
    except ImportError:
        _no_library()
    from sync.clock import SystemClock
    from sync.serving import CannotListen

    if hub is not None and shared:
        refuse("a shared bot is a village's: only the hub's own bot, with its own token, takes subscriptions")
    config = TelegramConfig(
        folder=folder,
        node=node,
        village=village,
        at_hub=at_hub,
        abroad=abroad,
        shared=shared,
        hub=hub,
        hub_bot=hub_bot,
        webhook=None if webhook is None else (webhook, listen),
        api_url=api_url or API_URL,
        long_poll_s=0 if api_url else 25,
    )
    try:
        asyncio.run(_served(make_telegram_bot(config, SystemClock(), lambda: secrets.token_urlsafe(16))))
    except (FolderUnusable, CannotListen) as error:
        refuse(str(error))
    except Revoked:
        refuse("Telegram does not know the token: give a new one of @BotFather to kentongan bot token DIR")


async def _served(bot: TelegramBot) -> None:
    task = asyncio.create_task(bot.serve(lambda url: print_json({"bot": "ready", "url": url})))
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, task.cancel)
    try:
        with suppress(asyncio.CancelledError):
            await task
    finally:
        await bot.close()


@click.command()
@DIR
def doctor(folder: Path) -> None:
    """Look for what is wrong with the bot of DIR and say what to do. Exit 1 when something needs a person."""
    from bots.sms.doctor import examine as examine_sms
    from bots.sms.doctor import is_sms_folder

    if is_sms_folder(folder):
        examine = examine_sms
    else:
        try:
            from bots.telegram.doctor import examine
        except ImportError:
            _no_library()
    from sync.clock import SystemClock

    findings = examine(folder, SystemClock().wall_s())
    for finding in findings:
        print_json(finding)
    sys.exit(1 if any(not finding["ok"] for finding in findings) else 0)
