"""Kinds of definition and how each is checked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from liandesk.base.errors import UserError
from liankit.errors import nearest
from liankit.process import build_process


@dataclass(frozen=True)
class Kind:
    """One kind: the folder of a pack it comes from, and ``check(body, file)``, which raises a user's error."""

    code: str
    title: Promise
    folder: str
    check: Callable[[Any, str], object]


KINDS: dict[str, Kind] = {
    "process": Kind("process", pgettext_lazy("definition", "Process"), "processes", build_process)
}


def kind_of(code: str) -> Kind:
    """Return a kind by its code; UserError names the nearest one."""
    if code not in KINDS:
        said = _("There is no kind of definition '%(code)s'.") % {"code": code}
        raise UserError(said + nearest(code, KINDS))
    return KINDS[code]
