"""The language of a conversation, and what others can see of it."""

from __future__ import annotations

from bots.dialogue.contract import Button, Forget, Input, Pressed, Reply, State, Turn
from bots.dialogue.scene import Scene, rows
from bots.texts import BY_TAG, LANGUAGES, N_

WHICH = N_("Bahasa lain")
CHANGED = N_("Bahasa percakapan ini:")
NOT_REVIEWED = N_("Terjemahan ini belum diperiksa penutur asli.")
WARNING = N_(
    "Sebelum mulai: percakapan dengan bot di Telegram tidak terkunci dari ujung ke ujung. "
    "Telegram bisa melihat nomor Anda dan isi pesan. Orang yang memegang HP Anda juga. "
    "Kami tidak mencatat nomor atau nama akun Anda. "
    "Kalau itu berbahaya bagi Anda, lapor lewat kotak desa atau lewat orang yang Anda percaya."
)
"""Said once at the beginning of each conversation over Telegram."""
MORE = N_(
    "Laporan dikunci begitu tersimpan; hanya petugas di kantor imigrasi yang bisa membukanya. "
    "Percakapan yang belum selesai dilupakan sesudah beberapa waktu. "
    "Sesudah selesai, hapus percakapan ini di HP Anda."
)
DELETE = N_("Hapus percakapan ini")
SUBSCRIPTIONS = N_(
    "Hanya kalau Anda meminta pengumuman, alamat percakapan ini disimpan di hub, terkunci, "
    "sampai Anda menulis /berhenti."
)


class LanguageDialogue:
    """Lets somebody choose a language."""

    def ask(self, scene: Scene) -> Reply:
        """Return the languages by their own names."""
        return Reply(scene.say(WHICH), rows([Button(f"lang:{one.tag}", one.name) for one in LANGUAGES], 2))

    def hear(self, scene: Scene, heard: Input) -> Turn | None:
        """Return None: a language is chosen wherever its button stands."""
        return None


def language_words(scene: Scene) -> str:
    """Return in which language the conversation goes on, and whether a native speaker has read it."""
    language = BY_TAG[scene.state.language]
    note = "" if language.reviewed else f"\n{scene.say(NOT_REVIEWED)}"
    return f"{scene.say(CHANGED)} {language.name}{note}"


class PrivacyDialogue:
    """Says who can see what, and forgets on request."""

    def ask(self, scene: Scene) -> Reply:
        """Return what Telegram and others can see."""
        more = f"{scene.say(MORE)} {scene.say(SUBSCRIPTIONS)}" if scene.room.subscribes else scene.say(MORE)
        return Reply(f"{scene.say(WARNING)}\n\n{more}", ((scene.button("forget", DELETE),),))

    def hear(self, scene: Scene, heard: Input) -> Turn | None:
        """Return the wish to forget all of this conversation."""
        if heard != Pressed("forget"):
            return None
        return Turn(State(language=scene.state.language), wishes=(Forget(),))
