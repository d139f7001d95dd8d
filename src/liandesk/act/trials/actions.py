"""Take a sheet of dates in, row by row, and call a joint session about several trials."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.act.trials import queries
from liandesk.act.trials.effects import key_of
from liandesk.act.trials.models import Startup
from liandesk.act.trials.policies import STARTUP
from liandesk.act.trials.sheet import trial_table
from liandesk.act.trials.steps import BadCell, Walk, moment
from liandesk.base.accounts.access import check
from liandesk.base.accounts.queries import scope_name
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.pack import pack
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.display import language
from liandesk.base.ui.sheets import Cells, Outcome, Result, Taken, take_rows
from liandesk.base.work.actions import NewCase, open_case
from liandesk.base.work.models import Case
from liandesk.base.work.policies import OFFICIALS
from liandesk.know.registry.queries import organisations

SESSION = "joint_planning"
_OWN = {Role.HOSPITAL: ("hospital", "site"), Role.ENTERPRISE: ("sponsor", "sponsor")}
"""By role of an uploader: the role it holds in its case, and the column that names it."""


@dataclass(frozen=True)
class Session:
    """What a joint session is called with."""

    topic: str
    meeting_day: date


def import_dates(path: Path, *, by: Viewer, is_sure: bool, is_synthetic: bool = False) -> Outcome:
    """Open and lead on the trials of a sheet; not ``is_sure``: try them all and write nothing.

    Each row is tried by itself: a bad one is left out with its column and reason. Raises UnreadableFile where the file
    holds no such sheet.
    """
    check(by, STARTUP, "enter")
    table = trial_table()
    titles = {column.name: column.titled(language()) for column in table.columns}

    def write(cells: Cells) -> Taken:
        try:
            return _row(cells, by, is_synthetic)
        except BadCell as bad:
            raise BadCell(str(bad), titles[bad.column]) from None

    def log(outcome: Outcome) -> None:
        record("startup.import", "startup", "sheet", by=by, rows=outcome.written, file=file_digest(path))

    return take_rows(path, table, write, is_sure=is_sure, log=log)


def _row(cells: Cells, by: Viewer, is_synthetic: bool) -> Taken:
    """Open a trial or lead on the one that is there, by the dates of one row."""
    found = _known(cells, by)
    if found:
        _check_same(found, cells)
        case = found.case
    else:
        case = _opened(cells, by, is_synthetic)
    before = case.events_count
    case = Walk(case, by).to(cells)
    result: Result = "new" if found is None else "changed" if case.events_count > before else "same"
    return Taken(cells["row"], cells["protocol"], cells["site"], result)


def _known(cells: Cells, by: Viewer) -> Startup | None:
    """Return the trial of a row as far as the viewer sees it; another's is refused when it is opened anew."""
    keys = {"protocol_key": key_of(cells["protocol"])[:100], "site_key": key_of(cells["site"])[:200]}
    return queries.startups(by).filter(**keys).first()


def _check_same(found: Startup, cells: Cells) -> None:
    """What a trial is does not change by a sheet: its page corrects it."""
    stands: dict[str, str | date] = {
        "title": found.title,
        "sponsor": found.sponsor_name,
        "sponsor_place": found.sponsor_place,
    }
    stands |= {"site_place": found.site_place, "variant": found.variant, "contacted_on": found.contacted_on}
    for column, value in stands.items():
        said = cells.get(column)
        if said is not None and key_of(str(said))[:200] != key_of(str(value)):
            what = {"value": value, "said": said}
            raise BadCell(
                _("'%(value)s' stands there already, not '%(said)s'. Correct it on the page of the case.") % what,
                column,
            )


def _opened(cells: Cells, by: Viewer, is_synthetic: bool) -> Case:
    if "contacted_on" not in cells:
        raise BadCell(_("A trial that is new needs the day of the first contact."), "contacted_on")
    data = {
        "protocol_number": cells["protocol"],
        "sponsor_name": cells["sponsor"],
        "sponsor_place": cells["sponsor_place"],
        "site_name": cells["site"],
        "site_place": cells["site_place"],
        "variant": cells["variant"],
    }
    parties = _parties(cells, by)
    new = NewCase("trial_startup", cells["title"], parties, data, is_synthetic=is_synthetic)
    return open_case(new, by=by, at=moment(cells["contacted_on"], "contacted_on"))


def _parties(cells: Cells, by: Viewer) -> list[tuple[str, str, str]]:
    """Return who holds the roles: a site or sponsor only its own; an office also those whom the registry knows."""
    if not by.roles.isdisjoint(OFFICIALS):
        office = min(by.scope_ids(Role.OFFICER, ScopeKind.OFFICE), default=pack().chain_office)
        return [("office", str(ScopeKind.OFFICE), office), *_registered(cells, by)]
    for role, (part, column) in _OWN.items():
        own = {key_of(scope_name(ScopeKind.ORGANISATION, one)): one for one in sorted(_organisations(by, role))}
        if own and key_of(cells[column]) not in own:
            said = {"own": scope_name(ScopeKind.ORGANISATION, min(own.values()))}
            raise BadCell(_("You report for your own organisation only: write '%(own)s'.") % said, column)
        if own:
            return [(part, str(ScopeKind.ORGANISATION), own[key_of(cells[column])])]
    raise NotAllowed(_("You may not open a trial's start-up."))


def _organisations(by: Viewer, role: str) -> frozenset[str]:
    return by.scope_ids(role, ScopeKind.ORGANISATION)


def _registered(cells: Cells, by: Viewer) -> list[tuple[str, str, str]]:
    """Return the site and the sponsor as far as one organisation has exactly this name."""
    found = []
    for part, column in _OWN.values():
        same = list(organisations(by).filter(name=cells[column].strip())[:2])
        if len(same) == 1:
            found.append((part, str(ScopeKind.ORGANISATION), same[0].pk))
    return found


@transaction.atomic
def call_session(pks: Collection[int], session: Session, *, by: Viewer) -> Case:
    """Call one joint session about several trials that wait for reviewers; the agenda has a line a trial.

    Nobody but the convening office is named: the agenda tells of trials of several parties. Raises UserError where a
    trial does not wait, or the day has passed.
    """
    check(by, STARTUP, "convene")
    waiting = {one.pk: one for one in queries.waiting_for_reviewers(by)}
    chosen = [waiting[pk] for pk in sorted(pks) if pk in waiting]
    if not chosen or len(chosen) < len(set(pks)):
        raise UserError(_("Choose trials that wait for reviewers: at least one of those listed."))
    if session.meeting_day < today():
        raise UserError(_("A session is called for a day to come. Take today or a later one."))
    office = min(by.scope_ids(Role.OFFICER, ScopeKind.OFFICE), default=pack().chain_office)
    items = "\n".join(f"{one.protocol} · {one.site_name} · {queries.review_stages(one)}" for one in chosen)
    data = {
        "topic": session.topic,
        "meeting_day": session.meeting_day.isoformat(),
        "items": items,
    }
    is_synthetic = any(one.is_synthetic for one in chosen)
    new = NewCase(SESSION, session.topic, [("host", "office", office)], data, is_synthetic=is_synthetic)
    return open_case(new, by=by)
