"""``serve``: the web server in this process, and the worker beside it, started again when it dies."""

from __future__ import annotations

import multiprocessing
import os
import socket
import subprocess
import sys
import threading

from django.conf import settings
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces

from liandesk.base.errors import UserError
from liandesk.base.prepare import exclusively, prepare

_RESTART_SECONDS = 2.0


def serve(*, host: str, port: int, with_worker: bool = True) -> None:
    """Serve until told to stop. The worker is told to stop with us, and stops by itself when we are killed."""
    check_port(host, port)
    prepare()
    collect_static()
    stopping = threading.Event()
    keeper = threading.Thread(target=_keep_worker, args=(stopping,), daemon=True)
    if with_worker:
        keeper.start()
    multiprocessing.set_start_method("spawn", force=True)  # this process used Polars, which hangs after a fork
    try:
        Granian(
            "liandesk.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=1,
            blocking_threads=4,
            log_access=False,
        ).serve()
    finally:
        stopping.set()
        if with_worker:
            keeper.join(timeout=10)


def check_port(host: str, port: int) -> None:
    """Raise UserError when the port is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UserError(
                f"Port {port} of {host} cannot be used ({error.strerror}). "
                f"Stop what uses it, or choose another: make demo PORT={port + 1}"
            ) from error


def collect_static() -> None:
    """Collect, hash and compress the static files once a version of them."""
    with exclusively("static"):
        sources = [path for folder in settings.STATICFILES_DIRS for path in sorted(folder.rglob("*"))]
        stamp = repr([(path.name, path.stat().st_mtime_ns) for path in sources])
        mark = settings.STATIC_ROOT / ".stamp"
        if not mark.exists() or mark.read_text() != stamp:
            call_command("collectstatic", verbosity=0, interactive=False)
            mark.write_text(stamp)


def _keep_worker(stopping: threading.Event) -> None:
    command = [sys.executable, "-m", "liandesk.config.command", "worker", "--parent", str(os.getpid())]
    while not stopping.is_set():
        worker = subprocess.Popen(command)  # noqa: S603  our own interpreter and module
        while worker.poll() is None and not stopping.wait(0.5):
            pass
        if stopping.is_set():
            worker.terminate()
            worker.wait()
        else:
            stopping.wait(_RESTART_SECONDS)
