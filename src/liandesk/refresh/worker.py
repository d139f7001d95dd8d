"""The worker: one process that takes jobs, beats while it works, and seals the audit log when it is idle."""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
from datetime import date
from types import FrameType

from django.db import close_old_connections, connection

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.audit.actions import seal
from liandesk.base.clock import today
from liandesk.base.home import home
from liandesk.base.jobs import actions
from liandesk.base.jobs.handlers import HANDLERS
from liandesk.base.jobs.models import Job

logger = logging.getLogger(__name__)

POLL_SECONDS = 1.0
BEAT_SECONDS = 5.0


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


def do(job: Job) -> None:
    """Do one claimed job and end it: done, cancelled, failed with a message, or left to who took its lease."""
    stop = threading.Event()
    keeper = threading.Thread(target=_keep_lease, args=(job, stop), daemon=True)
    keeper.start()
    try:
        result = HANDLERS[job.kind](job)
        actions.finish(job, result=result)
    except actions.Cancelled:
        actions.end_cancelled(job)
    except actions.LostLease:
        logger.warning("lease lost", extra={"job": job.pk})
    except Exception as error:
        logger.exception("job failed", extra={"job": job.pk, "kind": job.kind})
        actions.fail(job, error=f"{type(error).__name__}: {error}")
    finally:
        stop.set()
        keeper.join()


def _keep_lease(job: Job, stop: threading.Event) -> None:
    """Prolong the lease during a long step; a thread of its own, with its own connection."""
    while not stop.wait(BEAT_SECONDS):
        try:
            actions.prolong(job)
        except Exception:
            logger.exception("beat failed", extra={"job": job.pk})
    connection.close()


def work(*, until_idle: bool = False, parent: int | None = None) -> None:
    """Take jobs until told to stop (SIGTERM, SIGINT), until there are none, or until the parent is gone."""
    stopping = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda _number, _frame: _stop(stopping, _frame))
    asked_on: date | None = None
    while not stopping.is_set() and parent in (None, os.getppid()):
        close_old_connections()
        _show_life()
        asked_on = asked_on if until_idle else _ask_daily(asked_on)
        job = actions.claim(worker_name())
        if job:
            do(job)
        elif until_idle:
            return
        elif not seal():
            stopping.wait(POLL_SECONDS)


def _ask_daily(asked_on: date | None) -> date:
    """Ask for the jobs of the day when the business date has changed; return the date for which it was done."""
    if asked_on != today():
        actions.enqueue_daily(by=system_viewer("worker"))
    return today()


def _stop(stopping: threading.Event, _frame: FrameType | None) -> None:
    stopping.set()


def _show_life() -> None:
    (home() / "worker.alive").write_text(f"{worker_name()} {time.time():.0f}")
