"""The models that the operator put on this hub: a folder each in `models/` of the hub's folder, with a
manifest.

The manifest (`kentongan.json`) says what a model is for and holds the SHA-256 of each of its files. They are
compared each time before the model runs, so that a damaged or changed one never does.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final

from hub.machine_reading.services import KINDS, SPEECH, SUMMARY, TRANSLATION, NoModel

MANIFEST: Final = "kentongan.json"
MOST_BYTES: Final = 8 * 2**30
MOST_FILES: Final = 1000
NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
LANGUAGE: Final = re.compile(r"[a-z]{2,3}")
LIBRARIES: Final = {TRANSLATION: "translate", SPEECH: "speech", SUMMARY: "translate"}
"""Which extra of setup.cfg runs a kind."""
ABSENT: Final = {
    TRANSLATION: "no model for translation: switched off",
    SPEECH: "no model for speech: switched off",
    SUMMARY: "no language model for summaries: switched off",
}
_PIECE: Final = 2**20


class BadModel(ValueError):
    """What was given is no model, or not as its manifest says; the text says what is allowed."""


@dataclass(frozen=True)
class Model:
    """What a manifest says. `files` are SHA-256 by path; `prompt` has {text}, for summaries alone.

    `from_language` is the language of the text or the sound; summaries are in it, too.
    """

    name: str
    kind: str
    from_language: str
    to_language: str
    licence: str
    dated: str
    files: dict[str, str]
    prompt: str = ""


class Shelf:
    """The folder of models. What does not read as one is told by `problems`, never run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def models(self) -> list[Model]:
        """Return the models whose manifests read well, by name."""
        return [found for path in self._places() if isinstance(found := self._read(path), Model)]

    def problems(self) -> dict[str, str]:
        """Return what is wrong, by the name of the folder; reads every file of every model."""
        found = {}
        for path in self._places():
            read = self._read(path)
            told = read if isinstance(read, str) else self.problem(read)
            if told is not None:
                found[path.name] = told
        return found

    def path_of(self, model: Model) -> Path:
        """Return the folder of a model."""
        return self.folder / model.name

    def find(self, kind: str, language: str | None) -> Model:
        """Return the model of a kind for a language, any language where None; raise NoModel."""
        fit = [one for one in self.models() if one.kind == kind and language in (None, one.from_language)]
        if not fit:
            raise NoModel(f"{ABSENT[kind]}, put one into {self.folder}: kentongan hub models add")
        return max(fit, key=lambda model: (model.dated, model.name))

    def problem(self, model: Model) -> str | None:
        """Return how the files of a model differ from its manifest, None when they do not."""
        try:
            there = _sums(self.path_of(model))
        except BadModel as bad:
            return str(bad)
        if there == model.files:
            return None
        changed = sorted(set(there.items()) ^ set(model.files.items()))
        return f"{changed[0][0]} is not the file that was added: add the model again"

    def add(self, source: Path, told: dict[str, str]) -> Model:
        """Take a model in: a folder, or a package of Argos Translate (.argosmodel); raise BadModel.

        `told` holds name, kind, from, to, licence, dated and prompt; what an Argos package says itself may
        be left out.
        """
        self.folder.mkdir(mode=0o700, exist_ok=True)
        new = self.folder / ".adding"
        shutil.rmtree(new, ignore_errors=True)
        try:
            if source.is_dir():
                _check_tree(source)
                shutil.copytree(source, new)
            else:
                _unpack(source, new)
            told = {**_argos(new), **{key: value for key, value in told.items() if value}}
            model = _checked({**told, "files": _sums(new)})
            if self.path_of(model).exists():
                raise BadModel(f"a model {model.name} is there: remove its folder first, or give --name")
            (new / MANIFEST).write_text(json.dumps(_told(model), indent=1), "utf-8")
            new.rename(self.path_of(model))
            return model
        finally:
            shutil.rmtree(new, ignore_errors=True)

    def _places(self) -> list[Path]:
        if not self.folder.is_dir():
            return []
        return sorted(
            path for path in self.folder.iterdir() if path.is_dir() and not path.name.startswith(".")
        )

    def _read(self, path: Path) -> Model | str:
        try:
            told = json.loads((path / MANIFEST).read_text("utf-8"))
            model = _checked(told)
        except BadModel as bad:
            return str(bad)
        except (OSError, ValueError):
            return f"no {MANIFEST} that can be read: add it with kentongan hub models add"
        return model if model.name == path.name else f"the folder must be named {model.name}"


def _told(model: Model) -> dict[str, Any]:
    told = asdict(model)
    return {**told, "from": told.pop("from_language"), "to": told.pop("to_language")}


def _checked(told: Any) -> Model:
    if not isinstance(told, dict):
        raise BadModel("the manifest is no object")
    files = told.get("files")
    texts = {key: told.get(key, "") for key in ("name", "kind", "from", "to", "licence", "dated", "prompt")}
    if not isinstance(files, dict) or not all(
        isinstance(value, str) for value in (*texts.values(), *files.values())
    ):
        raise BadModel("the manifest holds texts, and the sums of its files")
    if not NAME.fullmatch(texts["name"]):
        raise BadModel("a name is 1 to 64 of a-z, 0-9, dot, hyphen and underscore: give --name")
    if texts["kind"] not in KINDS:
        raise BadModel(f"a kind is one of {', '.join(KINDS)}: give --kind")
    if not LANGUAGE.fullmatch(texts["from"]) or not LANGUAGE.fullmatch(texts["to"] or texts["from"]):
        raise BadModel("a language is 2 or 3 letters, such as id or jv: give --from and --to")
    if not texts["licence"] or not re.fullmatch(r"\d{4}(-\d\d){0,2}", texts["dated"]):
        raise BadModel("give --licence, such as MIT, and --dated, such as 2026-11")
    if texts["kind"] == SUMMARY and "{text}" not in texts["prompt"]:
        raise BadModel("a language model needs --prompt with {text} in it")
    if not files:
        raise BadModel("there is no file in it")
    to = texts["to"] or texts["from"]
    return Model(
        texts["name"],
        texts["kind"],
        texts["from"],
        to,
        texts["licence"],
        texts["dated"],
        files,
        texts["prompt"],
    )


def _sums(folder: Path) -> dict[str, str]:
    _check_tree(folder)
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != MANIFEST:
            total = hashlib.sha256()
            with path.open("rb") as file:
                while piece := file.read(_PIECE):
                    total.update(piece)
            found[path.relative_to(folder).as_posix()] = total.hexdigest()
    return found


def _check_tree(folder: Path) -> None:
    paths = list(folder.rglob("*"))
    if any(path.is_symlink() or not (path.is_file() or path.is_dir()) for path in (folder, *paths)):
        raise BadModel("a model holds plain files and folders, no links")
    if len(paths) > MOST_FILES or sum(path.stat().st_size for path in paths if path.is_file()) > MOST_BYTES:
        raise BadModel(f"a model has at most {MOST_FILES} files and {MOST_BYTES // 2**30} GiB")


def _unpack(source: Path, new: Path) -> None:
    """Unpack a zip; the one folder that an Argos package has at its top is left out."""
    try:
        with zipfile.ZipFile(source) as package:
            infos = [info for info in package.infolist() if not info.is_dir()]
            if len(infos) > MOST_FILES or sum(info.file_size for info in infos) > MOST_BYTES:
                raise BadModel(f"a model has at most {MOST_FILES} files and {MOST_BYTES // 2**30} GiB")
            for info in infos:
                parts = PurePosixPath(info.filename).parts
                if info.filename.startswith("/") or ".." in parts or "\\" in info.filename:
                    raise BadModel("a file of the package lies outside of it")
                target = new.joinpath(*(parts[1:] or parts))
                target.parent.mkdir(parents=True, exist_ok=True)
                with package.open(info) as packed, target.open("xb") as file:
                    shutil.copyfileobj(packed, file, _PIECE)
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise BadModel("give a folder, or a package of Argos Translate (.argosmodel)") from error


def _argos(folder: Path) -> dict[str, str]:
    try:
        told = json.loads((folder / "metadata.json").read_text("utf-8"))
        languages = {"from": str(told["from_code"]), "to": str(told["to_code"])}
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    version = re.sub(r"[^0-9.]", "", str(told.get("package_version", "")))
    name = f"argos-{languages['from']}-{languages['to']}-{version}".rstrip("-")
    return {**languages, "name": name, "kind": TRANSLATION}
