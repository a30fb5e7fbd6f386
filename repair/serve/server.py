"""uvicorn with our application: one process, one model."""

from __future__ import annotations

import errno
import socket

import uvicorn

from repair.config import Config
from repair.errors import OutputError
from repair.pipeline import Repairer
from repair.run import say
from repair.serve.app import build
from repair.serve.connections import Patient
from repair.serve.guard import Settings
from repair.serve.metrics import Metrics
from repair.serve.work import Queue

KEEP_ALIVE = 30  # seconds: longer than a client is sent away for, which would meet a closed connection
TAKEN = (errno.EADDRINUSE, errno.EACCES)  # another port of the same host may be free
LAST_ANSWERS = 5  # seconds beyond the time limit of a request, to write what is finished


def make(config: Config, settings: Settings) -> tuple[uvicorn.Server, Queue]:
    """A server that is ready to run, and the queue in it, which loads the model once the server runs."""
    metrics = Metrics()
    repairer = Repairer(config)
    repairer.verify()  # mistakes in the settings are told before the address is
    queue = Queue(repairer, settings.queue, metrics.texts.inc)
    server = uvicorn.Server(
        uvicorn.Config(
            build(queue, settings, metrics),
            http=Patient,
            access_log=False,  # its lines hold query strings
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=KEEP_ALIVE,
            timeout_graceful_shutdown=int(settings.timeout) + LAST_ANSWERS,
        )
    )
    return server, queue


def run(config: Config, settings: Settings, host: str, port: int) -> None:
    """Serve until a signal comes, then finish what was begun.

    Raises OutputError where the address cannot be had, and where nothing can be loaded what the queue failed with.
    """
    server, queue = make(config, settings)

    def give_up() -> None:
        server.should_exit = True

    def tell_notes() -> None:
        for note in queue.notes:
            say(note)

    queue.failed, queue.loaded = give_up, tell_notes
    with listen(host, port) as listening:
        address, chosen = listening.getsockname()[:2]
        shown = f"[{address}]" if ":" in address else address
        say(f"open http://{shown}:{chosen}/ (Ctrl-C ends it)")
        server.run(sockets=[listening])
    if queue.failure:
        raise queue.failure


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there."""
    made = None
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen()  # so that whoever reads the address may connect at once
    except OSError as error:
        if made:
            made.close()
        other = "--port" if error.errno in TAKEN else "--host"
        raise OutputError(f"{host}:{port}: cannot listen there ({error.strerror}); choose another {other}") from None
    return made
