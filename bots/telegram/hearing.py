"""What an update of Telegram is to us: parts in order, or a reason why it is nothing."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

from telegram import CallbackQuery, Location, Message, PhotoSize, Update
from telegram.constants import ChatType

DEGREE = 100_000
ALLOWED_UPDATES = ("message", "edited_message", "callback_query", "my_chat_member")
"""All that Telegram is asked for; anything else that comes is passed over."""
PICTURE_TYPES = ("image/jpeg", "image/png", "image/webp", "image/heic", "image/heif")


@dataclass(frozen=True, repr=False)
class Words:
    """A text, or what was written under a picture."""

    text: str


@dataclass(frozen=True, repr=False)
class Press:
    """A button: its value, its words, and the message that it stands under with that message's text."""

    value: str
    label: str
    message_id: int | None
    text: str
    query_id: str


@dataclass(frozen=True, repr=False)
class Offered:
    """A file that may be fetched. `size` in bytes as Telegram says, None where it does not."""

    file_id: str
    media: Literal["picture", "sound"]
    size: int | None


@dataclass(frozen=True, repr=False)
class Place:
    """A position, shared on purpose; `name` where somebody picked a place on the map, a venue."""

    lat_e5: int
    lon_e5: int
    name: str = ""


class Odd(enum.Enum):
    """What cannot be heard, and is answered with words."""

    KIND = "kind"
    EDITED = "edited"
    FORWARDED_PLACE = "forwarded"
    """A position that was forwarded: of somebody else, or of another time."""
    LIVE = "live"
    """Beside the first position of one that moves along."""


Part = Words | Press | Offered | Place | Odd


class Elsewhere(enum.Enum):
    """Why an update is none of a private chat."""

    GROUP = "group"
    CHANNEL = "channel"
    OTHER = "other"
    """A type that was not asked for, or one about no chat."""
    LEFT = "left"
    """Somebody has stopped the bot, or started it again."""


@dataclass(frozen=True, repr=False)
class Heard:
    """One update. `chat` is None where `elsewhere` says why; for groups it is the group, to leave it."""

    chat: int | None
    parts: tuple[Part, ...] = ()
    message_id: int | None = None
    elsewhere: Elsewhere | None = None


def hear(update: Update) -> Heard:
    """Return what an update is. Never raises for an update that python-telegram-bot could read."""
    chat = update.effective_chat
    if chat is None:
        return Heard(None, elsewhere=Elsewhere.OTHER)
    if chat.type != ChatType.PRIVATE:
        channel = chat.type == ChatType.CHANNEL
        return Heard(chat.id, elsewhere=Elsewhere.CHANNEL if channel else Elsewhere.GROUP)
    if update.my_chat_member is not None:
        return Heard(chat.id, elsewhere=Elsewhere.LEFT)
    sender = update.effective_user
    if sender is not None and sender.is_bot:
        return Heard(None, elsewhere=Elsewhere.OTHER)  # two bots would talk for ever
    if update.callback_query is not None:
        return Heard(chat.id, (_press(update.callback_query),))
    if update.edited_message is not None:
        # A position that moves along is told as edits of its message: only the first one counts.
        moving = update.edited_message.location is not None
        return Heard(chat.id, () if moving else (Odd.EDITED,), update.edited_message.message_id)
    if update.message is not None:
        return Heard(chat.id, _parts(update.message), update.message.message_id)
    return Heard(None, elsewhere=Elsewhere.OTHER)


def _press(query: CallbackQuery) -> Press:
    message = query.message
    value = query.data or ""
    if not isinstance(message, Message):
        return Press(value, "", None if message is None else message.message_id, "", query.id)
    keyboard = message.reply_markup.inline_keyboard if message.reply_markup is not None else ()
    labels = [button.text for row in keyboard for button in row if button.callback_data == value]
    return Press(value, labels[0] if labels else "", message.message_id, message.text or "", query.id)


def _parts(message: Message) -> tuple[Part, ...]:
    if message.text is not None:
        return (Words(message.text),)
    if message.location is not None:
        return _place(message, message.location)
    offered = _offered(message)
    if offered is not None:
        return (offered, Words(message.caption)) if message.caption else (offered,)
    if _of_the_chat(message):
        return ()
    # A film or a PDF is not taken, what somebody wrote under it is.
    return (Odd.KIND, Words(message.caption)) if message.caption else (Odd.KIND,)


def _place(message: Message, location: Location) -> tuple[Part, ...]:
    if message.forward_origin is not None:
        return (Odd.FORWARDED_PLACE,)
    lat, lon = round(location.latitude * DEGREE), round(location.longitude * DEGREE)
    venue = message.venue  # Telegram gives its position as `location` too
    if venue is not None:
        named = (venue.title, venue.address)
        return (Place(lat, lon, ", ".join(one for one in named if one) or "?"),)
    place = Place(lat, lon)
    return (place, Odd.LIVE) if location.live_period else (place,)


def _of_the_chat(message: Message) -> bool:
    """Whether it tells something about the chat and nobody sent it."""
    return any(
        (message.pinned_message, message.message_auto_delete_timer_changed, message.write_access_allowed)
    )


def _offered(message: Message) -> Offered | None:
    if message.photo:
        best: PhotoSize = max(message.photo, key=lambda size: size.width * size.height)
        return Offered(best.file_id, "picture", best.file_size)
    sound = message.voice or message.audio
    if sound is not None:
        return Offered(sound.file_id, "sound", sound.file_size)
    document = message.document
    if document is not None:
        kind = (document.mime_type or "").lower()
        if kind in PICTURE_TYPES:
            return Offered(document.file_id, "picture", document.file_size)
        if kind.startswith("audio/"):
            return Offered(document.file_id, "sound", document.file_size)
    return None
