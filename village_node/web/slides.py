"""A lesson as slides for a projector: few words each, in the order in which they are told. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from content.lessons import Lesson

STORY_LINES = 3
"""Of one slide: what the back row still reads."""


@dataclass(frozen=True)
class Slide:
    """One screen. `note` is for the facilitator alone; `facts` are keys of the register."""

    icon: str
    title: str
    lines: tuple[str, ...]
    note: str = ""
    facts: tuple[str, ...] = ()


def slides_of(lesson: Lesson) -> tuple[Slide, ...]:
    """Return the title, the screens, the story with its question, and what to remember."""
    story = lesson.story
    parts = [story.lines[at : at + STORY_LINES] for at in range(0, len(story.lines), STORY_LINES)]
    people = ", ".join(story.people)
    return (
        Slide(lesson.icon, lesson.title, (lesson.aim,), f"Pelajaran ini kira-kira {lesson.minutes} menit."),
        *(Slide(screen.icon, screen.title, screen.lines, facts=screen.facts) for screen in lesson.screens),
        *(
            Slide("speech", story.title, lines, f"Cerita {n} dari {len(parts)}. Orangnya rekaan: {people}.")
            for n, lines in enumerate(parts, start=1)
        ),
        Slide("question", story.question, (), "Beri waktu. Beberapa orang menjawab. Jangan minta nama."),
        Slide("star", "Ingat tiga hal", lesson.remember, "Baca bersama-sama dengan suara keras."),
    )
