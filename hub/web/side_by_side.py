"""Two reports beside each other, field by field. Who reported stays on the report's own page."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from hub.web.report_words import REPORTER_SECTION, report_sections
from sync.records import Report


@dataclass(frozen=True)
class ComparedLine:
    """One field of both reports as HTML; None where one does not say it."""

    label: str
    one: Markup | None
    other: Markup | None

    @property
    def agree(self) -> bool:
        """Whether both say the same."""
        return self.one is not None and self.one == self.other


def compared(one: Report, other: Report) -> tuple[ComparedLine, ...]:
    """Return every field that at least one of the two says, in the order of the report's page."""
    ours, theirs = _lines(one), _lines(other)
    labels = dict.fromkeys([*ours, *theirs])
    order = {label: at for at, label in enumerate(_lines_in_order(one, other))}
    return tuple(
        ComparedLine(label[1], ours.get(label), theirs.get(label))
        for label in sorted(labels, key=lambda label: order[label])
    )


def _lines(report: Report) -> dict[tuple[str, str], Markup]:
    return {
        (section.title, line.label): line.value
        for section in report_sections(report)
        if section.title != REPORTER_SECTION
        for line in section.lines
    }


def _lines_in_order(one: Report, other: Report) -> list[tuple[str, str]]:
    """Return the labels of both; a section's lines stay together, those of the first before others."""
    sections: dict[str, dict[str, None]] = {}
    for report in (one, other):
        for section, label in _lines(report):
            sections.setdefault(section, {})[label] = None
    return [(section, label) for section, labels in sections.items() for label in labels]
