"""Lessons: an aim, short screens, a story, three points to remember, and hints for the facilitator."""

from __future__ import annotations

from dataclasses import dataclass

from content.reading import Table


@dataclass(frozen=True)
class Screen:
    """One screen: a picture, a title and two to four short sentences."""

    icon: str
    title: str
    lines: tuple[str, ...]
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """A story of fictional people, and the question that the facilitator asks after it."""

    title: str
    people: tuple[str, ...]
    lines: tuple[str, ...]
    question: str


@dataclass(frozen=True)
class Lesson:
    """One lesson of a session."""

    key: str
    title: str
    aim: str
    icon: str
    minutes: int
    screens: tuple[Screen, ...]
    story: Story
    remember: tuple[str, ...]
    hints: tuple[str, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """Keys of all facts that the screens rest on, each once, in order: the lesson's sources."""
        return tuple(dict.fromkeys(key for screen in self.screens for key in screen.facts))

    @property
    def texts(self) -> tuple[str, ...]:
        """Every sentence that is read to people: what the reading level is measured on."""
        lines = [self.aim, *self.story.lines, self.story.question, *self.remember]
        return (*lines, *(line for screen in self.screens for line in screen.lines))


def read_lesson(table: Table) -> Lesson:
    """Return one lesson."""
    story = table.table("story")
    lesson = Lesson(
        key=table.key("key"),
        title=table.text("title"),
        aim=table.text("aim"),
        icon=table.key("icon"),
        minutes=table.number("minutes", 5, 90),
        screens=tuple(_screen(entry) for entry in table.tables("screens", 5, 9)),
        story=Story(
            story.text("title"),
            story.texts("people", 1, 6),
            story.texts("lines", 4, 12),
            story.text("question"),
        ),
        remember=table.texts("remember", 3, 3),
        hints=table.texts("hints", 2, 8),
    )
    story.end()
    table.end()
    return lesson


def _screen(table: Table) -> Screen:
    screen = Screen(table.key("icon"), table.text("title"), table.texts("lines", 2, 4), table.keys("facts"))
    table.end()
    return screen
