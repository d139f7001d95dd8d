"""Deals of the demo that would close weak links: one in negotiation, one closed, one that only two persons see.

All is synthetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Self

from liandesk.assess.lists.models import EntryState, ListEntry
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase
from liandesk.base.work.models import Case
from liandesk.demo.playing import Play


class Deal(Play):
    """One deal as its people lead it on, all of it past."""

    gap = timedelta(15)

    def __init__(self, officer: Viewer, checker: Viewer, entry: ListEntry, title: str, **said: Any) -> None:
        begun, named = today() - timedelta(days=said.pop("begun")), said.pop("named", ())
        parties = [("lead", "office", officers_office(pack()))]
        parties += [("enterprise", "organisation", entry.organisation)] if entry.organisation else []
        data = {"matter": f"{title}：合成演示数据", **said}
        about = ("entry", entry.key)
        new = NewCase("deal", title, parties, data, about, bool(named), is_synthetic=True, named=named)
        super().__init__(new, begun, by=officer, second=checker)

    def in_diligence(self, partner: str, country: str) -> Self:
        self.do("contact", partner=partner, partner_country=country)
        return self.prove("confidentiality", "保密协议").do("agree_confidentiality").do("start_diligence")

    def close(self, measure: str) -> None:
        """Sign, propose the closing; the chain office confirms it as the second person."""
        self.prove("agreement", "合作协议").do("sign", signed_on=self.day.isoformat())
        effective = (self.day + timedelta(days=20)).isoformat()
        self.do("close", measure=measure, effective_from=effective).agree("close")


def make_deals(people: Mapping[str, User]) -> int:
    """Lead them on once, about entries of the officer's office about which nothing is agreed; return how many."""
    officer, office = viewer_of(people["Officer"]), viewer_of(people["ChainOffice"])
    free = entries(officer).filter(state=EntryState.ADMITTED, agreed_from=None, level="")[:3]
    if Case.objects.filter(process="deal").exists() or len(free) < 3:
        return 0
    first, second, third = free
    kind = {"deal_kind": "joint_venture", "switch_by": "second_source", "begun": 120}
    talks = Deal(officer, office, first, "关键原料合资建厂", **kind).in_diligence("苏州某材料企业（合成）", "CN")
    talks.do("negotiate", diligence_text="产能与质量体系符合要求（合成）。", approval_needed="state_asset")
    kind = {"deal_kind": "technology", "switch_by": "domestic_source", "begun": 110}
    done = Deal(officer, office, second, "工艺包技术购买", **kind).in_diligence("德国某工艺企业（合成）", "DE")
    done.do("negotiate", diligence_text="权属清晰，可在本地放大（合成）。", approval_needed="none")
    done.close("引进工艺包并在本地形成国产来源（合成）")
    kind = {"deal_kind": "acquisition", "switch_by": "second_source", "begun": 60, "named": [office.actor]}
    Deal(officer, office, third, "海外供应商股权收购", **kind).in_diligence("某境外上市公司（合成）", "US")
    return 3
