"""`repair lsp`: started by an editor, spoken to over standard input and output."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from repair.errors import UnavailableError
from repair.options import CONFIG, DESK, HOUSE, NO_MODEL, THRESHOLD


@click.command()
@click.option("--delay", type=click.FloatRange(0), default=0.5, show_default=True, help="Seconds without typing.")
@THRESHOLD
@HOUSE
@DESK
@NO_MODEL
@CONFIG
def lsp(delay: float, config: Path | None, **options: Any) -> int:
    """Serve an editor over standard input and output (Language Server Protocol).

    Settings come from the `repair.toml` of the folder that is open in the editor and hold as soon as it is saved.
    Texts are neither stored nor logged.
    """
    try:
        from repair.lsp.server import run
    except ModuleNotFoundError as error:
        raise UnavailableError(f"the language server needs {error.name}; run: pip install 'mt-repair[lsp]'") from None
    run(delay, config.resolve() if config else None, options)
    return 0
