"""How the commands' help is laid out: options by what they are for, commands by who needs them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import click

# Of options by name; what is in no group comes last, under "Other".
OPTIONS = {
    "What comes out": ("format_name", "diff", "in_place", "output", "tracked_changes", "word_scores"),
    "What counts": ("source", "threshold", "detectors", "no_model", "apply_at", "gate", "fail_on", "exit_zero"),
    "Other models": ("model", "detector_model", "corrector"),
    "A newsroom's own rules": ("house", "desk", "house_style", "baseline", "write_baseline", "config"),
    "Speed": ("server",),
    "Texts in JSON Lines": ("jsonl", "text_field", "id_field", "source_field"),
}
COMMANDS = {
    "Texts": ("check", "fix", "setup"),
    "Editors": ("serve", "lsp"),
    "Archives": ("batch", "ledger"),
    "Quality": ("rules", "score", "licences"),
}

WIDEST = 28  # columns; a longer name has a line of its own
Row = tuple[str, str]


class GroupedCommand(click.Command):
    """A command whose options are listed in groups."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        rows = {option.name or "": row for option in options if (row := option.get_help_record(ctx))}
        write(formatter, OPTIONS, rows)


def write(formatter: click.HelpFormatter, groups: Mapping[str, Sequence[str]], rows: Mapping[str, Row]) -> None:
    """A section for each group that has rows, all in one column."""
    width = max((len(name) for name, _ in rows.values() if len(name) <= WIDEST), default=0)
    for title, names in [*groups.items(), ("Other", rest(groups.values(), rows))]:
        mine = [rows[name] for name in names if name in rows]
        if mine:
            with formatter.section(title):
                formatter.write_dl([(name.ljust(width), text) for name, text in mine])


def rest(groups: Iterable[Sequence[str]], rows: Mapping[str, Row]) -> list[str]:
    """The names that are in no group.

    >>> rest([("format",), ("diff",)], {"diff": ("--diff", ""), "help": ("--help", "")})
    ['help']
    """
    grouped = {name for names in groups for name in names}
    return [name for name in rows if name not in grouped]
