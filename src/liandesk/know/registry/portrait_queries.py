"""The portrait of an organisation: what is known of it, by whom, since when; now or as known on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any

import polars as pl
from django.utils.timezone import make_aware

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.facts.policies import FACT
from liandesk.base.facts.queries import as_known
from liandesk.base.pack import pack
from liandesk.base.snapshots.models import Publication, Snapshot
from liandesk.base.snapshots.queries import RISKS, published, table
from liandesk.know.registry.attributes import ATTRIBUTES, CORRECTABLE, IDENTIFIERS, NAMES
from liandesk.know.registry.consents import consents, unseen_items
from liandesk.know.registry.models import Consent, Judgement, Organisation, Place, Record
from liandesk.know.registry.policies import CONSENT, JUDGEMENT
from liandesk.know.registry.queries import organisation
from liandesk.know.registry.withholding import OF_ITSELF

Line = dict[str, Any]
MOST_JUDGEMENTS = 50  # decisions shown on a portrait
STATEMENT = "statement"


@dataclass(frozen=True)
class Field:
    """One attribute: the line that counts, the lines that say otherwise, and earlier dated ones."""

    attribute: str
    line: Line
    others: list[Line]

    @property
    def is_own_word(self) -> bool:
        """Whether a person said it by a statement rather than a file."""
        return bool(self.line["source"] == STATEMENT)


@dataclass(frozen=True)
class Member:
    """A record of the organisation, what joined it to the others, and whether it was another organisation's once."""

    record: str
    names: str
    joins: list[str]
    held: list[str]


@dataclass(frozen=True)
class Portrait:
    """What is known of an organisation as the viewer may know it; ``on`` is the day of knowing, None for now."""

    organisation: Organisation
    on: date | None
    facts: pl.DataFrame
    contradictions: pl.DataFrame
    fields: list[Field]
    members: list[Member]
    former_ids: list[str]
    places: list[Place]
    judgements: list[Judgement]
    consents: list[Consent]
    may_judge: bool
    may_correct: bool
    may_consent: bool
    hidden_items: frozenset[str] = field(default_factory=frozenset)

    @property
    def identifiers(self) -> list[Field]:
        return [one for one in self.fields if one.attribute in IDENTIFIERS]

    @property
    def names(self) -> list[str]:
        """Every other name that a record gives, in order."""
        said = self.facts.filter(pl.col("attribute").is_in(NAMES))["text"].drop_nulls().unique().sort()
        return [name for name in said if name != self.organisation.name]

    @property
    def correctable(self) -> tuple[str, ...]:
        return CORRECTABLE


def current_id(viewer: Viewer, organisation_id: str) -> str:
    """Return the id that stands for an organisation now: another one after a merge; itself when nobody knows it."""
    found = Organisation.objects.filter(pk=organisation_id).values_list("merged_into", flat=True).first()
    return found if found and organisation(viewer, found) else organisation_id


def portrait(viewer: Viewer, organisation_id: str, on: date | None = None) -> Portrait | None:
    """Return the portrait, or None when there is no such organisation for the viewer.

    ``on``: as known at the end of that day, made of the records that it had in the lists published then. What was
    joined or parted, loaded or withdrawn later does not change it.
    """
    found = organisation(viewer, organisation_id)
    if found is None:
        return None
    snapshot = published() if on is None else published_on(on)
    records = _records(found, snapshot, on)
    hidden = unseen_items(viewer, organisation_id)
    known = as_known(None if on is None else _end_of(on), viewer, kinds=["organisation"], records=records)
    facts, overruled = _shown(known.facts, hidden), _shown(known.contradictions, hidden)
    row = {"organisation": organisation_id}
    may_judge = can(viewer, JUDGEMENT, "judge")
    return Portrait(
        organisation=found,
        on=on,
        facts=facts.sort("attribute", "record", "valid_from"),
        contradictions=overruled,
        fields=_fields(facts, overruled),
        members=_members(records, facts, snapshot),
        former_ids=_former_ids(found),
        places=list(found.places.all()) if on is None else [],
        judgements=_judgements(records) if can(viewer, JUDGEMENT, "read") else [],
        consents=list(consents(viewer, organisation_id)),
        may_judge=may_judge and on is None,
        may_correct=can(viewer, FACT, "state", row) and on is None,
        may_consent=can(viewer, CONSENT, "give", row) and on is None,
        hidden_items=hidden,
    )


def published_on(day: date) -> Snapshot | None:
    """Return the snapshot that was published at the end of a day; None before the first."""
    earlier = Publication.objects.filter(name=RISKS, published_at__lte=_end_of(day)).order_by("-published_at", "-id")
    publication = earlier.select_related("snapshot").first()
    return publication.snapshot if publication else None


def _end_of(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.max))


def _records(found: Organisation, snapshot: Snapshot | None, on: date | None) -> list[str]:
    if on is None:
        return sorted(Record.objects.filter(organisation=found).values_list("record", flat=True))
    if snapshot is None:
        return []
    members = table(snapshot, "members").filter(pl.col("organisation") == found.pk).collect()
    return sorted(members["record"])


def _shown(lines: pl.DataFrame, hidden: frozenset[str]) -> pl.DataFrame:
    attributes = [item.removeprefix(OF_ITSELF) for item in hidden if item.startswith(OF_ITSELF)]
    return lines.filter(~pl.col("attribute").str.split(".").list.first().is_in(attributes))


def _fields(facts: pl.DataFrame, overruled: pl.DataFrame) -> list[Field]:
    """Return each attribute with the line that counts first: by the pack's precedence, then the latest."""
    rank = {name: place for place, name in enumerate(pack().source_precedence)}
    trust = pl.col("source").replace_strict(rank, default=len(rank), return_dtype=pl.Int32)
    lines = pl.concat([facts, overruled]).with_columns(trust=trust)
    by = ["trust", "valid_from", "recorded_at", "record"]
    ordered = lines.sort(by, descending=[False, True, True, False], nulls_last=True).drop("trust").to_dicts()
    grouped: dict[str, list[Line]] = {}
    for line in ordered:
        grouped.setdefault(line["attribute"], []).append(line)
    order = {name: place for place, name in enumerate(ATTRIBUTES)}
    names = sorted(grouped, key=lambda name: (order.get(name.split(".")[0], len(order)), name))
    return [Field(name, grouped[name][0], _differing(grouped[name])) for name in names]


def _differing(lines: Sequence[Line]) -> list[Line]:
    """Return the other lines; of those that say the same of the same day only the first."""
    seen = {_said(lines[0])}
    kept = []
    for line in lines[1:]:
        if _said(line) not in seen:
            seen.add(_said(line))
            kept.append(line)
    return kept


def _said(line: Line) -> tuple[object, ...]:
    return line["text"], line["number"], line["unit"], line["valid_from"]


def _members(records: Sequence[str], facts: pl.DataFrame, snapshot: Snapshot | None) -> list[Member]:
    names: dict[str, str] = dict(
        facts.filter(pl.col("attribute") == "name").sort("valid_from").select("record", "text").iter_rows()
    )
    joins = _joins(records, snapshot)
    held = {record: ids.split() for record, ids in Record.objects.filter(pk__in=records).values_list("record", "held")}
    return [Member(one, names.get(one, ""), sorted(joins.get(one, set())), held.get(one, [])) for one in records]


def _joins(records: Sequence[str], snapshot: Snapshot | None) -> dict[str, set[str]]:
    """Return by what each record was joined with others: code, judged, name, pair."""
    if snapshot is None or "joins" not in snapshot.tables:
        return {}
    either = pl.col("left").is_in(list(records)) | pl.col("right").is_in(list(records))
    found: dict[str, set[str]] = {}
    for left, right, basis in table(snapshot, "joins").filter(either).collect().iter_rows():
        found.setdefault(left, set()).add(basis)
        found.setdefault(right, set()).add(basis)
    return found


def _former_ids(found: Organisation) -> list[str]:
    return sorted(Organisation.objects.filter(merged_into=found.pk).values_list("pk", flat=True))


def _judgements(records: Sequence[str]) -> list[Judgement]:
    """Return one line of each decision on these records, the latest first."""
    lines = Judgement.objects.filter(left__in=records) | Judgement.objects.filter(right__in=records)
    first: dict[str, Judgement] = {}
    for line in lines.order_by("-id")[: MOST_JUDGEMENTS * 10]:
        first.setdefault(line.decision, line)
    return list(first.values())[:MOST_JUDGEMENTS]
