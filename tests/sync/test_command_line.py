from __future__ import annotations

import os
import signal
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.command_line import (
    listen_option,
    note,
    print_json,
    refuse,
    refuse_what_is_there,
    stop_on_signals,
)


@click.command()
@listen_option("--listen", "127.0.0.1:8080", "Where.")
def listening(listen: tuple[str, int]) -> None:
    click.echo(repr(listen))


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:80", ("127.0.0.1", 80)),
        ("[::1]:8080", ("::1", 8080)),
        ("0.0.0.0:0", ("0.0.0.0", 0)),
        ("village.local:65535", ("village.local", 65535)),
    ],
)
def test_addresses(text: str, address: tuple[str, int]) -> None:
    assert CliRunner().invoke(listening, ["--listen", text]).output.strip() == repr(address)


@pytest.mark.parametrize("text", ["", "8080", ":8080", "a:", "a:x", "a:-1", "a:65536", "a:²", "a:1 ", "a:+1"])
def test_wrong_addresses_are_wrong_usage(text: str) -> None:
    result = CliRunner().invoke(listening, ["--listen", text])
    assert result.exit_code == 2
    assert "127.0.0.1:8080" in result.output


@settings(max_examples=40)
@given(st.text(max_size=12))
def test_any_text_is_an_address_or_wrong_usage(text: str) -> None:
    assert CliRunner().invoke(listening, [f"--listen={text}"]).exit_code in (0, 2)


def test_the_default_is_shown() -> None:
    assert "default: 127.0.0.1:8080" in CliRunner().invoke(listening, ["--help"]).output


def test_json_goes_to_standard_output_and_words_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"name": "Bu Sri ü"})
    note("reading")
    with pytest.raises(SystemExit) as exit_:
        refuse("the port is in use")
    out, err = capsys.readouterr()
    assert out == '{"name": "Bu Sri ü"}\n'
    assert err == "reading\nkentongan: the port is in use\n"
    assert exit_.value.code == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_set_the_event(number: signal.Signals) -> None:
    before = {n: signal.getsignal(n) for n in (signal.SIGTERM, signal.SIGINT)}
    try:
        stop = stop_on_signals()
        assert not stop.is_set()
        os.kill(os.getpid(), number)
        assert stop.wait(20)
    finally:
        for n, handler in before.items():
            signal.signal(n, handler)


@pytest.mark.parametrize(("name", "said"), [("one", "never written over"), ("x" * 300, "File name too long")])
def test_a_path_that_cannot_be_written_anew_is_one_line(
    name: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "one").touch()
    refuse_what_is_there(tmp_path / "two", "an export")
    with pytest.raises(SystemExit) as ended:
        refuse_what_is_there(tmp_path / name, "an export")
    assert ended.value.code == 1
    assert said in capsys.readouterr().err
