"""Dialogues for every chat: `talk` is pure, (state, input, room) in, a turn out."""

from bots.dialogue.routing import talk

__all__ = ["talk"]
