"""Read YAML by the parser in C where PyYAML was built with it: eight times as fast as the one in Python."""

from __future__ import annotations

from typing import Any

import yaml

SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(text: str) -> Any:
    """Return the data that a YAML text says; raise ``yaml.YAMLError`` where it is none.

    >>> read_yaml("{name: resin, share: 0.4}")
    {'name': 'resin', 'share': 0.4}
    """
    return yaml.load(text, SafeLoader)  # noqa: S506 - it constructs plain data only
