"""The catalogue of clauses: filters, who is entitled of those the reader may see, and the versions of a policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.policies import queries
from liandesk.assess.policies.definitions import POLICY as KIND
from liandesk.assess.policies.definitions import built
from liandesk.assess.policies.facts import TOWN
from liandesk.assess.policies.queries import Clause
from liandesk.assess.policies.simulation_wording import change_said
from liandesk.assess.policies.wording import BENEFITS, LEVELS
from liandesk.assess.rules.policies import GRADE
from liandesk.assess.rules.queries import visible, vocabulary
from liandesk.assess.rules.wording import Line, Words
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.queries import versions
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liankit.rules.drafts import changes
from liankit.rules.scheme import AllOf, Compare, nodes_under


@dataclass(frozen=True)
class Shown:
    """A clause of the catalogue; of the enterprises the reader may see, how many are entitled, and how many may be."""

    clause: Clause
    entitled: int | None  # None: the reader sees no enterprise's entitlements
    unknown: int | None

    @property
    def used_percent(self) -> int | None:
        """Return how much of its budget is listed and paid; None where it has none of its own."""
        return round(100 * self.clause.used / self.clause.budget) if self.clause.budget else None


class ClauseFilter(forms.Form):
    """What is looked for; what is not chosen lets all clauses through."""

    text = forms.CharField(label=_("Words of the clause or its conditions"), required=False)
    kind = forms.ChoiceField(label=_("Benefit"), required=False)
    level = forms.ChoiceField(label=_c("level of a policy", "Level"), required=False)
    town = forms.ChoiceField(label=_("Open to enterprises of"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("all"))
        towns = [(term.code, term.text[language()]) for term in pack().towns]
        for name, options in (("kind", BENEFITS.items()), ("level", LEVELS.items()), ("town", towns)):
            self.fields[name].choices = [every, *options]  # type: ignore[attr-defined]

    def lets(self, one: Clause) -> bool:
        """Say whether a clause is among what is asked for; an answer that is none asks nothing."""
        asked = self.cleaned_data if self.is_valid() else {}
        clause, policy = one.term.clause, one.term.policy
        texts = [clause.text, policy.title, *(node.title for node in nodes_under(clause.when)), clause.title]
        word = str(asked.get("text") or "").casefold()
        return (
            any(word in f"{text.zh} {text.en}".casefold() for text in texts)
            and asked.get("kind") in (None, "", clause.benefit.kind)
            and asked.get("level") in (None, "", policy.level)
            and (not asked.get("town") or _is_open_to(one, asked["town"]))
        )


def _is_open_to(one: Clause, town: str) -> bool:
    """Say whether a clause asks for no town, or for this one among others."""
    node = one.term.clause.when
    parts = node.parts if isinstance(node, AllOf) else (node,)
    named = [part.one_of for part in parts if isinstance(part, Compare) and part.quantity == TOWN and part.one_of]
    return all(town in towns for towns in named)


def shown(viewer: Viewer, form: ClauseFilter) -> list[Shown]:
    """Return the clauses in force that a filter lets through."""
    counts = _counts(viewer)
    found = [one for one in queries.catalogue(viewer) if form.lets(one)]
    return [Shown(one, *counts.get(one.term.key, (None, None))) for one in found]


def _counts(viewer: Viewer) -> dict[tuple[str, str], tuple[int, int]]:
    """Return how many are entitled to each clause, and of how many it is unknown, of those the viewer may see."""
    if not can(viewer, GRADE, "read"):
        return {}
    found, seen = queries.entitled_today(), visible(viewer)
    names = found.panel.enterprises
    rows = (names.is_in(sorted(seen)) if seen is not None else names.is_not_null()).to_numpy()
    told = {term.key: found.outcome[rows, at] for at, term in enumerate(found.terms)}
    return {key: (int((holds == 1).sum()), int((holds == -1).sum())) for key, holds in told.items()}


def conditions(one: Clause) -> list[Line]:
    """Return the conditions and vetoes of a clause beside their rule, in the words in force."""
    return Words(one.term.policy.scheme(one.term.clause), vocabulary(), one.term.on).lines()


def history(viewer: Viewer, one: Clause) -> list[tuple[Definition, list[tuple[str, str, str, str]]]]:
    """Return the published versions of a clause's policy, the newest first, with what each changed of the clause."""
    policy, clause = one.term.policy, one.term.clause
    found = [each for each in versions(viewer, KIND, policy.key) if each.published_at]
    titles, words = {clause.key: clause.title}, vocabulary()
    told = []
    for each, before in zip(found, [*found[1:], None], strict=True):
        day = each.effective_from
        found_out = changes(built(before.hash), day, built(each.hash), day) if before else []
        told.append((each, [change_said(change, titles, words) for change in found_out if change.part == clause.key]))
    return told
