"""Numbers and places of help by what somebody needs, each with its source."""

from __future__ import annotations

from bots.dialogue.contract import Input, Pressed, Reply, Turn
from bots.dialogue.emergency_numbers import numbers_text
from bots.dialogue.scene import Scene, rows
from bots.texts import N_
from content.help_lines import HelpLine

NAME = "help"
GROUPS = (
    (N_("Ada bahaya sekarang"), ("danger", "police")),
    (N_("Perempuan dan anak"), ("women_children",)),
    (N_("Pekerja migran"), ("migrant",)),
    (N_("Di luar negeri"), ("abroad",)),
    (N_("Hukum, saksi dan korban"), ("witness", "legal")),
    (N_("Sakit atau luka"), ("health",)),
    (N_("Takut, sedih, sulit tidur"), ("psychological",)),
    (N_("Kantor dan pengaduan"), ("local", "complaint")),
)
"""Heading, and the kinds of help below it: every kind of the material once."""
COMMANDS = N_("Ketik /mulai untuk daftar, /batal untuk berhenti, /bantuan untuk nomor bantuan.")
SOURCE = N_("Sumber:")
NOT_CHECKED = N_("Belum kami periksa")


class HelpDialogue:
    """Shows places of help."""

    def ask(self, scene: Scene) -> Reply:
        """Return the numbers for danger, and the groups of the others."""
        buttons = [
            scene.button(f"group:{n}", heading)
            for n, (heading, kinds) in enumerate(GROUPS)
            if _lines(scene, kinds)
        ]
        return Reply(f"{numbers_text(scene)}\n\n{scene.say(COMMANDS)}", rows(buttons, 2))

    def hear(self, scene: Scene, heard: Input) -> Turn | None:
        """Return the places of a group."""
        if not isinstance(heard, Pressed):
            return None
        word, _, number = heard.value.partition(":")
        if word != "group" or not number.isdecimal() or int(number) >= len(GROUPS):
            return None
        heading, kinds = GROUPS[int(number)]
        lines = [scene.say(heading), ""]
        for line in _lines(scene, kinds):
            lines += [*_words(scene, line), ""]
        return scene.turn(Reply("\n".join(lines).strip(), self.ask(scene).buttons))


def _lines(scene: Scene, kinds: tuple[str, ...]) -> list[HelpLine]:
    return [line for line in scene.catalogue.help_lines.values() if line.kind in kinds]


def _words(scene: Scene, line: HelpLine) -> list[str]:
    how = "SMS " if line.by == "sms" else ""
    words = [f"{line.who}: {how}{line.number}" if line.number else line.who, line.note]
    if line.whatsapp and line.whatsapp not in line.note:
        words.append(f"WhatsApp: {line.whatsapp}")
    if not line.verified:
        words.append(f"? {scene.say(NOT_CHECKED)}")
    old = f"{line.old} " if line.old and line.is_old(scene.room.today) else ""
    return [*words, f"{old}{scene.say(SOURCE)} {line.cited}"]
