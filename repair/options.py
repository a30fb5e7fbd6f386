"""What the arguments of the commands have in common: names that are checked, and options that several of them take."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

from repair import registry
from repair.errors import closest, hint

FILE = click.Path(path_type=Path, dir_okay=False)


class Name(click.Choice[str]):
    """One of a few names. For any other the message says which may have been meant."""

    def get_invalid_choice_message(self, value: Any, ctx: click.Context | None) -> str:
        meant = closest(str(value), self.choices)
        return f"{value!r} is not one of {', '.join(self.choices)}" + (f"; did you mean {meant}?" if meant else "")


class Commands(click.Group):
    """A group of commands. For an unknown one the message says which may have been meant."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args[0] not in known:
            raise click.UsageError(f"no command {args[0]!r}; {hint(args[0], known)}", ctx)
        return super().resolve_command(ctx, args)


def split_names(context: click.Context, parameter: click.Parameter, value: str | None) -> list[str] | None:
    """The names in `rules, lexicon`; whether they exist is for `load_config` to say."""
    return None if value is None else [name.strip() for name in value.split(",") if name.strip()]


THRESHOLD = click.option("--threshold", type=float, metavar="0..1", help="Report from this probability on.")
DETECTORS = click.option(
    "--detectors", metavar="A,B", callback=split_names, help=f"Of {', '.join(registry.DETECTORS)}."
)
HOUSE_STYLE = click.option("--house-style", metavar="FILE", help="How names and abbreviations are to be written.")
HOUSE = click.option("--house", metavar="FILE", help="House rules: terms, and names never to touch (house.toml).")
DESK = click.option("--desk", metavar="NAME", help="The desk whose house rules hold too.")
NO_MODEL = click.option("--no-model", is_flag=True, default=None, help="Rules and lexicon only; loads no model.")
MODEL = click.option("--model", metavar="NAME", help="An encoder-decoder corrector: a folder, or a hub name to fetch.")
DETECTOR_MODEL = click.option("--detector-model", metavar="NAME", help="A larger detector: folder or cached hub name.")
CORRECTOR = click.option("--corrector", metavar="URL", help="Ask a model server (OpenAI-compatible) for wordings.")
CONFIG = click.option("--config", type=click.Path(path_type=Path), metavar="FILE", help="Instead of repair.toml.")
SETTINGS = (THRESHOLD, DETECTORS, HOUSE_STYLE, HOUSE, DESK, NO_MODEL, MODEL, DETECTOR_MODEL, CORRECTOR, CONFIG)
APPLY_AT = click.option(
    "--apply-at", type=Name(["safe", "review"]), help="Least safety to apply at. Default: safe. Review: no mere ideas."
)


def decorated(command: Callable[..., int], options: Sequence[Callable[..., Any]]) -> Callable[..., int]:
    """The command with these arguments and options, in this order in its help."""
    for option in reversed(options):
        command = option(command)
    return command


def with_settings(command: Callable[..., int]) -> Callable[..., int]:
    """The settings of `repair.config` that every command takes which reads texts."""
    return decorated(command, SETTINGS)
