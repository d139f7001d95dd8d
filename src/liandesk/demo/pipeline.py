"""Investment leads of the demo over the plan's period, from one just recorded to one at full capacity.

One is handed over with its credit split, one is in dispute, one asks for what its fund-raising project needs. All is
synthetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Self

from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Grant, Role, ScopeKind, Viewer, viewer_of
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, open_case
from liandesk.base.work.models import Case
from liandesk.base.work.queries import cases
from liandesk.demo.playing import Play, do, prove

_DAYS_OF = {"answer": 1, "make_contact": 2, "propose": 4}  # as the response clocks ask; all else takes its time
_PROOFS = {
    "propose": ("proposal",),
    "pass_review": ("review_record",),
    "sign": ("agreement",),
    "register": ("business_licence",),
    "obtain_land": ("land_contract",),
    "sign_lease": ("lease",),
    "get_permits": ("permits",),
    "fit_out": ("permits",),
    "complete": ("completion",),
    "obtain_licence": ("production_licence", "gmp_inspection"),
    "start_production": ("production_proof",),
    "reach_capacity": ("output_proof",),
}
_TALKS = "answer make_contact propose"
_SIGNED = f"{_TALKS} submit pass_review sign"
_ON_LAND = f"{_SIGNED} register obtain_land get_permits start_building"
_IN_LEASE = f"{_SIGNED} register sign_lease fit_out"
_TO_PRODUCTION = "obtain_licence start_production"


@dataclass(frozen=True)
class _Told:
    """One lead: where it is hosted, when it was recorded, what it is, the steps it took, the days between them."""

    place: str
    begun: date
    title: str
    steps: str = ""
    gap: int = 30
    agreed_cny: float = 1e8
    arrived_cny: float | None = None
    last: str = ""  # the step that ended it, and why


_FUND_PROJECT, _HANDED_OVER = "长效制剂募投项目", "层析填料产业化"
_CONTESTED, _NEW = "多肽原料药扩产", "核医学药物配送中心"
_SILENT = (_NEW, "合成生物学平台")  # one is just recorded, one is overdue with its reports


def _leads() -> list[_Told]:
    towns, zones = [town.code for town in pack().towns], [zone.code for zone in pack().zones]
    to_full = f"{_ON_LAND} complete {_TO_PRODUCTION} reach_capacity"
    lost, at_site = f"{_SIGNED} register", f"{_SIGNED} register obtain_land"
    return [
        _Told(zones[0], date(2021, 2, 1), "重组蛋白原液基地", to_full, 80, 6e8, 5.4e8),
        _Told(towns[0], date(2021, 5, 10), "体外诊断试剂产线", f"{_IN_LEASE} {_TO_PRODUCTION}", 60, 8e7, 8e7),
        _Told(zones[1], date(2022, 1, 15), "细胞治疗研发中心", _IN_LEASE, 90, 1.2e8, 6e7),
        _Told(towns[2], date(2022, 4, 1), "中药饮片智能工厂", lost, 25, 9e7, last="lose_registered no_site"),
        _Told(towns[0], date(2022, 8, 20), "内窥镜整机制造", at_site, 60, 2.5e8, 1.5e8),
        _Told(towns[0], date(2022, 11, 5), _FUND_PROJECT, at_site, 40, 5e8, 2e8),
        _Told(zones[0], date(2023, 3, 1), _HANDED_OVER, f"{_SIGNED} register", 40, 1.6e8),
        _Told(towns[4], date(2023, 6, 12), "医美器械组装", "answer make_contact", last="lose_negotiation elsewhere"),
        _Told(towns[1], date(2023, 10, 9), "培养基与一次性袋", _ON_LAND, 25, 1.8e8, 4e7),
        _Told(towns[0], date(2024, 1, 8), "手术机器人关节模组", _SIGNED, 30, 1.1e8),
        _Told(zones[2], date(2024, 4, 22), "合成生物学平台", f"{_TALKS} submit"),
        _Told(towns[0], date(2024, 8, 26), _CONTESTED, _TALKS),
        _Told(towns[1], date(2024, 9, 29), _NEW),
    ]


class Lead(Play):
    """One lead as its people lead it on. Of other towns than those of the cast their officers stand in the same way."""

    def __init__(self, people: Mapping[str, User], told: _Told) -> None:
        investor = f"{told.title}投资方（合成）"
        data = {"investor_name": investor, "matter": f"{told.title}：合成演示数据", "kind": "new"}
        new = NewCase("investment_lead", told.title, [("host", "town", told.place)], data, is_synthetic=True)
        super().__init__(new, told.begun, by=_officer_of(people, told.place), second=viewer_of(people["ChainOffice"]))
        self.told = told

    def lead_on(self) -> Self:
        for name in self.told.steps.split():
            self.do(name)
        return self.do(*self.told.last.split()) if self.told.last else self

    def do(self, name: str, reason: str = "", **data: Any) -> Self:
        self.day += timedelta(_DAYS_OF.get(name, self.told.gap))
        by = self.second if name == "pass_review" else self.by
        for proof in _PROOFS.get(name, ()):
            self.case = prove(self.case, by, proof, "合成材料", at=self.at)
        self.case = do(self.case, by, name, reason, self.at, **self._said(name), **data)
        if name in ("sign", "start_production", "hand_over"):
            self.agree(name)
        return self

    def report(self, day: date) -> None:
        """Report what arrived so far, on a day of its own."""
        self.day = max(self.day, day)
        said: dict[str, Any] = {"progress": "按计划推进。", "has_progress": "yes"}
        arrived = {} if self.told.arrived_cny is None else {"arrived_cny": self.told.arrived_cny}
        self.case = do(self.case, self.by, "report", "", self.at, **said, **arrived)

    def _said(self, name: str) -> dict[str, Any]:
        said: dict[str, dict[str, Any]] = {
            "answer": {"answer_text": "已电话答复，约定对接。"},
            "make_contact": {"contact_text": "现场考察园区并座谈。"},
            "start_production": {"produced_on": self.day.isoformat()},
            "sign": self._agreement() if name == "sign" else {},
        }
        return said.get(name, {})

    def _agreement(self) -> dict[str, Any]:
        return {
            "signed_on": self.day.isoformat(),
            "agreed_cny": self.told.agreed_cny,
            "site": "lease" if "sign_lease" in self.told.steps else "land",
            "needs_licence": "yes",
            "is_fund_project": "yes" if self.told.title == _FUND_PROJECT else "no",
            "register_by": (self.day + timedelta(60)).isoformat(),
            "land_by": (self.day + timedelta(240)).isoformat(),
            "produce_by": (self.day + timedelta(900)).isoformat(),
        }


def _officer_of(people: Mapping[str, User], place: str) -> Viewer:
    known = {pack().towns[0].code: "TownOfficer", pack().towns[1].code: "OtherTown"}
    person = people[known.get(place, "TownOfficer")]
    return Viewer(viewer_of(person).actor, "", frozenset({Grant(Role.TOWN_OFFICER, ScopeKind.TOWN, place)}))


def follow_leads(people: Mapping[str, User]) -> int:
    """Lead them on once; return how many cases there are."""
    office = viewer_of(people["ChainOffice"])
    if cases(office).filter(process="investment_lead").exists():
        return 0
    before = cases(office).count()
    plays = {told.title: Lead(people, told).lead_on() for told in _leads()}
    said: dict[str, Any] = {
        "new_host": pack().towns[1].code,
        "kept_percent": 40,
        "why_handed_over": "新址具备现成标准厂房。",
    }
    plays[_HANDED_OVER].do("hand_over", **said)
    plays[_HANDED_OVER].by = _officer_of(people, said["new_host"])
    _guarantee(plays[_FUND_PROJECT])
    for play in plays.values():
        if play.case.ended_at is None and play.told.title not in _SILENT:
            play.report(date(2024, 9, 20))
    _dispute(people, plays[_CONTESTED])
    _major_project(office)
    return cases(office).count() - before


def _guarantee(play: Lead) -> None:
    """Ask for land, energy, permits and environment; three are settled, the permits are in hand."""
    play.do("ask_guarantee", guarantee_title="长效制剂募投项目要素保障", guarantee_needs="用地五十亩、扩容用电、环评。")
    case = Case.objects.get(process="fund_project_guarantee", subject_id=str(play.case.pk))
    own = officers_office(pack())
    needs = ("land", "energy", "permits", "environment")
    offices = {f"{need}_by_office": own if need == "permits" else pack().chain_office for need in needs}
    case = do(case, play.second, "share_out", **offices, permits_by="2024-10-31")
    for need in ("land", "energy", "environment"):
        said = {f"{need}_result": "secured", f"{need}_text": "已落实（合成）。"}
        case = do(case, play.second, f"settle_{need}", **said)


def _dispute(people: Mapping[str, User], contested: Lead) -> None:
    """The other town claims the lead; both are heard, and the chain office is to decide."""
    claimant, office = viewer_of(people["OtherTown"]), contested.second
    data = {"investor_name": f"{contested.told.title}投资方（合成）", "contacted_on": "2024-08-20"}
    parties = [("claimant", "town", pack().towns[1].code)]
    new = NewCase(
        "lead_dispute",
        f"{contested.told.title}首谈争议",
        parties,
        data | {"grounds": "此前已上门对接。"},
        is_synthetic=True,
    )
    case = open_case(new, by=claimant)
    case = prove(case, claimant, "contact_proof", "对接记录")
    case = do(case, office, "hear", respondent_town=contested.told.place)
    do(case, contested.by, "reply", reply_text="本镇先行答复并已提交方案。")


def _major_project(office: Viewer) -> None:
    """A proposal that is conceived; a second person has yet to agree that it is put in reserve."""
    data = {"idea": "建设高端药用辅料共性平台（合成）。", "weak_link": "高端药用辅料", "invested_cny": 9e8}
    parties = [("proposer", "office", pack().chain_office)]
    case = open_case(NewCase("major_project", "高端药用辅料平台", parties, data, is_synthetic=True), by=office)
    case = do(case, office, "conceive", conceive_grounds="对应清单薄弱环节。")
    case = prove(case, office, "plan", "谋划方案")
    do(case, office, "reserve", start_by="2025-06-30")
