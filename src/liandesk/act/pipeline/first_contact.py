"""The first-contact lock: while a town makes progress with an investor, no other town opens a lead of the same one.

Investors are the same where their credit codes are, or, where one of them is not known, where their names are. The
lock lasts the pack's days from the last progress and falls with the end of the lead. What it tells another town is
until when; whose lead it is it does not.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from liandesk.act.pipeline.models import Project
from liandesk.base.accounts.queries import scope_name
from liandesk.base.accounts.roles import ScopeKind
from liandesk.base.definitions.models import Definition
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liankit.entities import check_uscc, name_key, normalise_uscc


def identity(name: str, code: str) -> tuple[str, str]:
    """Return the credit code and the key of the name of an investor; raise UserError where they are none."""
    code, key = normalise_uscc(code), name_key(name)[:240]
    if code and check_uscc(code):
        raise UserError(
            _("'%(code)s' is no credit code. Look at the 18 signs again, or leave it empty.") % {"code": code}
        )
    if not key:
        raise UserError(_("The name of the investor has no letters. Write its full name."))
    return code, key


def same_investor(code: str, key: str) -> QuerySet[Project]:
    """Return the leads of one investor that have not ended."""
    by_name = Q(name_key=key, credit_code="") if code else Q(name_key=key)
    by_code = Q(credit_code=code) if code else Q(pk__in=[])
    return Project.objects.filter(by_name | by_code, ended_on=None)


def locked_until(project: Project) -> date | None:
    """Return the last day on which the lead keeps other towns away; None once it has ended."""
    return None if project.ended_on else project.progress_on + timedelta(pack().lead_lock_days)


def check_first_contact(project: Project) -> None:
    """Raise UserError where another town has the right of first contact. Inside a transaction.

    Whoever opens a lead at the same time waits here: the second sees what the first wrote.
    """
    _wait_for_others(project.case.process)
    others = same_investor(project.credit_code, project.name_key).exclude(town=project.town).exclude(pk=project.pk)
    days = [until for one in others if (until := locked_until(one)) and until >= project.opened_on]
    if days:
        said = {"until": max(days).isoformat(), "office": scope_name(ScopeKind.OFFICE, pack().chain_office)}
        raise UserError(
            _(
                "Another town was in contact with this investor first. Its right lasts until %(until)s, and longer "
                "with every progress. If you were first, open a dispute about a lead: %(office)s decides."
            )
            % said
        )


def _wait_for_others(process: str) -> None:
    """Lock the definitions of the process until the transaction ends; ``no_key``: cases that refer to them go on."""
    held = Definition.objects.select_for_update(no_key=True).filter(kind="process", key=process)
    list(held.order_by("pk").values_list("pk"))
