"""Models small enough to be written down, for the real engines: every weight is put in by hand.

The translation model's decoder looks, at each place, at the word of the sentence at the same place, and its
last layer turns that word into its translation. The language model says a fixed chain of words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

PLACES = 12
SHARP = 12.0


def _zero(layer: Any, out: int, into: int) -> None:
    layer.weight = np.zeros((out, into), np.float32)
    layer.bias = np.zeros(out, np.float32)


def _norm(layer: Any, width: int) -> None:
    layer.gamma = np.ones(width, np.float32)
    layer.beta = np.zeros(width, np.float32)


def _places(spec: Any, first: int, width: int) -> None:
    spec.scale_embeddings = False
    encodings = np.zeros((PLACES, width), np.float32)
    encodings[np.arange(PLACES), first + np.arange(PLACES)] = 1
    spec.position_encodings.encodings = encodings


def _silent(layer: Any, width: int) -> None:
    """Let a layer add nothing: its attention to itself and its two inner layers are zero."""
    _norm(layer.self_attention.layer_norm, width)
    _zero(layer.self_attention.linear[0], 3 * width, width)
    _zero(layer.self_attention.linear[1], width, width)
    _norm(layer.ffn.layer_norm, width)
    _zero(layer.ffn.linear_0, width, width)
    _zero(layer.ffn.linear_1, width, width)


def _embed(layer: Any, count: int, width: int) -> None:
    layer.weight = np.eye(count, width, dtype=np.float32)


def write_translator(folder: Path, words: Mapping[str, str]) -> None:
    """Write a model that translates word by word; what it was not told is unknown to it."""
    import ctranslate2

    source = ["<unk>", "<s>", "</s>", *words]
    target = ["<unk>", "<s>", "</s>", *dict.fromkeys(words.values())]
    words_wide = max(len(source), len(target))
    width = words_wide + PLACES
    spec = ctranslate2.specs.TransformerSpec.from_config((1, 1), 1, pre_norm=True)
    spec.config.add_source_eos = True
    spec.register_source_vocabulary(source)
    spec.register_target_vocabulary(target)
    for half, count in ((spec.encoder, len(source)), (spec.decoder, len(target))):
        _places(half, words_wide, width)
        _norm(half.layer_norm, width)
        _silent(half.layer[0], width)
        _embed(half.embeddings[0] if isinstance(half.embeddings, list) else half.embeddings, count, width)
    looks = spec.decoder.layer[0].attention
    _norm(looks.layer_norm, width)
    place = np.diag([0.0] * words_wide + [1.0] * PLACES).astype(np.float32)
    word = np.diag([1.0] * words_wide + [0.0] * PLACES).astype(np.float32)
    looks.linear[0].weight, looks.linear[0].bias = SHARP * place, np.zeros(width, np.float32)
    looks.linear[1].weight = np.concatenate([place, word])
    looks.linear[1].bias = np.zeros(2 * width, np.float32)
    # What it saw outweighs the word said last, which stands in the same dimensions.
    looks.linear[2].weight, looks.linear[2].bias = 4 * word, np.zeros(width, np.float32)
    last = np.zeros((len(target), width), np.float32)
    last[2, 2] = last[0, 0] = SHARP
    for said, meant in words.items():
        last[target.index(meant), source.index(said)] = SHARP
    spec.decoder.projection.weight, spec.decoder.projection.bias = last, np.zeros(len(target), np.float32)
    _save(spec, folder)


def write_language_model(folder: Path, prompt_words: Sequence[str], chain: Sequence[str]) -> None:
    """Write a language model that says `chain` after the last of `prompt_words`, and ends."""
    import ctranslate2

    vocabulary = ["<unk>", "<s>", "</s>", *dict.fromkeys([*prompt_words, *chain])]
    width = len(vocabulary) + PLACES
    spec = ctranslate2.specs.TransformerDecoderModelSpec.from_config(1, 1, pre_norm=True)
    spec.register_vocabulary(vocabulary)
    half = spec.decoder
    _norm(half.layer_norm, width)
    _silent(half.layer[0], width)
    _embed(half.embeddings, len(vocabulary), width)
    half.scale_embeddings = False
    half.position_encodings.encodings = np.zeros((64, width), np.float32)
    last = np.zeros((len(vocabulary), width), np.float32)
    for before, after in zip([prompt_words[-1], *chain], [*chain, "</s>"], strict=True):
        last[vocabulary.index(after), vocabulary.index(before)] = SHARP
    half.projection.weight, half.projection.bias = last, np.zeros(len(vocabulary), np.float32)
    _save(spec, folder)


def _save(spec: Any, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    spec.validate()
    spec.save(str(folder))
