"""Commands that documents quote are taken by the real parser, and quoted help is what the program prints."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from click.testing import CliRunner
from documents import ROOT, documents, help_blocks, name_of, quoted_commands

from kentongan import main

_OPEN = re.compile(r"[\[\]{}|]|\.\.\.")
"""What stands for several things: such a line is looked through, not parsed."""


def problem_of(line: str) -> str | None:
    """Return what is wrong with a command line, or None."""
    words = words_of(line)[1:]
    command: click.Command = main
    context = click.Context(main, info_name="kentongan")
    while words and isinstance(command, click.Group) and not words[0].startswith(("-", "[", "{", ".")):
        found = command.get_command(context, words[0])
        if found is None:
            return f"no command {words[0]}"
        command, words = found, words[1:]
        context = click.Context(command, parent=context, info_name=command.name)
    options = {
        option for parameter in command.params for option in (*parameter.opts, *parameter.secondary_opts)
    }
    for word in words:
        name = re.match(r"\[?(--[a-z-]+)", word)
        if name and name[1] not in options | {"--help", "--version"}:
            return f"no option {name[1]}"
    return None if _OPEN.search(line) else parsed(command, context, words)


def words_of(line: str) -> list[str]:
    """Return the words of a line as a shell sees them, without what stands behind a #."""
    line = re.sub(r"\s(?:#|\\$).*$", "", line)
    try:
        return shlex.split(line)
    except ValueError:  # an apostrophe
        return line.split()


def parsed(command: click.Command, context: click.Context, words: list[str]) -> str | None:
    """Return what the parser says of the words, or None. A line may leave arguments out."""
    try:
        _, rest, _ = command.make_parser(context).parse_args(list(words))
    except click.UsageError as error:
        return error.format_message()
    too_many = bool(rest) and not isinstance(command, click.Group)
    return f"too many words: {rest}" if too_many else None


def test_commands_that_are_quoted_are_taken() -> None:
    quoted = list(quoted_commands("kentongan "))
    assert len(quoted) > 20
    assert [f"{where}: {line}: {problem}" for where, line in quoted if (problem := problem_of(line))] == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("kentongan node serve DIR --listen HOST:PORT", None),
        ("kentongan nod serve DIR", "no command nod"),
        ("kentongan hub user remove DIR", "no command remove"),
        ("kentongan node serve DIR --lisen HOST:PORT", "no option --lisen"),
        ("kentongan node sync DIR [--oncee]", "no option --oncee"),
        ("kentongan node serve DIR --listen", "Option '--listen' requires an argument."),
        ("kentongan node serve DIR OTHER", "too many words: ['OTHER']"),
    ],
)
def test_a_wrong_command_would_be_seen(line: str, problem: str | None) -> None:
    assert problem_of(line) == problem


def script_problem(line: str) -> str | None:
    """Return what is wrong with a quoted command of scripts/, or None: it is there and knows the options."""
    words = words_of(line)
    path = ROOT / words[0]
    if not path.is_file():
        return f"no {words[0]}"
    text = path.read_text("utf-8")
    passed_on = {"scripts/demo": ROOT / "demo_command.py"}.get(words[0])
    known = text + (passed_on.read_text("utf-8") if passed_on else "")
    options = [match[0] for word in words[1:] if (match := re.match(r"--(?!help$)[a-z-]+", word))]
    # An option stands in quotes where it is declared, and bare in what a shell script looks for.
    shell = "bash" in text.partition("\n")[0] and passed_on is None
    form = r"{}\b" if shell else r"[\"']{}[\"'/]"
    return next((f"no option {one}" for one in options if not re.search(form.format(one), known)), None)


def test_scripts_that_are_quoted_are_there_and_know_their_options() -> None:
    quoted = [(where, line) for where, line in quoted_commands("scripts/") if not line.endswith("/")]
    assert len(quoted) > 20
    assert [f"{where}: {line}: {p}" for where, line in quoted if (p := script_problem(line))] == []
    assert script_problem("scripts/install-node --enrolments FILE") == "no option --enrolments"
    assert script_problem("scripts/nothing") == "no scripts/nothing"


def help_of(command: str) -> str:
    """Return what a command prints with --help at 80 columns."""
    done = CliRunner().invoke(
        main, [*command.split()[1:], "--help"], prog_name="kentongan", terminal_width=80
    )
    return done.output


def wrong_help(text: str) -> list[str]:
    """Return the commands whose quoted help is not what they print."""
    return [command for command, quoted in help_blocks(text) if quoted.strip() != help_of(command).strip()]


def test_quoted_help_is_what_the_program_prints() -> None:
    wrong = {name_of(one): wrong_help(one.read_text("utf-8")) for one in documents()}
    assert {name: commands for name, commands in wrong.items() if commands} == {}


def test_help_that_has_changed_would_be_seen() -> None:
    block = f"```help kentongan hub dpia\n{help_of('kentongan hub dpia')}```\n"
    assert block.startswith("```help kentongan hub dpia\nUsage: kentongan hub dpia [OPTIONS] DIR")
    assert wrong_help(block) == []
    assert wrong_help(block.replace("--html", "--pdf")) == ["kentongan hub dpia"]
