"""What is checked before an entitlement goes to the office that pays: entitlement, credit, stacking, quota, budget."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from django.utils.translation import gettext as _

from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.queries import entitled_today, spent_on, used_fen
from liankit.rules.benefits import Term
from liankit.rules.evaluate import grade
from liankit.rules.policies import Entitled


def problems(one: Fulfilment) -> list[str]:
    """Return everything that stands against listing an entitlement for payment, in the reader's language."""
    found = entitled_today()
    if (one.policy, one.clause) not in [term.key for term in found.terms]:
        return [_("The clause is not in force today.")]
    column = found.place(one.policy, one.clause)
    return [*_of_enterprise(one, found, column), *_of_money(one, found.terms[column])]


def _of_enterprise(one: Fulfilment, found: Entitled, column: int) -> Iterator[str]:
    rows = np.flatnonzero((found.panel.enterprises == one.organisation).to_numpy())
    if not len(rows):
        yield _("The enterprise is not in the district's registry any more.")
        return
    row, term = int(rows[0]), found.terms[column]
    if found.outcome[row, column] != 1:
        yield _("By what is known today it is not, or not surely, entitled.")
    vetoes = [
        term.policy.scheme(term.clause).model_copy(update={"clause": veto, "vetoes": ()}) for veto in term.policy.vetoes
    ]
    if any(judged.outcome[row] != 0 for judged in grade(vetoes, found.panel, with_reasons=False)):
        yield _("A serious violation is on record, or its absence is not known.")
    most = int(found.stages["worth"].high[row, column])
    if one.amount_fen is not None and one.amount_fen > most:
        yield _("The amount is above what the clause gives: %(most)s CNY at most.") % {"most": f"{most / 100:,.2f}"}
    yield from _stacking(one, term)


def _stacking(one: Fulfilment, term: Term) -> Iterator[str]:
    group = next((group for group in term.policy.groups if group.key == term.clause.group), None)
    if group is None:
        return
    others = [clause.key for clause in term.policy.clauses if clause.group == group.key and clause.key != one.clause]
    granted = spent_on(one.policy).filter(organisation=one.organisation, clause__in=others)
    if group.rule != "cap" and granted.exists():
        yield _("It has another clause of the same group this year; they are not added up.")
    if group.rule == "cap" and group.most_cny is not None:
        had = sum(other.amount_fen or 0 for other in granted)
        if had + (one.amount_fen or 0) > term.fen(group.most_cny):
            yield _("With what it has of the same group this year it would exceed the cap.")


def _of_money(one: Fulfilment, term: Term) -> Iterator[str]:
    amount = one.amount_fen or 0
    if term.clause.quota is not None and spent_on(*term.key).count() >= term.clause.quota:
        yield _("The quota of the clause is used up.")
    budget = term.clause.budget
    if budget and used_fen(*term.key) + amount > term.fen(budget.amount_cny):
        yield _("The budget of the clause would be exceeded.")
    of_policy = sum(other.amount_fen or 0 for other in spent_on(one.policy))
    if term.policy.budget and of_policy + amount > term.fen(term.policy.budget.amount_cny):
        yield _("The budget of the policy would be exceeded.")
