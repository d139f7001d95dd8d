"""What sources put on pages of base, and the job they do."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.facts.policies import LANDING
from liandesk.base.jobs import handlers
from liandesk.base.ui import panels
from liandesk.base.work.subjects import Subject
from liandesk.base.work.subjects import register as register_subject
from liandesk.know.sources import queries, uploads
from liandesk.know.sources.models import UploadState
from liandesk.know.sources.policies import FREE_TEXT


def register() -> None:
    handlers.register(uploads.JOB, uploads.run)
    panels.MENU.append(_menu)
    panels.INBOX.append(_inbox)
    register_subject("load", Subject(_load_title, lambda key: reverse("load", args=[key])))


def _load_title(viewer: Viewer, key: str) -> str | None:
    found = queries.load_of(viewer, key) if can(viewer, LANDING, "read") else None
    return str(found.title) if found else None


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, LANDING, "read"):
        yield panels.MenuItem("know", _("Loads"), "loads", 30)
    if can(viewer, FREE_TEXT, "map"):
        yield panels.MenuItem("know", _("Free texts"), "free_texts", 40)


def _inbox(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Rows that wait for whoever can mend them, and files that their sender has not decided about."""
    if not can(viewer, LANDING, "load"):
        return
    count = queries.waiting_rows(viewer).count()
    if count:
        said = ngettext("%(count)s row waits to be mended", "%(count)s rows wait to be mended", count)
        yield panels.InboxLine("waiting", said % {"count": f"{count:,}"}, reverse("loads"))
    for upload in queries.uploads(viewer).filter(state__in=(UploadState.READY, UploadState.MAPPING))[:5]:
        names = ", ".join(file["name"] for file in upload.files)
        url = reverse("upload", args=[upload.pk])
        yield panels.InboxLine("waiting", _("Files wait for your decision"), url, names, at=upload.sent_at)
