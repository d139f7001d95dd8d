"""What an enterprise was owed by the law of a day, with what was known on a day; against what is known now, and paid.

Quotas and budgets are shared: every enterprise of the district is replayed, with what was known of it and who had
confirmed by then, and the one that was asked for is shown.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
from django.db.models import Q
from django.utils.timezone import make_aware

from liandesk.assess.policies.definitions import policies_on
from liandesk.assess.policies.facts import enterprises, with_towns
from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.queries import CNY, PROGRAM, check_visible, fulfilments
from liandesk.assess.rules.queries import facts_known, vocabulary
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liankit.rules.panel import FACTS
from liankit.rules.replay import CAME, PAYMENTS, Known, replay


def replayed(viewer: Viewer, organisation: str, law: date, then: date) -> list[dict[str, Any]]:
    """Return a row for every clause an enterprise was or is owed something under, or was paid for.

    Amounts in CNY: ``then_low`` and ``then_high`` by what was known then, ``low`` and ``high`` by what is known now,
    ``paid``, ``over``, ``under``; the ``title`` of the clause; ``inputs`` of which something else is known now.
    """
    check_visible(viewer, organisation)
    paid = fulfilments(viewer).filter(organisation=organisation, paid_on__lte=today(), year=law.year)
    payments = pl.DataFrame(
        list(paid.values_list("organisation", "policy", "clause", "paid_fen")), schema=PAYMENTS, orient="row"
    )
    policies = policies_on(law)
    titles = {(one.key, clause.key): clause.title for one in policies for clause in one.clauses}
    words = {one.key: one.title for one in vocabulary(law).inputs}
    table = replay(policies, vocabulary(law), _known(law, then), _known(law, None), payments, law=law)
    return [
        row
        | {name.removesuffix("_fen"): value / CNY for name, value in row.items() if name.endswith("_fen")}
        | {"title": titles.get((row["policy"], row["clause"])), "inputs": [words[key] for key in row["changed"] or ()]}
        for row in table.filter(enterprise=organisation).iter_rows(named=True)
    ]


def _known(law: date, day: date | None) -> Known:
    """Return what was known of all enterprises at the end of a day (None: what is known now), and who had come."""
    towns = enterprises()
    facts = facts_known(PROGRAM, None, day).filter(pl.col("enterprise").is_in(list(towns)))
    return Known(with_towns(facts.select(*FACTS), towns), _came(law.year, day or today()))


def _came(year: int, day: date) -> pl.DataFrame:
    """Return who had confirmed by the end of a day, and was not dropped by then, the first first."""
    moment = make_aware(datetime.combine(day, time.max))
    found = Fulfilment.objects.filter(year=year, confirmed_at__lte=moment)
    standing = found.exclude(Q(stage="dropped") & Q(case__ended_at__lte=moment)).order_by("confirmed_at", "pk")
    return pl.DataFrame(
        list(standing.values_list("organisation", "policy", "clause")), schema=CAME, orient="row"
    ).unique(maintain_order=True)  # one that was opened anew keeps the place of the one that was dropped


def last_half_year_end() -> date:
    """Return the last day of the half year that ended before today."""
    day = today()
    return date(day.year, 6, 30) if day > date(day.year, 6, 30) else date(day.year, 1, 1) - timedelta(days=1)
