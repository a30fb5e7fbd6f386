"""`repair setup`: put the base model into the cache, so that nothing is downloaded when a text is checked."""

from __future__ import annotations

import os
import sys

import click


@click.command()
@click.option("--force", is_flag=True, help="Fetch and convert it again.")
def setup(force: bool) -> int:
    """Fetch the base model (98 MB, once), check it and put it into the cache (REPAIR_HOME, or your cache directory)."""
    if not sys.stderr.isatty():
        os.environ.setdefault("TQDM_DISABLE", "1")  # the bar of the conversion is for people; read on tqdm's import
    from repair.lm.base import install

    click.echo(f"repair: the base model is in {install(force)}", err=True)
    return 0
