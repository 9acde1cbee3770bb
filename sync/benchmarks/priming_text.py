"""The text that the models were primed with, in their order, so that other codecs get the same.

It lies in `content/priming`; `scripts/make-text-models` reads the same files. What comes last is remembered
best: words, sentences, then reports.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from sync.records import Report, check_report

_WORDS_A_LINE = 20
_LAST = "part-c.jsonl"  # modelled on people's own words


class PrimingMissing(LookupError):
    """This installation came without the priming text."""


@dataclass(frozen=True)
class PrimingText:
    """Lines of words and sentences, then reports."""

    lines: tuple[str, ...]
    reports: tuple[Report, ...]

    def seen(self, reports: Sequence[Report]) -> int:
        """Return how many of these tell, word for word, what one of the priming reports tells."""
        known = {_hash(report) for report in self.reports}
        return sum(_hash(report) in known for report in reports)


def _hash(report: Report) -> bytes:
    words = " ".join(report.narrative.casefold().split())
    return hashlib.sha256(words.encode("utf-8", "surrogatepass")).digest()


def report_files() -> list[Traversable]:
    """Return the files of reports in the order of priming; raise PrimingMissing."""
    content = _content()
    parts = {
        file.name: file for file in content.joinpath("priming").iterdir() if file.name.endswith(".jsonl")
    }
    before = [parts[name] for name in sorted(parts) if name != _LAST]
    return [*before, content.joinpath("samples", "reports.jsonl"), parts[_LAST]]


def _content() -> Traversable:
    try:
        content = resources.files("content")
        if content.joinpath("priming", "words.txt").is_file():
            return content
    except ModuleNotFoundError:
        pass
    raise PrimingMissing("content/priming is not part of this installation: run in a checkout")


def load_priming() -> PrimingText:
    """Return the priming text; raise PrimingMissing where it was not installed."""
    text = _content().joinpath("priming", "words.txt").read_text(encoding="utf-8")
    words = [line for line in text.splitlines() if not line.startswith("#")]
    words.reverse()
    lines = [" ".join(words[at : at + _WORDS_A_LINE]) for at in range(0, len(words), _WORDS_A_LINE)]
    sentences = resources.files("sync.wire").joinpath("dictionary-1.txt").read_text(encoding="utf-8")
    lines += [line.strip() for line in sentences.splitlines()]
    reports = [
        check_report(json.loads(line)["report"])
        for file in report_files()
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    return PrimingText(tuple(lines), tuple(reports))
