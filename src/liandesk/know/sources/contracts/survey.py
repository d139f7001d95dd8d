"""The sheets that enterprises fill in: enterprises, dated facts, critical inputs."""

from __future__ import annotations

from functools import cache

import polars as pl

from liandesk.base.pack import pack
from liandesk.know.sources.contracts.common import ORGANISATION, countries, day, said, share, terms, town, uscc, zone
from liankit.tables import Choice, Column, Table

ORGANISATION_KINDS = (
    Choice("enterprise", "企业", "Enterprise", ("公司", "company")),
    Choice("institution", "科研院所", "Research institute", ("研究院", "研究所", "事业单位")),
    Choice("hospital", "医疗机构", "Hospital", ("医院",)),
    Choice("university", "高等院校", "University", ("高校", "大学")),
    Choice("fund", "投资机构", "Fund", ("基金", "银行", "金融机构")),
    Choice("office", "政府部门", "Government office", ("机关",)),
    Choice("foreign_partner", "境外合作方", "Foreign partner", ("外方",)),
)
_YES_NO = (
    Choice("yes", "是", "yes", ("有", "y", "true", "1")),
    Choice("no", "否", "no", ("无", "没有", "n", "false", "0")),
)
_SUBSTITUTES = (
    Choice("available", "有", "Available", ("国内有", "已有")),
    Choice("in_development", "在研", "In development", ("研发中", "验证中")),
    Choice("none", "无", "None", ("没有", "暂无")),
)


def _enterprise(synonyms: tuple[str, ...] = ()) -> Column:
    return Column(
        "enterprise",
        title=said("企业名称", "Enterprise"),
        required=True,
        synonyms=("单位名称", "公司名称", "企业", *synonyms),
        note=said("营业执照上的全称", "The full registered name"),
        looks=ORGANISATION,
    )


@cache
def enterprises() -> Table:
    """Return the contract of the sheet of enterprises: one row an organisation."""
    return Table(
        "enterprises",
        (*_who(), *_where(), *_what()),
        title=said("企业", "Enterprises"),
        key=("uscc",),
        note=said("一行一家单位。只有名称必填；不知道的留空。", "One row an organisation; only the name is required."),
    )


def _who() -> tuple[Column, ...]:
    return (
        Column(
            "name",
            title=said("企业名称", "Name"),
            required=True,
            synonyms=("名称", "单位名称", "公司名称", "企业全称", "enterprise"),
            note=said("营业执照上的全称", "The full registered name"),
            looks=ORGANISATION,
        ),
        uscc(),
        Column("name_en", title=said("英文名称", "English name"), synonyms=("外文名称",)),
        Column("former_name", title=said("曾用名", "Former name"), synonyms=("原名称",)),
        Column(
            "kind",
            title=said("单位类型", "Kind of organisation"),
            choices=ORGANISATION_KINDS,
            synonyms=("机构类型", "主体类型", "role"),
        ),
    )


def _where() -> tuple[Column, ...]:
    return (
        Column(
            "country",
            title=said("国别（地区）", "Country or region"),
            choices=countries(),
            synonyms=("国家", "国别"),
            note=said("注册地；中文名、英文名或两位代码均可", "Where it is registered: a name or an ISO code"),
        ),
        town(note=said("区外单位留空", "Empty for organisations outside the district")),
        zone(),
    )


def _what() -> tuple[Column, ...]:
    return (
        Column("segment", title=said("细分领域", "Segment"), synonyms=("产业环节", "所属环节", "细分行业")),
        Column(
            "industry_code",
            title=said("国民经济行业代码", "Industry code"),
            synonyms=("行业代码",),
            note=said("GB/T 4754-2017 四位小类", "Four digits of GB/T 4754-2017"),
        ),
        Column("main_products", title=said("主要产品", "Main products"), synonyms=("主导产品", "主营产品")),
        _output("年产值", "Annual output", "上年度工业总产值；没有的填营业收入", "Of the last year"),
        Column(
            "purchases_cny",
            pl.Float64,
            said("年采购总额", "Annual purchases"),
            unit="CNY",
            scale=10_000,
            minimum=0,
            synonyms=("采购总额", "全年采购额"),
            note=said("上年度对外采购的全部物资和服务", "All goods and services bought in the last year"),
        ),
        Column(
            "employees",
            pl.Int64,
            said("从业人数", "Employees"),
            unit="people",
            minimum=0,
            synonyms=("职工人数", "员工人数", "从业人员"),
        ),
        Column("founded", pl.Date, said("成立日期", "Founded"), synonyms=("注册日期", "成立时间")),
        Column("stock_code", title=said("股票代码", "Stock code"), synonyms=("证券代码",)),
        Column(
            "lei",
            title=said("LEI 编码", "LEI"),
            check="lei",
            synonyms=("全球法人识别编码", "LEI", "legal entity identifier"),
        ),
        Column("labeler_code", title=said("NDC 厂商代码", "Labeler code"), synonyms=("NDC labeler code",)),
    )


def _output(zh: str, en: str, note_zh: str, note_en: str) -> Column:
    return Column(
        "output_cny",
        pl.Float64,
        said(zh, en),
        unit="CNY",
        scale=10_000,
        minimum=0,
        synonyms=("产值", "工业总产值", "output"),
        note=said(note_zh, note_en),
    )


@cache
def facts() -> Table:
    """Return the contract of the sheet of dated facts: one row one attribute of one organisation."""
    return Table(
        "facts",
        (
            _enterprise(("统一社会信用代码", "uscc")),
            Column(
                "attribute",
                title=said("指标", "Attribute"),
                required=True,
                synonyms=("指标名称", "事项"),
                note=said(
                    "“企业”表的列名，或其他指标的名称", "A column of the sheet of enterprises, or any other name"
                ),
            ),
            Column("value", title=said("数值或内容", "Value"), required=True, synonyms=("数值", "内容", "值")),
            Column("unit", title=said("单位", "Unit"), synonyms=("计量单位",)),
            Column(
                "as_of",
                pl.Date,
                said("截至日期", "As of"),
                synonyms=("日期", "统计时点"),
                note=said("这一数值自何日起成立", "From which day the value holds"),
            ),
            Column("note", title=said("备注", "Note"), synonyms=("说明",)),
        ),
        title=said("指标", "Facts"),
        key=("enterprise", "attribute", "as_of"),
        note=said("一行一个指标。", "One row one attribute of one organisation."),
    )


@cache
def critical_inputs() -> Table:
    """Return the contract of the sheet of critical inputs: what an organisation cannot do without."""
    return Table(
        "critical_inputs",
        (*_asked(), *_item(), *_purchase(), *_situation()),
        title=said("关键物项", "Critical inputs"),
        key=("enterprise", "item", "used_for", "supplier"),
        note=said(
            "一行一个物项的一个来源。带星号的必填；不掌握的填“不清楚”，不要猜。",
            "One row one source of one item. Starred columns are required; say 'unknown' rather than guess.",
        ),
    )


def _asked() -> tuple[Column, ...]:
    """Who asks, and the five things that everybody must answer."""
    return (
        _enterprise(),
        uscc(),
        Column(
            "item",
            title=said("物项名称", "Item"),
            required=True,
            synonyms=("断供物项", "物项", "关键物项", "原辅料名称"),
            note=said(
                "产品、原辅料、设备、零部件、软件或技术",
                "A product, material, machine, component, software or technique",
            ),
        ),
        Column(
            "used_for",
            title=said("用途与下游产品", "Used for"),
            required=True,
            synonyms=("用途", "用于产品", "下游产品"),
            nullable_unknown=True,
        ),
        Column(
            "supplier_country",
            title=said("供应国别（地区）", "Country of supply"),
            required=True,
            choices=countries(),
            synonyms=("供应国别", "来源国", "原产地", "进口国别", "country"),
            nullable_unknown=True,
            note=said("货物实际生产地，不是代理商所在地", "Where it is made, not where the agent sits"),
        ),
        Column(
            "another_source",
            title=said("是否另有来源", "Another source"),
            required=True,
            choices=_YES_NO,
            synonyms=("有无其他来源", "另有来源", "有无备份"),
            nullable_unknown=True,
            note=said("除这家以外，现在能否从别处买到合格品", "Whether it can be bought elsewhere today"),
        ),
        Column(
            "stock_days",
            pl.Float64,
            said("库存可用天数", "Stock"),
            required=True,
            unit="days",
            minimum=0,
            maximum=3_660,
            synonyms=("库存天数", "库存"),
            nullable_unknown=True,
        ),
    )


def _item() -> tuple[Column, ...]:
    return (
        Column(
            "item_kind",
            title=said("物项类别", "Kind of item"),
            choices=terms(pack().item_kinds),
            synonyms=("类别",),
        ),
        Column("code", title=said("HS编码/型号/CAS号", "HS code, model or CAS"), synonyms=("HS编码", "型号", "CAS号")),
    )


def _purchase() -> tuple[Column, ...]:
    return (
        Column("supplier", title=said("当前供应商", "Supplier"), synonyms=("供应商", "供应商名称")),
        share("share", "占该物项采购比重", "Share of purchases", "采购占比", "占比", "share_percent"),
        Column(
            "lead_time_days",
            pl.Float64,
            said("正常采购周期", "Lead time"),
            unit="days",
            minimum=0,
            synonyms=("采购周期",),
            nullable_unknown=True,
        ),
        Column(
            "switch_months",
            pl.Float64,
            said("替代验证周期", "Time to switch"),
            unit="months",
            minimum=0,
            maximum=240,
            synonyms=("切换周期", "验证周期"),
            nullable_unknown=True,
            note=said("换一家合格供应商直到恢复生产要多久", "Until production runs on another source"),
        ),
        Column(
            "amount_cny",
            pl.Float64,
            said("年采购额", "Annual purchases"),
            unit="CNY",
            scale=10_000,
            minimum=0,
            synonyms=("采购额", "amount"),
            nullable_unknown=True,
        ),
    )


def _situation() -> tuple[Column, ...]:
    return (
        _output("下游产品年产值", "Annual output that depends on it", "断供会停下来的产值", "What would stop"),
        Column(
            "control",
            title=said("管制类型", "Control"),
            synonyms=("管制情况",),
            note=said(
                "实体清单、出口许可、关税、物流、质量停产等",
                "Entity list, export licence, tariff, logistics, quality stop …",
            ),
        ),
        Column(
            "substitute",
            title=said("替代情况", "Substitute"),
            choices=_SUBSTITUTES,
            synonyms=("国内替代情况", "国产替代"),
            nullable_unknown=True,
        ),
        Column("request", title=said("诉求", "Request"), synonyms=("企业诉求", "需协调事项")),
        day(
            "as_of",
            "填报日期",
            "As of",
            "截至日期",
            "统计时点",
            "数据日期",
            note=said("企业说明这些情况的日期；据此判断是否过时", "The day the enterprise said so; from it facts age"),
        ),
    )
