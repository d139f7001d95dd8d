"""Read what-ifs. What a viewer may not see is neither found, counted, nor carried along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

import polars as pl
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liandesk.assess.whatif import failing
from liandesk.assess.whatif.failing import Failing, Shock
from liandesk.assess.whatif.models import ReachedTown, WhatIf
from liandesk.assess.whatif.policies import WHAT_IF, WHAT_IF_HIT
from liandesk.base.accounts.access import can, check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import now
from liandesk.base.errors import NotThere, UserError
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import published, table

LINES, LINKS = "cascade_lines", "cascade_links"
MOST_OTHERS = 10
Field = Literal["makers", "items"]


@dataclass(frozen=True)
class Opened:
    """A what-if as its reader may see it; ``shocks`` is empty and the note blank for who sees its own rows only."""

    what_if: WhatIf
    shocks: list[Shock]
    sees_all: bool
    may_ask: bool
    hits: pl.DataFrame | None  # None: there is no answer yet
    stops: pl.DataFrame | None

    @property
    def tables(self) -> dict[str, pl.DataFrame | None]:
        return {"hits": self.hits, "stops": self.stops}


def what_ifs(viewer: Viewer) -> QuerySet[WhatIf]:
    """Return what was asked, newest first; a town's officers see what reaches somebody in their town."""
    check(viewer, WHAT_IF_HIT, "read")
    rows, seen = WhatIf.objects.select_related("job", "snapshot").order_by("-id"), visibility(viewer, WHAT_IF_HIT)
    return rows if seen.everything else rows.filter(pk__in=ReachedTown.objects.filter(seen.as_q()).values("what_if"))


def what_if(viewer: Viewer, pk: int) -> WhatIf:
    """Return one what-if; raise NotThere when there is none."""
    found = what_ifs(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(f"There is no what-if {pk}. The page of what-ifs shows all.")
    if not can(viewer, WHAT_IF, "read"):
        found.note, found.shocks = "", []
    return found


def opened(viewer: Viewer, pk: int) -> Opened:
    """Return a what-if with the rows of its answer that the viewer may see."""
    found = what_if(viewer, pk)
    sees_all = can(viewer, WHAT_IF, "read")
    return Opened(
        what_if=found,
        shocks=[Shock.from_json(said) for said in found.shocks],
        sees_all=sees_all,
        may_ask=can(viewer, WHAT_IF, "ask"),
        hits=_rows(viewer, found, "hits"),
        stops=_rows(viewer, found, "stops"),
    )


def just_ended(viewer: Viewer) -> QuerySet[WhatIf]:
    """Return the viewer's own what-ifs that ended within a day."""
    return what_ifs(viewer).filter(asked_by=viewer.actor, job__finished_at__gte=now() - timedelta(days=1))


def others(viewer: Viewer, found: WhatIf) -> QuerySet[WhatIf]:
    """Return the answered what-ifs that one may be laid beside, newest first."""
    return what_ifs(viewer).exclude(pk=found.pk).exclude(tables={})[:MOST_OTHERS]


def _rows(viewer: Viewer, found: WhatIf, name: str) -> pl.DataFrame | None:
    """Return the rows of one table of the answer that the viewer may see, without hidden columns."""
    if not found.is_answered:
        return None
    seen = visibility(viewer, WHAT_IF_HIT)
    rows = store.scan_frame(found.tables[name]).filter(seen.as_expr()).collect()
    hidden = sorted(seen.hidden.intersection(rows.columns))
    return rows.with_columns(pl.lit(None, rows.schema[column]).alias(column) for column in hidden)


def asked_of() -> Snapshot:
    """Return the snapshot that a what-if is asked of; raise UserError when it holds no supply network."""
    snapshot = published()
    if snapshot is None or LINES not in snapshot.tables:
        raise UserError(_("No refresh has made the supply network yet. Refresh the lists on the page of runs first."))
    return snapshot


def makers_meant(viewer: Viewer, text: str) -> list[Failing]:
    """Return the enterprises and suppliers that a text may mean."""
    check(viewer, WHAT_IF, "ask")
    return failing.find(failing.makers_of(table(asked_of(), LINES)), text)


def items_meant(viewer: Viewer, text: str) -> list[Failing]:
    """Return the items that a text may mean."""
    check(viewer, WHAT_IF, "ask")
    return failing.find(failing.items_of(table(asked_of(), LINES)), text)


def name_of(viewer: Viewer, field: Field, object_id: str) -> str | None:
    """Return the name under which an organisation ("makers") or an item ("items") can be let fail, None: it cannot."""
    check(viewer, WHAT_IF, "ask")
    snapshot = published()
    if snapshot is None or LINES not in snapshot.tables:
        return None
    key, name = ("owner", "name") if field == "makers" else ("item", "item_name")
    found = table(snapshot, LINES).filter(pl.col(key) == object_id).select(name).head(1).collect()
    return None if found.is_empty() else found.item()


def beside(first: Opened, second: Opened) -> pl.DataFrame:
    """Return the products that either of two answers reaches, with what each says of the loss."""
    assert first.hits is not None
    assert second.hits is not None
    figures = ["step", "loss_low", "loss_high", "stake_low", "stake_high"]
    kept = ["line", "organisation", "name", "item", "item_name", *figures]
    pair = [found.filter("is_product").select(kept) for found in (first.hits, second.hits)]
    both = pair[0].join(pair[1], on="line", how="full", suffix="_2", coalesce=True)
    return both.with_columns(pl.coalesce(name, f"{name}_2").alias(name) for name in kept[1:5])
