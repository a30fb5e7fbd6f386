"""Settings: defaults < repair.toml < environment < command line. An unknown key is an error, never ignored.

Every setting is one field below. In `repair.toml` it is a key (`threshold = 0.9`, or `words = [...]` under
`[ignore]`), in the environment a variable (`REPAIR_THRESHOLD`, `REPAIR_IGNORE_WORDS=one,two`).
Paths in a file are relative to that file, all others to the current directory.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from operator import attrgetter
from pathlib import Path
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, Struct

from repair.addresses import Address, read_address
from repair.errors import ConfigError, closest
from repair.registry import CORRECTORS, DETECTORS

FILE = "repair.toml"
PREFIX = "REPAIR_"
# Where models and data sets lie, secrets, and tracebacks of crashes: no settings of a run.
KEY = "REPAIR_CORRECTOR_KEY"  # for the server of `corrector.url`
OTHER_VARIABLES = frozenset({"REPAIR_HOME", "REPAIR_DATA", "REPAIR_TOKEN", "REPAIR_DEBUG", KEY})

# The description is what an error message says the value must be.
Texts = Annotated[tuple[str, ...], Meta(description="a list of texts")]
Flag = Annotated[bool, Meta(description="true or false")]
File = Annotated[Path | None, Meta(description="a path")]
ModelName = Annotated[str | None, Meta(description="a folder or a name on the model hub")]
Folder = Annotated[str | None, Meta(description="a folder")]
Url = Annotated[str | None, Meta(description="an http or https address")]
Probability = Annotated[float, Meta(ge=0, le=1)]


class Ignore(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, dict=True):
    """What is never reported.

    `words` hold in any letter case, `names` exactly as written; a finding is dropped where its whole text is one.
    `patterns` are regular expressions (Python's `re`): a finding inside a match in its
    line is dropped. `rules` are sources
    (`rules/doubled-word`) or whole detectors (`lexicon`).
    """

    words: Texts = ()
    names: Texts = ()
    patterns: Annotated[tuple[str, ...], Meta(description="a list of regular expressions")] = ()
    rules: Texts = ()

    @cached_property
    def compiled(self) -> tuple[re.Pattern[str], ...]:
        """The patterns, compiled once. Raises ConfigError for one that is not a regular expression."""
        return _compile(self.patterns)


class LanguageTool(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where LanguageTool is: a folder, a running server, or the library's own download where that is allowed."""

    path: File = None
    server: Url = None
    download: Flag = False


class Served(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A server whose model proposes wordings, by the address of its OpenAI-compatible API; None: there is none.

    `model` is the name to ask for, None the first that is served. With an address that is not on this machine sentences
    leave it, so that it has to be allowed. `timeout` is in seconds, for one request; `requests` are the most for one
    reading of a text. A key comes from the environment alone (`REPAIR_CORRECTOR_KEY`).
    """

    url: Url = None
    model: Annotated[str | None, Meta(description="the name of a model that the server has")] = None
    allow_remote: Flag = False
    timeout: Annotated[Annotated[float, Meta(gt=0)], Meta(description="a number of seconds above 0")] = 60.0
    requests: Annotated[Annotated[int, Meta(ge=1)], Meta(description="a whole number from 1")] = 20


class Config(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All settings of a run. `load_config` checks every value; building one by hand does not.

    `house` is the file of house rules, `desk` the one in it whose rules hold too.
    `threshold` is the probability in [0, 1] from which a finding is reported, None the calibrated default. `model` is
    an encoder-decoder checkpoint for the corrector (folder or hub name), None the shipped one; `detector_model` is a
    detector with a base of its own (the same); `base` is the folder of the base model, None the cache or installed
    package. `threads` None takes the cores that are free.
    """

    detectors: Annotated[
        tuple[str, ...],
        Meta(description=f"a list of detectors ({', '.join(DETECTORS)})", extra={"choices": tuple(DETECTORS)}),
    ] = ("rules", "lexicon", "lm")
    threshold: Annotated[Probability | None, Meta(description="a number from 0 to 1")] = None
    apply_at: Annotated[Literal["safe", "review"], Meta(description="safe or review")] = "safe"
    fail_on: Annotated[Literal["minor", "major", "critical"], Meta(description="minor, major or critical")] = "minor"
    house_style: File = None
    house: File = None
    desk: Annotated[str | None, Meta(description="the name of a desk in the house rules")] = None
    no_model: Flag = False
    model: ModelName = None
    detector_model: ModelName = None
    base: Folder = None
    device: Annotated[str, Meta(pattern=r"^(auto|cpu|mps|cuda(:\d+)?)$", description="auto, cpu, cuda or mps")] = "auto"
    dtype: Annotated[
        Literal["auto", "float32", "bfloat16", "float16", "int8"],
        Meta(description="auto, float32, bfloat16, float16 or int8"),
    ] = "auto"
    threads: Annotated[Annotated[int, Meta(ge=1)] | None, Meta(description="a whole number from 1")] = None
    ignore: Ignore = Ignore()
    languagetool: LanguageTool = LanguageTool()
    corrector: Served = Served()


GROUPS: dict[str, Any] = {"ignore": Ignore, "languagetool": LanguageTool, "corrector": Served}


def load_config(
    path: Path | None = None,
    environ: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Config:
    """The settings of a run.

    `path` is the file to read; None takes the nearest `repair.toml` from the current directory upwards, if any.
    `environ` holds environment variables (None: none are read). `overrides` come from the command line or the
    caller, keyed by field (`threshold`, `ignore.words`); a None there means "not given".

    Raises ConfigError, in one line, for an unreadable file, an unknown key or a wrong value.
    """
    values: dict[str, Any] = {}
    path = path or find_file(Path.cwd())
    if path is not None:
        values |= _from_file(path)
    values |= _from_environment(environ or {})
    for key, value in (overrides or {}).items():
        key = "corrector.url" if key == "corrector" else key  # the option's short name
        if value is not None:
            values[key] = _convert(_known(key, "options"), value, f"option {key}", strict=True)
    return _build(values)


def find_file(start: Path) -> Path | None:
    """The nearest `repair.toml` in `start` or a folder above it."""
    return next((f for folder in (start, *start.parents) if (f := folder / FILE).is_file()), None)


@dataclass(frozen=True)
class _Field:
    type: Any
    description: str
    choices: tuple[str, ...] = ()

    @property
    def is_list(self) -> bool:
        return self.description.startswith("a list")


@cache
def _fields() -> dict[str, _Field]:
    """Every setting by its dotted key."""
    result = {}
    groups: dict[str, Any] = {"": Config} | {f"{name}.": kind for name, kind in GROUPS.items()}
    for prefix, struct in groups.items():
        for name, hint in get_type_hints(struct, include_extras=True).items():
            if f"{name}." not in groups and hasattr(hint, "__metadata__"):
                description = hint.__metadata__[-1].description
                result[prefix + name] = _Field(hint, description, _choices(hint))
    return result


def _choices(hint: Any) -> tuple[str, ...]:
    """The names that a type allows, one or a list of them; empty where it allows any text."""
    if get_origin(hint) is Literal:
        return get_args(hint)
    if isinstance(hint, Meta):
        return tuple((hint.extra or {}).get("choices", ()))
    return next((found for part in get_args(hint) if (found := _choices(part))), ())


def _from_file(path: Path) -> dict[str, Any]:
    try:
        table = tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot read the configuration: {error.strerror}") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{path}: not UTF-8; save the configuration as UTF-8 text") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not valid TOML: {error}") from None
    values = {}
    for key, value in _flatten(table, str(path)):
        converted = _convert(_known(key, str(path)), value, f"{path}: {key}", strict=True)
        values[key] = _relative_to(path.parent, key, converted)
    return values


def _flatten(table: Mapping[str, Any], origin: str) -> Iterator[tuple[str, Any]]:
    groups = {key.partition(".")[0] for key in _fields() if "." in key}
    for key, value in table.items():
        if key not in groups:
            yield key, value
        elif isinstance(value, dict):
            yield from ((f"{key}.{inner}", item) for inner, item in value.items())
        else:
            raise ConfigError(f"{origin}: {key} must be a table, written as [{key}], not {value!r}")


def _from_environment(environ: Mapping[str, str]) -> dict[str, Any]:
    by_variable = {PREFIX + key.replace(".", "_").upper(): key for key in _fields()}
    values = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX) or variable in OTHER_VARIABLES or not text:
            continue
        if variable not in by_variable:
            meant = _did_you_mean(variable, {*by_variable, *OTHER_VARIABLES})
            raise ConfigError(f"environment: unknown variable {variable}{meant}")
        key = by_variable[variable]
        value = _split(key, text) if _fields()[key].is_list else text
        values[key] = _relative_to(Path.cwd(), key, _convert(key, value, variable, strict=False))
    return values


def _split(key: str, text: str) -> list[str]:
    # A comma may belong to a regular expression, so a variable holds just one.
    return [text] if key == "ignore.patterns" else [part.strip() for part in text.split(",") if part.strip()]


def _known(key: str, origin: str) -> str:
    if key not in _fields():
        raise ConfigError(f"{origin}: unknown key {key}{_did_you_mean(key, _fields())}")
    return key


def _convert(key: str, value: Any, subject: str, *, strict: bool) -> Any:
    field = _fields()[key]
    try:
        converted = msgspec.convert(value, field.type, strict=strict, dec_hook=_path_hook)
    except msgspec.ValidationError:
        raise _wrong(field, value, subject) from None
    if field.is_list and field.choices and not set(converted) <= set(field.choices):
        raise _wrong(field, value, subject)
    if key == "ignore.patterns":
        _compile(converted, subject)
    if key == "languagetool.server" and converted is not None and not re.match(r"https?://", converted):
        raise _wrong(field, value, subject)
    if key == "corrector.url" and converted is not None:
        _address(converted, subject)
    return converted


def _address(url: str, subject: str = "corrector.url") -> Address:
    """The address. Raises ConfigError, which does not show it, where it is none or holds a secret."""
    try:
        return read_address(url)
    except ValueError as error:
        raise ConfigError(
            f"{subject} must be an http or https address such as http://localhost:8000/v1 ({error})"
        ) from None


def served_at(settings: Served) -> Address | None:
    """The address of the server that is to propose wordings; None without one. Raises ConfigError where it is none, or
    another machine that was not allowed.
    """
    if settings.url is None:
        return None
    address = _address(settings.url)
    if not address.local and not settings.allow_remote:
        raise ConfigError(
            f"corrector: {address} is not on this machine, and sentences would be sent there; "
            "to allow it set allow_remote = true under [corrector]"
        )
    return address


def sent_to(config: Config) -> Address | None:
    """The other machine that sentences of texts are sent to; None where none leave this one."""
    address = served_at(config.corrector)
    reads = "lm" in config.detectors and not config.no_model
    return address if address and reads and not address.local else None


def corrector_name(config: Config) -> str:
    """The one of CORRECTORS that the settings ask for. Raises ConfigError where they ask for two.

    >>> corrector_name(Config()), corrector_name(Config(model="t5"))
    ('infilling', 'rewriting')
    """
    asked = {name: key for name, (_, key) in CORRECTORS.items() if key and attrgetter(key)(config) is not None}
    if len(asked) > 1:
        raise ConfigError(f"{' and '.join(asked.values())} name two correctors; leave one of them out")
    return next(iter(asked), next(name for name, (_, key) in CORRECTORS.items() if not key))


def _wrong(field: _Field, value: Any, subject: str) -> ConfigError:
    listed = value if isinstance(value, list | tuple) else (value,)
    unknown = [item for item in listed if item not in field.choices] if field.choices else []
    hint = _did_you_mean(str(unknown[0]), field.choices) if unknown else ""
    shown = repr(unknown[0] if unknown else value)
    return ConfigError(f"{subject} must be {field.description}, not {shown[:80]}{hint}")


def _path_hook(kind: type, value: Any) -> Any:
    if kind is Path and isinstance(value, str | Path) and str(value):
        return Path(value)
    raise ValueError("not a path")


def _relative_to(folder: Path, key: str, value: Any) -> Any:
    if isinstance(value, Path):
        return folder / value.expanduser()
    if key == "base" and value is not None:
        return str(folder / Path(value).expanduser())
    if key in ("model", "detector_model") and value is not None:
        # A hub name looks like a relative path: it is one only where it says so or the folder is there.
        beside = folder / Path(value).expanduser()
        return str(beside) if value.startswith((".", "~")) or beside.is_dir() else value
    return value


def _compile(patterns: Iterable[str], subject: str = "ignore.patterns") -> tuple[re.Pattern[str], ...]:
    compiled = []
    for pattern in patterns:
        try:
            compiled.append(re.compile(pattern))
        except (re.error, RecursionError, OverflowError) as error:
            raise ConfigError(f"{subject}: not a regular expression: {pattern!r} ({error})") from None
    return tuple(compiled)


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    meant = closest(word, known)
    return f"; did you mean {meant}?" if meant else ""


def _build(values: Mapping[str, Any]) -> Config:
    groups: dict[str, dict[str, Any]] = {name: {} for name in ("", *GROUPS)}
    for key, value in values.items():
        group, _, name = key.rpartition(".")
        groups[group][name] = value
    config = Config(**groups[""], **{name: kind(**groups[name]) for name, kind in GROUPS.items()})
    served_at(config.corrector)
    corrector_name(config)
    return config
