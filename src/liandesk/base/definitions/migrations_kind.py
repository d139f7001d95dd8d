"""The kind ``migration``: a map by which running cases go over from one version of a process to another."""

from __future__ import annotations

from typing import Any

import yaml
from django.utils.translation import gettext as _

from liandesk.base.definitions.models import Definition
from liandesk.base.errors import UserError
from liankit.process import Process, build_migration, build_process, check_migration
from liankit.process.migration import suggest


def check_against_versions(body: Any, file: str) -> None:
    """Check a map against the two versions that it names; a user's error says what does not fit."""
    said = build_migration(body, file)
    check_migration(said, _version(said.process, said.before), _version(said.process, said.after), file)


def _version(key: str, number: int) -> Process:
    found = Definition.objects.filter(kind="process", key=key, version=number, withdrawn_at=None).first()
    if found is None:
        said = _("There is no version %(version)s of the process '%(key)s'. `Definitions` shows those there are.")
        raise UserError(said % {"version": number, "key": key})
    return build_process(found.body, str(found))


def draft(key: str) -> str:
    """Return a first map for a key ``PROCESS_FROM_TO``: each key that the later version lacks, with the nearest one.

    An empty text where the key does not name two versions of a process.
    """
    process, before, after = ["", "", *key.rsplit("_", 2)][-3:]
    if not (process and before.isdecimal() and after.isdecimal()):
        return ""
    try:
        old, new = _version(process, int(before)), _version(process, int(after))
    except UserError:
        return ""
    title = {language: f"{text}: {before} → {after}" for language, text in old.title.model_dump().items()}
    body = {"key": key, "title": title, "process": process, "from": int(before), "to": int(after), **suggest(old, new)}
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False)
