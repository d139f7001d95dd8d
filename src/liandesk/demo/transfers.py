"""Transfers of the demo over the plan's period: three that count, a second contract, consulting, refusals.

All is synthetic.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Self

from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, open_case
from liandesk.base.work.queries import cases
from liandesk.demo.playing import Play, do
from liandesk.know.registry.queries import organisations

_LIGAND = ("耐碱亲和配基（合成）", "ZL202010000001.1")


class Transfer(Play):
    """One transfer as the officer who keeps it leads it on."""

    def __init__(self, people: Mapping[str, User], title: str, sides: Mapping[str, str], begun: date) -> None:
        origin = "need" if "demand" in sides else "achievement"
        roles = [("office", "office", officers_office(pack()))]
        parties = [*roles, *((role, "organisation", held) for role, held in sides.items())]
        data = {"origin": origin, "matter": f"{title}：合成演示数据"}
        new = NewCase("transfer", title, parties, data, is_synthetic=True)
        super().__init__(new, begun, by=viewer_of(people["Officer"]), second=viewer_of(people["ChainOffice"]))

    def visited(self, **named: str) -> Self:
        self.do("name_supply" if "supplier" in named else "name_demand", **named)
        self.prove("confidentiality", "保密协议").do("agree_confidentiality")
        return self.do("visit", visited_on=self.day.isoformat())

    def agreed(self, mode: str, kind: str, result: tuple[str, str], cny: float) -> Self:
        said: dict[str, Any] = {
            "mode": mode,
            "contract_kind": kind,
            "contract_cny": cny,
            "signed_on": self.day.isoformat(),
        }
        named = {"achievement_title": result[0], "achievement_number": result[1]}
        return self.prove("contract", "技术合同").do("agree", **said, **named)

    def registered(self, number: str) -> Self:
        return self.do("register_contract", registration_number=number, registered_on=self.day.isoformat())

    def begun_here(self) -> Self:
        return self.do("pay", paid_on=self.day.isoformat()).do("begin_local_output")

    def implemented(self, by: str, evidence: str, title: str) -> None:
        """Propose its end with the proof; the chain office agrees as the second person."""
        said = {"landed_at": pack().towns[0].code, "implemented_on": self.day.isoformat()}
        self.prove(evidence, title).do(f"implement_by_{by}", "whole", **said).agree(f"implement_by_{by}")


def transfer_results(people: Mapping[str, User]) -> int:
    """Lead them on once, as the officer who keeps them would; return how many there are."""
    office = viewer_of(people["ChainOffice"])
    held = list(organisations(office, kind="enterprise").order_by("pk").values_list("pk", flat=True)[:6])
    if cases(office).filter(process="transfer").exists() or len(held) < 6:
        return 0
    _that_count(people, held)
    _that_do_not(people, held)
    _under_way(people, held)
    _warning(people, held[0])
    return cases(office).filter(process="transfer").count()


def _that_count(people: Mapping[str, User], held: list[str]) -> None:
    one = Transfer(people, "亲和层析配基", {"demand": held[0]}, date(2021, 9, 1)).visited(supplier=held[1])
    one.agreed("transfer", "transfer", _LIGAND, 3e6).registered("合成-2022-001").begun_here()
    one.implemented("contract", "registration", "技术合同登记证明")
    two = Transfer(people, "长效蛋白制剂", {"supply": held[2]}, date(2022, 10, 1)).visited(taker=held[3])
    two.agreed("shares", "transfer", ("长效蛋白制剂（合成）", "ZL202110000002.2"), 8e6)
    two.do("register_shares", paid_on=two.day.isoformat()).do("begin_local_output")
    two.implemented("shares", "business_registration", "工商变更通知书")
    own = Transfer(people, "一次性生物反应袋", {"supply": held[4]}, date(2023, 6, 1))
    own.do("use_itself", achievement_title="一次性生物反应袋（合成）", signed_on=own.day.isoformat())
    own.implemented("product", "sales_proof", "新产品销售发票")


def _that_do_not(people: Mapping[str, User], held: list[str]) -> None:
    again = Transfer(people, "亲和层析配基许可", {"demand": held[5]}, date(2023, 9, 1)).visited(supplier=held[1])
    again.agreed("licence", "licence", _LIGAND, 9e5).registered("合成-2024-002").begun_here()
    again.implemented("contract", "registration", "技术合同登记证明")
    advice = Transfer(people, "工艺放大咨询", {"demand": held[3]}, date(2023, 11, 1)).visited(supplier=held[2])
    advice.agreed("cooperation", "consulting", ("工艺放大方案（合成）", ""), 2e5).registered("合成-2024-003")
    advice.begun_here().implemented("contract", "registration", "技术合同登记证明")
    refused = Transfer(people, "吸入制剂装置", {"supply": held[4]}, date(2023, 12, 1)).visited(taker=held[0])
    refused.do("demand_refuses_visited", "demand_immature")
    kept = Transfer(people, "细胞培养基配方", {"demand": held[5]}, date(2024, 2, 1))
    kept.do("name_supply", supplier=held[2]).do("supply_refuses_contacted", "supply_control")


def _under_way(people: Mapping[str, User], held: list[str]) -> None:
    signed = Transfer(people, "微流控检测芯片", {"supply": held[3]}, date(2024, 4, 1)).visited(taker=held[4])
    signed.agreed("licence", "licence", ("微流控检测芯片（合成）", "ZL202310000003.3"), 1.5e6).registered(
        "合成-2024-004"
    )
    Transfer(people, "口服多肽递送", {"demand": held[1]}, date(2024, 8, 1)).do("name_supply", supplier=held[5])
    Transfer(people, "无菌隔离器部件", {"demand": held[0]}, date(2024, 9, 10))


def _warning(people: Mapping[str, User], enterprise: str) -> None:
    """A warning on a rival's patent, graded and acted on."""
    officer = viewer_of(people["Officer"])
    parties = [("enterprise", "organisation", enterprise), ("office", "office", officers_office(pack()))]
    data = {"trigger": "rival_grant", "matter": f"{today():%Y年}竞品层析填料专利新授权（合成）。"}
    case = open_case(NewCase("ip_warning", "层析填料专利预警", parties, data, is_synthetic=True), by=officer)
    said = {"grade": "orange", "grade_grounds": "权利要求可能覆盖在研工艺，产品尚未上市。"}
    case = do(case, officer, "grade", **said)
    do(case, officer, "act", action="fto")
