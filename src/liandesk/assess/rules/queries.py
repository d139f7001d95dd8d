"""Read what is known of organisations for rules, and how they stand; today from the snapshot, other days on request.

Two days are told apart: ``on``, the day of the law that is applied, and ``known``, the day of knowledge.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, time

import polars as pl
from django.utils.timezone import make_aware

from liandesk.assess.rules.definitions import schemes, vocabulary
from liandesk.assess.rules.facts import facts_for_rules
from liandesk.assess.rules.policies import GRADE
from liandesk.assess.rules.tables import CLAUSES, GRADES, NEW, holders
from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.facts.queries import as_known
from liandesk.base.facts.schema import Schema
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import published
from liandesk.know.registry.models import Organisation
from liandesk.know.registry.portrait_queries import published_on
from liankit.rules.evaluate import Grades, grade
from liankit.rules.panel import FACTS, build_panel
from liankit.rules.scheme import Scheme
from liankit.rules.versions import in_force

__all__ = [
    "clauses_of",
    "facts_known",
    "facts_of",
    "grade_on",
    "grades",
    "schemes",
    "titles_of",
    "visible",
    "vocabulary",
]


def visible(viewer: Viewer, organisations: Collection[str] | None = None) -> frozenset[str] | None:
    """Return which organisations' grades the viewer may see, of those asked for; None for all there are."""
    seen = visibility(viewer, GRADE)
    if seen.everything and organisations is None:
        return None
    rows = Organisation.objects.filter(seen.as_q())
    if organisations is not None:
        rows = rows.filter(pk__in=list(organisations))
    return frozenset(rows.values_list("pk", flat=True))


def facts_of(viewer: Viewer, organisations: Collection[str] | None = None) -> pl.DataFrame:
    """Return the facts that schemes are graded on (``FACTS``), of some organisations or of all that are visible."""
    return _read(viewer, "rule_facts", FACTS, "enterprise", organisations).collect()


def grades(
    viewer: Viewer,
    *,
    family: str = "",
    application: str = NEW,
    organisations: Collection[str] | None = None,
) -> pl.DataFrame:
    """Return how organisations stand today (``GRADES``); an empty family is every family."""
    rows = _read(viewer, "grades", GRADES, "organisation", organisations).filter(application=application)
    return (rows.filter(family=family) if family else rows).collect()


def clauses_of(viewer: Viewer, organisation: str, scheme: str, application: str = NEW) -> pl.DataFrame:
    """Return each clause of a scheme as it stands today for one organisation (``CLAUSES``), in the scheme's order."""
    rows = _read(viewer, "clauses", CLAUSES, "organisation", [organisation])
    return rows.filter(scheme=scheme, application=application).sort("place").collect()


def facts_known(viewer: Viewer, organisation: str | None, known: date | None = None) -> pl.DataFrame:
    """Return the facts of one organisation (``FACTS``) as known at the end of a day; None: as published today.

    Of all organisations where none is named, for programs: nothing for a viewer who may not see all of them.

    What was loaded, withdrawn, joined or parted later does not change what was known.
    """
    asked = None if organisation is None else [organisation]
    if known is None:
        return facts_of(viewer, asked)
    if visible(viewer, asked) != (None if organisation is None else {organisation}):
        return pl.DataFrame(schema=FACTS)
    snapshot, moment = published_on(known), make_aware(datetime.combine(known, time.max))
    members = _members(snapshot, organisation)
    said = as_known(moment, viewer, kinds=["organisation", "title"]).facts
    return facts_for_rules(said, members, vocabulary(), pack().source_precedence).facts


def grade_on(
    viewer: Viewer,
    organisation: str,
    *,
    on: date | None = None,
    known: date | None = None,
    application: str = NEW,
    of: Sequence[Scheme] | None = None,
) -> list[Grades]:
    """Grade one organisation by the law of a day on what was known on a day (None: today), with reasons.

    ``of`` are schemes to take in place of those that govern; nothing for an organisation the viewer may not see.
    """
    if visible(viewer, [organisation]) != {organisation}:
        return []
    day = on or today()
    facts = facts_known(viewer, organisation, known)
    panel = build_panel(facts, vocabulary(day), day, pl.Series([organisation]))
    return grade(in_force(schemes(day), application, day) if of is None else of, panel)


def titles_of(viewer: Viewer, organisations: Collection[str] | None = None, on: date | None = None) -> pl.DataFrame:
    """Return the titles held on a day (today where none is given): enterprise, text (the code), date, until."""
    held = holders(facts_of(viewer, organisations), on or today())
    return held.select("enterprise", "text", "date", "until")


def _read(
    viewer: Viewer, name: str, schema: Schema | Mapping[str, type[pl.DataType]], column: str, of: Collection[str] | None
) -> pl.LazyFrame:
    """Scan a table of the published snapshot for the organisations that the viewer may see."""
    snapshot, seen = published(), visible(viewer, of)
    if snapshot is None or name not in snapshot.tables:
        return pl.LazyFrame(schema=dict(schema))
    rows = store.scan_frame(snapshot.tables[name])
    return rows if seen is None else rows.filter(pl.col(column).is_in(sorted(seen)))


def _members(snapshot: Snapshot | None, organisation: str | None) -> pl.DataFrame:
    """Return the records that an organisation, or each, had in the lists published on a day: record, organisation."""
    if snapshot is None:
        return pl.DataFrame(schema={"record": pl.String, "organisation": pl.String})
    members = store.scan_frame(snapshot.tables["members"]).select("record", "organisation")
    return (members if organisation is None else members.filter(organisation=organisation)).collect()
