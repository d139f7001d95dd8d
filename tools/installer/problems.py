"""What can go wrong during set-up, told as: what happened, why, what to do."""

from __future__ import annotations

import re
from collections.abc import Sequence

SHOWN_LINES, SHOWN_WHEN_CLEAR, SHOWN_WIDTH = 8, 2, 240


class SetupError(Exception):
    """A failure that a person can mend; printed without a traceback."""

    def __init__(self, what: str, why: str, todo: str, lines: Sequence[str] = ()) -> None:
        super().__init__(what)
        self.what, self.why, self.todo = what, why, todo
        self.lines = [line for line in lines if line.strip()][-SHOWN_LINES:]

    def __str__(self) -> str:
        told = "".join(f"\n    | {line.rstrip()[:SHOWN_WIDTH]}" for line in self.lines)
        return f"Set-up stopped: {self.what}\n  Why: {self.why}{told}\n  What to do: {self.todo}"


AGAIN = "then run the same command again; nothing needs to be cleaned up."

# Patterns in the words of pip and npm, the more telling first: pip says "no matching distribution" after a lost
# connection too, so the connection is looked for before the version.
CAUSES: tuple[tuple[str, str, str], ...] = (
    (
        r"No space left on device|ENOSPC|Disk quota exceeded",
        "the disk is full.",
        "free some space (about 1.2 GB are needed in all), " + AGAIN,
    ),
    (
        r"Read-only file system|EROFS|Permission denied|EACCES",
        "a file or folder may not be written.",
        "check the owner and the rights of this folder, " + AGAIN,
    ),
    (
        r"NewConnectionError|ConnectTimeout|Read timed out|name resolution|Name or service not known"
        r"|Connection refused|Connection reset|ProxyError|SSLError|CERTIFICATE_VERIFY_FAILED|Network is unreachable"
        r"|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH",
        "the package registry could not be reached.",
        "check the network, or name a proxy (HTTPS_PROXY) or a mirror (`pip config set global.index-url URL`, "
        "`npm config set registry URL`), " + AGAIN,
    ),
    (
        r"EINTEGRITY|DO NOT MATCH THE HASHES",
        "a package that was received is not the one that was pinned.",
        "if a mirror is set, ask it or another one for a fresh copy, " + AGAIN,
    ),
    (
        r"No matching distribution|Could not find a version|ResolutionImpossible|requires a different Python|ETARGET",
        "a pinned version is not offered for this Python or machine.",
        "use CPython 3.11 to 3.14 on Linux or macOS and a registry that is up to date, " + AGAIN,
    ),
)
UNKNOWN_CAUSE = "the tool stopped with an error."
READ_THE_LOG = "read its last lines above (all of them: {log}), mend the cause, " + AGAIN


def tool_failure(what: str, lines: Sequence[str], log: str) -> SetupError:
    """Return the problem that pip's or npm's own words point to, with the words that do, or the last ones."""
    for pattern, why, todo in CAUSES:
        telling = [line for line in lines if re.search(pattern, line)]
        if telling:
            return SetupError(what, why, todo, telling[-SHOWN_WHEN_CLEAR:])
    return SetupError(what, UNKNOWN_CAUSE, READ_THE_LOG.format(log=log), lines)
