"""Where everything that is not code lives: one folder, ``var/`` of the checkout or ``LIANDESK_HOME``."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[3]


def home() -> Path:
    """Return the home folder; it is created with owner-only rights when it is absent."""
    path = Path(os.environ.get("LIANDESK_HOME") or _default()).expanduser().resolve()
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def _default() -> Path:
    in_checkout = (CHECKOUT / "pyproject.toml").is_file()
    return (CHECKOUT if in_checkout else Path.cwd()) / "var"


def secret(name: str) -> str:
    """Return the named secret of this installation, made on first use and readable by the owner only.

    Two processes may ask at once on a fresh home: the first link wins and both read it.
    """
    path = home() / "secrets" / name
    if not path.exists():
        path.parent.mkdir(mode=0o700, exist_ok=True)
        draft = path.with_name(f"{name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text().strip()
