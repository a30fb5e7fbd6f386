"""`repair serve`: the server on this machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import click

from repair.addresses import LOCAL_NAMES, is_local
from repair.config import load_config, sent_to
from repair.errors import UnavailableError
from repair.options import with_settings
from repair.run import say


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8088, show_default=True, help="0 takes any free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--token", envvar="REPAIR_TOKEN", help="Ask for it: Authorization: Bearer TOKEN. Also REPAIR_TOKEN.")
@click.option("--no-auth", is_flag=True, help="Let anybody in who can reach a --host other than this machine.")
@click.option("--cors", multiple=True, metavar="ORIGIN", help="A web site that may call the server; repeat. * is all.")
@click.option("--max-body", type=click.IntRange(1), default=1_000_000, show_default=True, help="Bytes a request.")
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=300.0, show_default=True, help="Seconds.")
@click.option("--queue", type=click.IntRange(1), default=32, show_default=True, help="Requests inside at a time.")
@click.option("--no-drafts", is_flag=True, help="The page keeps nothing in its tab: a reload loses what was decided.")
@with_settings
def serve(
    port: int,
    host: str,
    token: str | None,
    no_auth: bool,
    cors: tuple[str, ...],
    max_body: int,
    timeout: float,
    queue: int,
    no_drafts: bool,
    config: Path | None,
    **options: Any,
) -> int:
    """Serve the editor's page, the JSON API and the LanguageTool API (/v2).

    Texts stay in memory while they are worked on and are neither stored nor logged. Ctrl-C or SIGTERM lets the
    requests that have begun finish; it writes nothing to disk, so killing it loses nothing there.
    """
    if not is_local(host) and not token and not no_auth:
        raise click.UsageError(f"--host {host} lets others in: give a --token, or say --no-auth")
    settings = load_config(config, os.environ, options)
    if address := sent_to(settings):
        say(f"sentences with flagged places are sent to {address}")
    try:
        from repair.serve.guard import Settings
        from repair.serve.server import run
    except ModuleNotFoundError as error:
        raise UnavailableError(f"the server needs {error.name}; run: pip install 'mt-repair[serve]'") from None
    # Under any other name a browser could have been led here by somebody else's page.
    hosts = (*LOCAL_NAMES, host.strip("[]").lower()) if is_local(host) and not token and not no_auth else ()
    allowed = Settings(
        token=token,
        origins=cors,
        hosts=hosts,
        max_body=max_body,
        timeout=timeout,
        queue=queue,
        drafts=not no_drafts,
    )
    run(settings, allowed, host, port)
    return 0
