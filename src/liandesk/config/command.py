"""The ``liandesk …`` command: Django's command runner, with errors a person can read and exit codes by cause."""

from __future__ import annotations

import os
import sys

from django.core.management import ManagementUtility
from django.core.management.base import CommandError


def main(arguments: list[str] | None = None) -> None:
    """Run one command; a user's error is printed without a traceback, with the exit code of its cause."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liandesk.config.settings")
    from liandesk.base.errors import UserError
    from liankit.errors import UserError as KitError

    try:
        ManagementUtility(arguments or sys.argv).execute()
    except (UserError, KitError) as error:
        sys.stderr.write(f"liandesk: {error}\n")
        sys.exit(error.exit_code)
    except CommandError as error:
        sys.stderr.write(f"liandesk: {error}\n")
        sys.exit(error.returncode)
    except KeyboardInterrupt:
        sys.stderr.write("liandesk: stopped; what was finished is kept.\n")
        sys.exit(130)


if __name__ == "__main__":
    main()
