"""What the pages of the backup list show beside its lines: the steps of a backup, candidates, changes of a history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import django_tables2 as tables
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from liandesk.assess.backups import wording
from liandesk.assess.backups.models import Backup
from liandesk.assess.backups.rules import rules
from liandesk.base.countries import country_name
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import YES_NO
from liandesk.base.ui.templatetags.ui import data, unknown
from liankit.risk.readiness import Ends


@dataclass(frozen=True)
class ShownStep:
    """One step of a backup's path in the reader's language; ``is_done`` None: nobody said."""

    title: str
    is_done: bool | None
    months: Ends | None  # None: as long as its class of change


def steps_of(held: Backup) -> list[ShownStep]:
    """Return the steps of a backup's path."""
    done = held.steps_done
    return [
        ShownStep(
            step.title.zh if language() == "zh" else step.title.en,
            None if done is None else step.key in done,
            step.months,
        )
        for step in rules().path_of(held.type).steps
    ]


class CandidateTable(tables.Table):
    """Who could stand in for the sources of an item. Rows are mappings."""

    candidate_name = tables.Column(verbose_name=_("Candidate"), empty_values=())
    basis = tables.Column(verbose_name=_("Why"))
    via_name = tables.Column(verbose_name=_("What it makes"))
    country = tables.Column(verbose_name=_("Country or region"), empty_values=())
    is_local = tables.Column(verbose_name=_("In the district"), empty_values=())
    supplies_already = tables.Column(verbose_name=_("Supplies already"), empty_values=())
    accept = tables.Column(verbose_name=_("Take up"), empty_values=(), orderable=False)

    class Meta:
        caption = _("Candidates")

    def __init__(self, *args: Any, may_accept: bool, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, exclude=() if may_accept else ("accept",), **kwargs)
        self.asked_by = request

    def render_candidate_name(self, record: dict[str, Any]) -> SafeString | str:
        if record["candidate_name"] is None:
            return unknown()
        if record["candidate"] is None:
            return data(record["candidate_name"])
        url = reverse("organisation", args=[record["candidate"]])
        return format_html('<a href="{}">{}</a>', url, data(record["candidate_name"]))

    def render_basis(self, value: str) -> str:
        return str(wording.BASES[value])

    def render_via_name(self, value: str) -> SafeString | str:
        return data(value)

    def render_country(self, record: dict[str, Any]) -> SafeString | str:
        return unknown() if record["country"] is None else data(country_name(record["country"], language()))

    def render_is_local(self, record: dict[str, Any]) -> SafeString | str:
        return _yes_no(record["is_local"])

    def render_supplies_already(self, record: dict[str, Any]) -> SafeString | str:
        return _yes_no(record["supplies_already"])

    def render_accept(self, record: dict[str, Any]) -> SafeString | str:
        return render_to_string("backups/_accept.html", {"one": record}, self.asked_by)


def _yes_no(value: bool | None) -> SafeString | str:
    return unknown() if value is None else str(YES_NO["yes" if value else "no"])
