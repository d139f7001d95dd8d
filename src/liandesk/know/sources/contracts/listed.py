"""The sheets of what bureaus, towns and institutions keep lists of: technologies, leads, space, resources, titles …"""

from __future__ import annotations

from functools import cache

import polars as pl

from liandesk.know.sources.contracts.common import (
    choice,
    day,
    figure,
    organisation,
    said,
    text,
    town,
    uscc,
    zone,
)
from liankit.tables import Choice, Column, Table

TECHNOLOGY_KINDS = (
    Choice("process", "工艺", "Process", ("制备工艺", "生产工艺")),
    Choice("know_how", "技术诀窍", "Know-how", ("专有技术", "诀窍", "配方", "know how")),
    Choice("equipment", "装备", "Equipment", ("设备", "仪器")),
    Choice("method", "方法", "Method", ("检测方法", "分析方法", "软件", "算法")),
)
TECHNOLOGY_STATUS = (
    Choice("imported", "引进", "Imported", ("进口", "国外引进", "受制于人", "依赖进口")),
    Choice("own", "自主", "Own", ("自主研发", "自主可控", "自研", "国产")),
)
BACKUP_KINDS = (
    Choice("domestic", "国产备份", "Domestic backup", ("国产替代", "国产")),
    Choice("other_site", "异地备份", "Backup at another site", ("异地",)),
    Choice("technology_reserve", "技术储备", "Technology in reserve"),
    Choice("talent_reserve", "人才储备", "People in reserve"),
    Choice("data_backup", "数据备份", "Data backup"),
)
ALERTS = (
    Choice("red", "红", "Red", ("红色", "一级", "红色预警")),
    Choice("orange", "橙", "Orange", ("橙色", "二级", "橙色预警")),
    Choice("yellow", "黄", "Yellow", ("黄色", "三级", "黄色预警")),
    Choice("blue", "蓝", "Blue", ("蓝色", "四级", "蓝色预警")),
)
SPACE_KINDS = (
    Choice("parcel", "地块", "Parcel", ("出让地块", "工业用地", "净地")),
    Choice("plant", "厂房", "Plant", ("标准厂房", "存量厂房", "车间")),
    Choice("floor", "楼层", "Floor", ("楼宇", "写字楼", "实验楼层", "办公用房")),
    Choice("land_reserve", "储备用地", "Land reserve", ("储备地", "收储地块")),
)
RESOURCE_KINDS = (
    Choice("laboratory", "实验室", "Laboratory", ("重点实验室", "研发平台")),
    Choice("biobank", "样本库", "Biobank", ("生物样本库", "细胞库", "基因库", "蛋白库")),
    Choice("testing", "检验检测", "Testing", ("检测", "检测平台", "检验")),
    Choice("animal_study", "动物实验", "Animal studies", ("动物试验", "安评")),
    Choice("human_study", "人体试验", "Human studies", ("临床试验机构", "一期病房", "GCP")),
    Choice("other", "其他", "Other", ("其它",)),
)
LEVELS = (
    Choice("national", "国家级", "National", ("国家",)),
    Choice("provincial", "省级", "Provincial", ("省",)),
    Choice("municipal", "市级", "Municipal", ("市",)),
    Choice("district", "区级", "District", ("区", "县级", "区（县）级")),
)
PHASES = (
    Choice("phase_1", "I期", "Phase 1", ("一期", "1期", "phase I", "1", "Ⅰ期")),
    Choice("phase_1_2", "I/II期", "Phase 1/2", ("一二期", "1/2期", "phase I/II", "1/2")),
    Choice("phase_2", "II期", "Phase 2", ("二期", "2期", "phase II", "2", "Ⅱ期")),
    Choice("phase_2_3", "II/III期", "Phase 2/3", ("二三期", "2/3期", "phase II/III", "2/3")),
    Choice("phase_3", "III期", "Phase 3", ("三期", "3期", "phase III", "3", "Ⅲ期")),
    Choice("phase_4", "IV期", "Phase 4", ("四期", "4期", "phase IV", "4", "Ⅳ期")),
    Choice("bioequivalence", "BE", "Bioequivalence", ("生物等效性", "BE试验", "生物等效性试验")),
    Choice("device", "器械", "Device", ("医疗器械", "器械临床")),
    Choice("other", "其他", "Other", ("其它", "IIT", "研究者发起")),
)
SITE_KINDS = (
    Choice("plant", "生产厂区", "Plant", ("厂区", "工厂", "生产基地", "车间")),
    Choice("laboratory", "研发场所", "Laboratory", ("实验室", "研发中心")),
    Choice("warehouse", "仓储", "Warehouse", ("仓库",)),
    Choice("office", "办公场所", "Office", ("总部", "办公")),
)


def _contact() -> Column:
    return text(
        "contact_office", "联系单位", "Contact office", "联系部门", "责任单位", "牵头单位", "对接单位", "对接部门"
    )


@cache
def technologies() -> Table:
    """Return the contract of the backup list of key core technologies: the columns governments ask for."""
    return Table(
        "technologies",
        (*_technology(), *_backup()),
        title=said("技术备份", "Technologies and their backup"),
        key=("name",),
        note=said("一行一项技术。只有名称必填。", "One row one technology; only its name is required."),
    )


def _technology() -> tuple[Column, ...]:
    return (
        text("name", "技术名称", "Technology", "核心技术名称", "关键核心技术", "技术", required=True),
        choice("technology_kind", "技术类别", "Kind of technology", TECHNOLOGY_KINDS, "技术类型"),
        text("segment", "所属环节", "Segment", "产业环节", "产业链环节", "细分领域"),
        text("risk_item", "对应风险物项", "Item at risk", "风险物项", "对应物项", "断供物项"),
        choice("status", "现状", "Status", TECHNOLOGY_STATUS, "技术现状", "技术来源"),
        text("foreign_holder", "国外主体/专利壁垒", "Foreign holder or patent", "国外主体", "专利壁垒", "技术持有方"),
        Column(
            "trl",
            pl.Int64,
            said("技术成熟度", "Technology readiness level"),
            minimum=1,
            maximum=13,
            synonyms=("TRL", "成熟度", "成熟度等级"),
            note=said("GB/T 22900 级数，1 至 13", "The level of GB/T 22900, 1 to 13"),
            nullable_unknown=True,
        ),
    )


def _backup() -> tuple[Column, ...]:
    return (
        choice("backup_kind", "备份类型", "Kind of backup", BACKUP_KINDS, "备份方式"),
        organisation(
            "备份单位", "Backup organisation", "备份承担单位", "承担单位", name="backup_organisation", required=False
        ),
        text("project", "攻关项目", "Research project", "攻关项目名称", "尖兵领雁项目"),
        text("milestone", "里程碑", "Milestone", "阶段目标"),
        text("verifier", "验证单位/首用户", "Verifier or first user", "验证单位", "首用户"),
        day("switchable_on", "预计可切换日期", "Switchable on", "可切换日期", "预计切换时间"),
        choice("ip_alert", "知识产权预警级别", "Alert of intellectual property", ALERTS, "预警级别", "知识产权预警"),
    )


@cache
def leads() -> Table:
    """Return the contract of the sheet of investment leads."""
    return Table(
        "leads",
        (
            text("name", "线索名称", "Lead", "项目名称", "线索", "招商项目", required=True),
            text("organisation", "意向企业", "Company concerned", "企业名称", "项目单位", "落地企业"),
            text("stage", "进展阶段", "Stage", "阶段", "进展", "项目进展"),
            text("investor", "投资方", "Investor", "投资主体", "投资方名称"),
            figure("amount_cny", "意向投资额", "Intended investment", "CNY", "投资额", "总投资", scale=10_000),
            town(),
            zone(),
            day("received_on", "收到日期", "Received on", "线索日期", "登记日期", "获取日期", "首次对接日期"),
            _contact(),
            text("note", "备注", "Note", "说明"),
        ),
        title=said("招商线索", "Leads"),
        key=("name",),
        note=said("一行一条线索。只有名称必填。", "One row one lead; only its name is required."),
    )


@cache
def space() -> Table:
    """Return the contract of the sheet of space that can be taken: parcels, plants, floors."""
    return Table(
        "space",
        (
            text("name", "空间名称", "Space", "地块名称", "厂房名称", "载体名称", "名称", required=True),
            choice("space_kind", "空间类型", "Kind of space", SPACE_KINDS, "载体类型", "类型"),
            figure("area_m2", "面积", "Area", "m2", "可用面积", "建筑面积", "占地面积"),
            figure("floor_load", "楼面荷载", "Floor load", "t/m2", "荷载", "承重", "楼面承重"),
            figure("clear_height_m", "净高", "Clear height", "m", "层高"),
            figure("power_kva", "电力容量", "Power", "kVA", "供电容量", "配电容量"),
            text("environmental_limits", "环保限制", "Environmental limits", "环评限制", "环境准入", "准入要求"),
            text("owner", "权属单位", "Owner", "业主", "产权单位", "出租方"),
            town(),
            zone(),
            day("free_from", "可用日期", "Free from", "空置起始日期", "可入驻日期", "可交付日期"),
        ),
        title=said("存量空间", "Space"),
        key=("name",),
        note=said("一行一处。只有名称必填。", "One row one place; only its name is required."),
    )


@cache
def resources() -> Table:
    """Return the contract of the sheet of shared resources: laboratories, biobanks, testing, studies."""
    return Table(
        "resources",
        (
            text("name", "资源名称", "Resource", "平台名称", "设施名称", "名称", required=True),
            choice("resource_kind", "资源类型", "Kind of resource", RESOURCE_KINDS, "平台类型", "类型"),
            organisation("依托单位", "Organisation", "建设单位", "所属单位", "运营单位", required=False),
            uscc(),
            text("open_to", "开放对象", "Open to", "服务对象", "开放范围"),
            text("capacity", "服务能力", "Capacity", "容量", "能力"),
            text("accreditation", "资质认定", "Accreditation", "资质", "认证"),
            _contact(),
        ),
        title=said("共享资源", "Shared resources"),
        key=("name",),
        note=said("一行一项资源。只有名称必填。", "One row one resource; only its name is required."),
    )


@cache
def titles() -> Table:
    """Return the contract of the sheet of dated titles that organisations hold."""
    return Table(
        "titles",
        (
            organisation("企业名称", "Enterprise", "单位名称", "公司名称", "企业", "获评单位", "认定单位"),
            uscc(),
            text("title", "荣誉资质", "Title", "称号", "荣誉", "资质名称", "荣誉名称", "认定名称", required=True),
            choice("level", "级别", "Level", LEVELS, "认定级别", "等级"),
            day(
                "awarded_on",
                "获得日期",
                "Awarded on",
                "认定日期",
                "获评日期",
                "授予时间",
                "授予日期",
                "认定时间",
                "获评时间",
            ),
            day("expires_on", "有效期至", "Expires on", "到期日期", "有效期", "失效日期", "有效截止"),
            text("document", "文号", "Document", "认定文件", "文件号", "依据文件"),
        ),
        title=said("荣誉资质", "Titles"),
        key=("organisation", "title", "awarded_on"),
        note=said("一行一家单位的一项。", "One row one title of one organisation."),
    )


@cache
def trials() -> Table:
    """Return the contract of the sheet of clinical trials: one row a trial at one hospital, with its start-up dates."""
    return Table(
        "trials",
        (
            text("trial", "试验登记号或名称", "Trial", "登记号", "试验名称", "临床试验", "项目名称", required=True),
            organisation("试验机构", "Hospital", "医院", "临床试验机构", "研究中心", name="hospital", required=False),
            organisation("申办方", "Sponsor", "申办者", "委托方", "申办单位", name="sponsor", required=False),
            choice("phase", "试验分期", "Phase", PHASES, "分期", "期别"),
            day("received_on", "受理日期", "Received on", "资料接收日期", "递交日期"),
            day("approved_on", "立项日期", "Approved on", "机构立项日期", "批准日期"),
            day("ethics_on", "伦理批准日期", "Ethics approval", "伦理审查日期", "伦理通过日期"),
            day("contract_on", "合同签署日期", "Contract signed", "合同日期", "签约日期"),
            day("site_initiated_on", "中心启动日期", "Site initiated", "启动会日期", "启动日期"),
            day("first_patient_on", "首例入组日期", "First patient in", "首例受试者入组", "FPI"),
        ),
        title=said("临床试验", "Clinical trials"),
        key=("trial", "hospital"),
        note=said("一行一项试验在一家机构。日期按实际发生填。", "One row one trial at one hospital; actual dates."),
    )


@cache
def sites() -> Table:
    """Return the contract of the sheet of sites: where organisations work."""
    return Table(
        "sites",
        (
            organisation("企业名称", "Enterprise", "单位名称", "公司名称", "企业", "使用单位"),
            uscc(),
            text("name", "场所名称", "Site", "厂区名称", "地点名称", required=True),
            choice("site_kind", "场所类型", "Kind of site", SITE_KINDS, "类型"),
            text("address", "地址", "Address", "详细地址", "生产地址"),
            town(),
            zone(),
        ),
        title=said("场所", "Sites"),
        key=("organisation", "name"),
        note=said("一行一家单位的一处场所。", "One row one site of one organisation."),
    )
