"""The sheets that say how the chain hangs together: who makes what, who supplies whom, what goes into what."""

from __future__ import annotations

from functools import cache

import polars as pl

from liandesk.know.sources.contracts.common import (
    choice,
    countries,
    day,
    figure,
    organisation,
    said,
    share,
    text,
    uscc,
)
from liankit.tables import Choice, Column, Table

NODE_KINDS = (
    Choice("segment", "环节", "Segment", ("产业环节", "细分领域")),
    Choice("item", "物项", "Item", ("产品", "材料", "原料", "product", "material")),
    Choice("equipment", "设备", "Equipment", ("装备", "仪器")),
    Choice("technology", "技术", "Technology", ("工艺", "软件")),
    Choice("service", "服务", "Service", ("外包服务",)),
)
RELATIONS = (
    Choice("input_of", "投入", "Input of", ("是其投入", "上游", "原料", "用于生产", "input of")),
    Choice("subtype_of", "属于", "Subtype of", ("是其一种", "子类", "小类", "subtype of")),
    Choice("used_in", "用于", "Used in", ("应用于", "下游", "used in")),
)


@cache
def products() -> Table:
    """Return the contract of the sheet of products: one row a product of one organisation."""
    return Table(
        "products",
        (
            organisation("企业名称", "Enterprise", "单位名称", "公司名称", "企业", "生产企业", "上市许可持有人"),
            uscc(),
            text("name", "产品名称", "Product", "产品", "品名", "通用名", required=True),
            text(
                "item",
                "对应物项",
                "Item of the chain",
                "物项名称",
                "物项",
                "产业链物项",
                note=said("产业链上的叫法；空着时以产品名称待归并", "Its name in the chain; else the product's waits"),
            ),
            text("registration_number", "批准文号或注册证号", "Registration number", "批准文号", "注册证号", "备案号"),
            share("revenue_share", "占营业收入比重", "Share of revenue", "营收占比", "收入占比", "主营占比"),
        ),
        title=said("产品", "Products"),
        key=("organisation", "name", "registration_number"),
        note=said("一行一个产品。", "One row one product of one organisation."),
    )


@cache
def supply_links() -> Table:
    """Return the contract of the sheet of supply links: who supplies whom with what."""
    return Table(
        "supply_links",
        (*_ends(), *_quantities()),
        title=said("供应关系", "Supply links"),
        key=("supplier", "buyer", "item", "as_of"),
        note=said(
            "一行一家供应商供给一家采购方的一个物项。数量都可留空，不掌握的不要猜。",
            "One row one item from one supplier to one buyer. Every quantity may stay empty; do not guess.",
        ),
    )


def _ends() -> tuple[Column, ...]:
    return (
        organisation(
            "供应商",
            "Supplier",
            "供方",
            "供应商名称",
            "供应企业",
            "卖方",
            "供货厂家",
            "供货商",
            "供货单位",
            "生产厂家",
            name="supplier",
        ),
        uscc(
            "supplier_uscc",
            "供应商统一社会信用代码",
            "Supplier's credit code",
            ("供应商信用代码", "供方信用代码", "供方统一社会信用代码"),
        ),
        organisation(
            "采购方", "Buyer", "需方", "采购商", "采购企业", "买方", "客户", "客户名称", "采购单位", name="buyer"
        ),
        uscc(
            "buyer_uscc",
            "采购方统一社会信用代码",
            "Buyer's credit code",
            ("采购方信用代码", "需方信用代码", "需方统一社会信用代码"),
        ),
        text(
            "item",
            "物项名称",
            "Item",
            "物项",
            "供应物项",
            "产品名称",
            "供应产品",
            "货物名称",
            "物料名称",
            "物料",
            required=True,
        ),
    )


def _quantities() -> tuple[Column, ...]:
    return (
        figure("amount_cny", "年供应额", "Annual amount", "CNY", "供应额", "采购额", "年采购额", "金额", scale=10_000),
        share("share", "占采购方该物项采购比重", "Share of the buyer's purchases", "占比", "采购占比", "供应占比"),
        Column(
            "sole_source",
            pl.Boolean,
            said("是否唯一来源", "Sole source"),
            synonyms=("唯一来源", "独家供应", "是否独家", "是否独家供应"),
            nullable_unknown=True,
        ),
        figure("lead_time_days", "供货周期", "Lead time", "days", "采购周期", "交货周期", "交期"),
        figure("stock_days", "采购方库存可用天数", "Buyer's stock", "days", "库存可用天数", "库存天数", "库存"),
        choice("country", "供应国别（地区）", "Country of supply", countries(), "供应国别", "来源国", "原产地", "国别"),
        day("as_of", "截至日期", "As of", "统计时点", "数据日期"),
    )


@cache
def relations() -> Table:
    """Return the contract of the sheet of relations between the nodes of the chain."""
    return Table(
        "relations",
        (
            text("from", "起点", "From", "起点名称", "源节点", "from_node", required=True),
            choice("from_kind", "起点类别", "Kind of the start", NODE_KINDS, "起点类型"),
            choice("relation", "关系", "Relation", RELATIONS, "关系类型", "关联关系", required=True),
            text("to", "终点", "To", "终点名称", "目标节点", "to_node", required=True),
            choice("to_kind", "终点类别", "Kind of the end", NODE_KINDS, "终点类型"),
        ),
        title=said("产业链关系", "Relations of the chain"),
        key=("from", "to", "relation"),
        note=said(
            "一行一条：起点“投入”终点、起点“属于”终点、起点“用于”终点。",
            "One row one relation: the start is an input of, a subtype of, or used in the end.",
        ),
    )
