"""The report form as pages of one question each: what follows what, and how far somebody is.

A short chain comes first (what, how urgent, the story, officials). After it stands a list from which the
report can be sent at once, or more can be told, part by part. Pages are named in the body of a POST only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from werkzeug.datastructures import MultiDict

from village_node.web.questions import INDICATOR_GROUPS, QUESTIONS, ChoiceGroup, Question

Typed = MultiDict[str, str]
LIST = "list"
"""The page from which a report is sent or extended."""


@dataclass(frozen=True)
class Step:
    """One page: its name in the form, what it asks, and a heading where that is not the question itself."""

    name: str
    fields: tuple[str, ...] = ()
    heading: str = ""
    group: ChoiceGroup | None = None
    """The part of a long list of checkboxes that this page asks."""

    @property
    def questions(self) -> tuple[Question, ...]:
        """What this page asks."""
        return tuple(QUESTIONS[field] for field in self.fields)

    @property
    def one_tap(self) -> Question | None:
        """The question, where a tap on one large button answers it and goes on."""
        if len(self.fields) == 1 and QUESTIONS[self.fields[0]].tiles:
            return QUESTIONS[self.fields[0]]
        return None

    @property
    def picks_area(self) -> bool:
        """Whether a tap on one area of a list answers it."""
        return self.fields == ("place",)

    def sends(self, field: str, value: str) -> bool:
        """Whether the visible inputs of this page send this answer again, so that no hidden one must."""
        if (
            self.one_tap is not None
            or self.picks_area
            or not any(field in (q.field, q.other_field) for q in self.questions)
        ):
            return False
        return self.group is None or any(choice.value == value for choice in self.group.choices)


@dataclass(frozen=True)
class Chain:
    """Pages that follow each other, as one part of the report."""

    title: str
    icon: str
    steps: tuple[Step, ...]

    def is_answered(self, typed: Typed) -> bool:
        """Whether anything in this part was answered."""
        names = [name for step in self.steps for q in step.questions for name in (q.field, q.other_field)]
        return any(text.strip() for name in names for text in typed.getlist(name))


FIRST = Chain(
    "Laporan",
    "report",
    (
        Step("kind", ("kind",)),
        Step("urgency", ("urgency",)),
        Step("emergency"),
        Step("story", ("narrative",)),
        Step("official", ("official_involved",)),
    ),
)
MORE = (
    Chain(
        "Di mana dan kapan",
        "where",
        (
            Step("place", ("place",)),
            Step("spot", ("place_text",)),
            Step("day", ("observed_on",)),
        ),
    ),
    Chain(
        "Tanda-tanda",
        "signs",
        tuple(
            Step(f"signs-{number}", ("indicators",), group.heading, group)
            for number, group in enumerate(INDICATOR_GROUPS, start=1)
        ),
    ),
    Chain(
        "Orang yang mengajak",
        "recruiter",
        (
            Step("name", ("recruiter.name", "recruiter.alias"), "Siapa orang itu?"),
            Step("phone", ("recruiter.phone",)),
            Step("company", ("recruiter.company",)),
            Step("licence", ("recruiter.licence_shown",)),
            Step("social", ("recruiter.social",)),
            Step("plate", ("recruiter.vehicle_plate",)),
        ),
    ),
    Chain(
        "Kerja yang dijanjikan",
        "offer",
        (
            Step("job", ("offer.job",)),
            Step("destination", ("offer.destination",)),
            Step("departure", ("offer.departure_on",)),
            Step("route", ("offer.route",)),
            Step("money", ("offer.wage_idr", "offer.fee_idr"), "Uang"),
        ),
    ),
    Chain(
        "Siapa yang diajak",
        "people",
        (Step("people", ("people.women", "people.men", "people.children"), "Berapa orang yang diajak?"),),
    ),
    Chain(
        "Cara menghubungi Anda",
        "phone",
        (
            Step("relation", ("reporter.relation",)),
            Step("contact", ("reporter.contact",)),
            Step("safely", ("reporter.contact_safely",)),
            Step("refer", ("reporter.refer",)),
            Step("tongue", ("language",)),
        ),
    ),
)
STEPS: Mapping[str, Step] = MappingProxyType(
    {step.name: step for chain in (FIRST, *MORE) for step in chain.steps}
)


def _chain_of(step: Step) -> Chain:
    return next(chain for chain in (FIRST, *MORE) if step in chain.steps)


def _pages(chain: Chain, typed: Typed) -> list[Step]:
    """The pages of a chain that this report needs: telephone numbers only where there is danger now."""
    is_urgent = typed.get("urgency") == "now"
    return [step for step in chain.steps if step.name != "emergency" or is_urgent]


def after(step: Step, typed: Typed) -> Step | None:
    """Return the page that follows, or None for the list."""
    pages = _pages(_chain_of(step), typed)
    place = chain_place(step, typed)
    return pages[place] if place < len(pages) else None


def before(step: Step, typed: Typed) -> Step | None:
    """Return the page before, or None: the way out for the first page, else the list."""
    place = chain_place(step, typed)
    return _pages(_chain_of(step), typed)[place - 2] if place > 1 else None


def last_step(typed: Typed) -> Step:
    """Return the page before the list."""
    return _pages(FIRST, typed)[-1]


def chain_place(step: Step, typed: Typed) -> int:
    """Return which page of its chain this is, from 1."""
    pages = _pages(_chain_of(step), typed)
    return pages.index(step) + 1 if step in pages else 1


@dataclass(frozen=True)
class Progress:
    """How far somebody is: the part of the report, the page in it, and how many there are."""

    title: str
    place: int
    of: int


def progress(step: Step, typed: Typed) -> Progress:
    """Return how far this page is in its chain."""
    chain = _chain_of(step)
    return Progress(chain.title, chain_place(step, typed), len(_pages(chain, typed)))


def is_first(step: Step) -> bool:
    """Whether this is the page with which a report begins."""
    return step is FIRST.steps[0]


def is_in_first_chain(step: Step) -> bool:
    """Whether the list was not reached yet when this page is first seen."""
    return step in FIRST.steps
