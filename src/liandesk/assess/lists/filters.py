"""Filters of the risk list. ``state`` is the tab; without ``listed`` the list shows what is computed now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import django_filters as filters
from django.db.models import Q, QuerySet
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liandesk.assess.lists import levels as thresholds
from liandesk.assess.lists import queries, wording
from liandesk.assess.lists.models import EntryState, ListEntry
from liandesk.assess.lists.policies import EDITION, ENTRY
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.pack import Term, pack
from liandesk.base.ui import levels
from liandesk.base.ui.display import language

Rows = QuerySet[ListEntry]
ALL = "all"
TABS: Mapping[str, Promise | str] = {**wording.STATES, ALL: _("All")}
SOLE = {"yes": _("yes"), "no": _("no"), "unknown": _("unknown")}
DUE = {"overdue": _("Overdue"), "soon": _("Within 14 days"), "none": _("No date yet")}
LISTED = {"changed": _("Changed by the last refresh"), "gone": _("No longer computed"), "any": _("Both")}
NOBODY = "none"
UNKNOWN = "unknown"
_LEVELS = [(one.code, one.title) for one in levels.LEVELS]


def _terms(group: str) -> list[tuple[str, str]]:
    terms: Iterable[Term] = getattr(pack(), group)
    return [(term.code, term.text[language()]) for term in terms]


def _offices() -> list[tuple[str, str]]:
    return [(NOBODY, str(_("Not assigned"))), *_terms("offices")]


class EntryFilter(filters.FilterSet):
    """What of the list is shown; each filter is a column of the list's projection or of its human part."""

    text = filters.CharFilter(method="by_text", label=_("Item or enterprise"))
    scope = filters.ChoiceFilter(choices=list(wording.SCOPES.items()), label=_("Kind of entry"), empty_label=_("All"))
    item_kind = filters.ChoiceFilter(
        choices=lambda: _terms("item_kinds"), label=_("Link of the chain"), empty_label=_("All")
    )
    sole_source = filters.ChoiceFilter(
        choices=list(SOLE.items()), method="by_sole", label=_("Sole source"), empty_label=_("All")
    )
    owner_office = filters.ChoiceFilter(
        choices=_offices, method="by_owner", label=_("Responsible office"), empty_label=_("All")
    )
    town = filters.ChoiceFilter(choices=lambda: _terms("towns"), label=_("Town"), empty_label=_("All"))
    level = filters.ChoiceFilter(choices=_LEVELS, method="by_level", label=_("Level"), empty_label=_("All"))
    computed_level = filters.ChoiceFilter(
        choices=[*_LEVELS, (UNKNOWN, _("unknown"))],
        method="by_computed",
        label=_("Computed level"),
        empty_label=_("All"),
    )
    set_level = filters.ChoiceFilter(
        choices=[*_LEVELS, (NOBODY, _("Not set"))],
        method="by_set",
        label=_("Level set by an officer"),
        empty_label=_("All"),
    )
    facts = filters.ChoiceFilter(
        choices=list(wording.STALENESS.items()), method="by_facts", label=_("Facts"), empty_label=_("All")
    )
    agreed = filters.ChoiceFilter(
        choices=list(wording.AGREED.items()), method="by_agreed", label=_("Agreed"), empty_label=_("All")
    )
    due = filters.ChoiceFilter(choices=list(DUE.items()), method="by_due", label=_("Due"), empty_label=_("All"))
    listed = filters.ChoiceFilter(
        choices=list(LISTED.items()), method="by_listed", label=_("Computed"), empty_label=_("Computed now")
    )

    class Meta:
        model = ListEntry
        fields: tuple[str, ...] = ()

    def __init__(self, data: Mapping[str, Any], *, viewer: Viewer, tab: str = "") -> None:
        self.viewer = viewer
        self.tab = tab or data.get("state") or default_tab(viewer)
        if self.tab not in TABS:
            self.tab = ALL
        kept = queries.hidden(viewer)
        super().__init__(data, queryset=thresholds.with_shown_level(queries.entries(viewer), kept))
        for name in kept & set(self.filters):
            del self.filters[name]  # a filter would tell what is hidden

    def filter_queryset(self, queryset: Rows) -> Rows:
        """Apply the filters, then the tab; an admitted entry is shown even when it is no longer computed."""
        rows = super().filter_queryset(queryset)
        if not self.form.cleaned_data.get("listed"):
            kept = (True, False) if self.tab == EntryState.ADMITTED else (True,)
            rows = rows.filter(is_current__in=kept)
        return rows if self.tab == ALL else rows.filter(state=self.tab)

    @property
    def tabs(self) -> list[tuple[str, Promise | str]]:
        return list(TABS.items())

    @property
    def questions(self) -> Iterator[tuple[BoundField, list[tuple[str, Any]]]]:
        """Yield each field with its choices, none for a text; a template's loop takes a tenth of a widget's time."""
        for bound in self.form:
            yield bound, list(getattr(bound.field, "choices", ()))

    def by_text(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(Q(item_name__icontains=value) | Q(organisation_name__icontains=value))

    def by_sole(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(sole_source={"yes": True, "no": False, "unknown": None}[value])

    def by_owner(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(owner_office="" if value == NOBODY else value)

    def by_level(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(Q(shown_level=value))

    def by_computed(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(computed_level="" if value == UNKNOWN else value)

    def by_set(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(level="" if value == NOBODY else value)

    def by_facts(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(thresholds.of_staleness(value))

    def by_agreed(self, rows: Rows, name: str, value: str) -> Rows:
        return rows.filter(thresholds.of_agreement(value))

    def by_due(self, rows: Rows, name: str, value: str) -> Rows:
        asked = {"overdue": queries.overdue, "soon": queries.due_soon, "none": lambda: Q(due_date=None)}
        return rows.filter(asked[value]())

    def by_listed(self, rows: Rows, name: str, value: str) -> Rows:
        if value == "changed":
            return rows.filter(pk__in=queries.recomputed(self.viewer).values("pk"))
        return rows.filter(is_current__in=(False,) if value == "gone" else (True, False))

    def said(self) -> str:
        """Return the filters that are set, in words, for a copy of the list."""
        chosen = {name: value for name, value in self.form.cleaned_data.items() if value} if self.is_valid() else {}
        parts = [f"{_('State')}: {TABS[self.tab]}"]
        for name, value in chosen.items():
            field = self.form.fields[name]
            words = dict(getattr(field, "choices", ()))
            parts.append(f"{field.label}: {words.get(value, value)}")
        return "; ".join(parts)


def default_tab(viewer: Viewer) -> str:
    """Return the tab that opens first: what waits for judgement, what was admitted, or everything of one's own."""
    if can(viewer, ENTRY, "judge"):
        return EntryState.PROPOSED
    return EntryState.ADMITTED if can(viewer, EDITION, "read") or can(viewer, ENTRY, "report") else ALL
