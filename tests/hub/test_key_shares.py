"""Shares of hub.key: enough of them give it back, fewer or wrong ones say so without repeating a word."""

from __future__ import annotations

import datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from hub.key_file import HubSecrets
from hub.key_paper import draw_shares
from hub.key_shares import SHARE_WORDS, SharesRefused, combine, needed, split

HUB = HubSecrets(bytes(range(32)), b"\x02" * 32, b"\x03" * 32)


def test_any_two_of_three_give_the_secrets_back() -> None:
    shares = split(HUB, of=3, need=2)
    assert len(shares) == 3
    assert [len(share.split()) for share in shares] == [SHARE_WORDS[0]] * 3
    assert needed(shares[0]) == 2
    for first, second in ((0, 1), (2, 0), (1, 2)):
        assert combine([shares[first], shares[second]]) == HUB
    assert combine(shares) == HUB


def test_as_typed_with_numbers_capitals_and_lines() -> None:
    shares = split(HUB, of=2, need=2)
    typed = ["\n".join(f"{n}. {word.upper()}" for n, word in enumerate(s.split(), 1)) for s in shares]
    assert combine(typed) == HUB


def test_what_does_not_fit_is_refused_in_words_without_a_word_of_it() -> None:
    one, other = split(HUB, of=3, need=2), split(HUB, of=3, need=2)
    words = one[0].split()
    at = next(place for place in range(40, 80) if words[place] != words[place + 1])
    swapped = " ".join([*words[:at], words[at + 1], words[at], *words[at + 2 :]])
    # One word of the list may stand in a message by chance ("terminal" is one); two in a row do not.
    pairs = {" ".join(words[place : place + 2]) for place in range(len(words) - 1)}
    for shares, said in (
        ([], "give the shares"),
        ([one[0]], "2 different shares"),
        ([one[0], one[0]], "2 different shares"),
        ([one[0], other[1]], "different times"),
        ([one[0], " ".join(one[1].split()[:-1])], "83 words"),
        ([one[0], one[1].replace(one[1].split()[9], "pantun")], "share 2: word 10"),
        ([swapped, one[1]], "some word is wrong"),
    ):
        with pytest.raises(SharesRefused, match=said) as refused:
            combine(shares)
        assert not [pair for pair in pairs if pair in str(refused.value)]


@pytest.mark.parametrize(("of", "need"), [(1, 1), (3, 1), (2, 3), (17, 2)])
def test_numbers_that_make_no_sense_are_refused(of: int, need: int) -> None:
    with pytest.raises(SharesRefused, match="--need"):
        split(HUB, of=of, need=need)


def test_each_page_holds_one_share_and_what_restoring_needs() -> None:
    shares = split(HUB, of=3, need=2)
    paper = draw_shares(shares, need=2, fingerprint="1234 5678", printed_on=datetime.date(2026, 11, 26))
    pages = PdfReader(BytesIO(paper)).pages
    assert len(pages) == 3
    for number, (page, share) in enumerate(zip(pages, shares, strict=True), 1):
        text = page.extract_text()
        assert f"Bagian {number} dari 3" in text
        for needed_there in ("1234 5678", "26 November 2026", "hub key restore", "Perlu 2 bagian"):
            assert needed_there in text
        read = [line.split(". ")[1] for line in text.splitlines() if line.strip()[:2].strip(".").isdigit()]
        assert combine([" ".join(w for w in read if len(w.split()) == 1), shares[number % 3]]) == HUB
        assert shares[number % 3].split()[30:34] != share.split()[30:34]
