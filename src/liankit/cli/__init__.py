"""The analyst's command line: one thin command a library function, on files."""

from liankit.cli.app import main

__all__ = ["main"]
