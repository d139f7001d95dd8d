"""Keep what a compiled solver prints out of the output of commands.

HiGHS up to 1.12, which SciPy 1.17 holds, prints a line of its own whenever a solution has to be mended after presolve
(github.com/ERGO-Code/HiGHS/issues/2783). It comes from C, so no option of ``milp`` and no ``redirect_stdout`` stops it.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_STDOUT = 1


@contextmanager
def muted() -> Iterator[None]:
    """Discard what is written to the standard output of the process meanwhile, by C code too.

    What Python and C hold back is written before and after, so nothing else is lost. It is of the whole process: for
    the worker and commands, where nothing else writes at the same time.
    """
    libc = ctypes.CDLL(None)
    sys.stdout.flush()
    libc.fflush(None)
    kept, nowhere = os.dup(_STDOUT), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, _STDOUT)
    try:
        yield
    finally:
        libc.fflush(None)
        os.dup2(kept, _STDOUT)
        os.close(kept)
        os.close(nowhere)
