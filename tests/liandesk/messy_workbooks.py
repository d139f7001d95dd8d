"""Five files as offices make them: titles above, two merged lines of heads, notes beneath, 约 and 万元 mixed, GBK."""

from __future__ import annotations

from pathlib import Path

import xlsxwriter
from tests.liandesk.source_files import GOOD_CODE, write_xlsx


def leads_of_commerce(path: Path) -> Path:
    """Merged two-line heads under a title and a unit line; notes and a signature beneath; five styles of dates."""
    rows = [
        ["1", "某CGT载体项目", "甲生物（意向）", "洽谈中", "约３００万", "塘栖镇", "2024-01-05", "商务局"],
        ["2", "某ADC项目", "", "签约", "1.2亿元", "东湖街道", "2024/2/6", "商务局"],
        ["3", "某制剂项目", "乙制药", "跟踪", "500-700", "", "2024.3.7", ""],
        ["4", "某器械项目", "", "洽谈中", "8000", "运河街道", "2024年4月8日", "商务局"],
        ["5", "某检测项目", "丙检测", "签约", "不清楚", "", "20240509", ""],
    ]
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("9月")
        sheet.merge_range(0, 0, 0, 7, "2024年1-9月招商引资在谈项目情况表")
        sheet.write(1, 6, "单位：万元")
        sheet.merge_range(2, 0, 3, 0, "序号")
        sheet.merge_range(2, 1, 2, 3, "项目情况")
        sheet.merge_range(2, 4, 2, 5, "投资落地")
        sheet.merge_range(2, 6, 3, 6, "首次接洽时间")
        sheet.merge_range(2, 7, 3, 7, "对接部门")
        sheet.write_row(3, 1, ["线索项目名称", "意向落地企业", "目前进展", "计划总投资", "拟落镇街"])
        for number, row in enumerate(rows, start=4):
            sheet.write_row(number, 0, row)
        sheet.write(10, 0, "注：以上为初步接洽情况，以签约为准。")
        sheet.write(11, 0, "填表人：张三")
    return path


def supply_of_an_enterprise(path: Path) -> Path:
    """Heads in the enterprise's own words; shares as text, 3-5天, full-width digits, a total at the end."""
    heads = [
        "供货厂家",
        "我方（采购单位）",
        "采购的物料名称",
        "一年采购金额（万元）",
        "所占比例",
        "独家供应吗",
        "到货周期",
        "原产国",
    ]
    rows = [
        ["杭州甲试剂有限公司", "临平乙医药有限公司", "培养基", "１２０", "60%", "否", "3-5天", "中国"],
        ["Cytiva Sweden AB", "临平乙医药有限公司", "层析填料", "约300万", "100%", "是", "90天", "瑞典"],
        ["上海丙耗材有限公司", "临平乙医药有限公司", "一次性反应袋", "45.5", "", "", "2周", "中国"],
    ]
    return write_xlsx(path, {"Sheet1": [heads, *rows, ["合计", "", "", "465.5"]]})


def titles_of_the_bureau(path: Path) -> Path:
    """Semicolons and GBK; the name of the enterprise under another word; one row whose date is no date."""
    lines = [
        "获评企业;信用代码;荣誉称号;称号级别;授予日期;有效截止",
        f"临平乙医药有限公司;{GOOD_CODE};专精特新小巨人;国家级;2023-07-01;2026-06-30",
        "临平丙器械有限公司;;高新技术企业;国家;2022年12月24日;2025.12.23",
        "临平丁生物有限公司;;隐形冠军;省级;二〇二三年;",
    ]
    path.write_bytes("\n".join(lines).encode("gbk"))
    return path


def several_sheets(path: Path) -> Path:
    """Technologies, space and a sheet of explanations in one workbook."""
    technologies = [
        ["关键核心技术摸底表"],
        ["技术名", "产业链所属环节", "进口还是自主", "成熟度TRL", "备份的类型", "预计何时可切换"],
        ["层析填料制备", "生物药", "引进", "6", "国产备份", "2025年6月30日"],
        ["慢病毒载体放大", "细胞与基因治疗", "自主", "7", "技术储备", ""],
    ]
    space = [
        ["厂房或地块名", "种类", "可用面积（亩）", "层高（米）", "在哪个镇街", "何时空出"],
        ["生物谷3号厂房", "标准厂房", "15", "6.5", "东湖街道", "2024-12-01"],
        ["运河地块A", "工业用地", "40", "", "运河街道", ""],
    ]
    words = [["填报说明"], ["请各单位于9月30日前报送。"]]
    return write_xlsx(path, {"填报说明": words, "技术摸底": technologies, "空间": space})


def enterprises_without_a_head(path: Path) -> Path:
    """A list pasted without its head."""
    rows = [
        ["临平乙医药有限公司", GOOD_CODE, "东湖街道", "生物药"],
        ["临平丙器械有限公司", "", "塘栖镇", "高端器械"],
        ["临平丁生物有限公司", "", "运河街道", "细胞与基因治疗"],
    ]
    return write_xlsx(path, {"Sheet1": rows})


MESSY = {
    "leads": leads_of_commerce,
    "supply": supply_of_an_enterprise,
    "titles": titles_of_the_bureau,
    "several": several_sheets,
    "headless": enterprises_without_a_head,
}
NAMES = {
    "leads": "招商.xlsx",
    "supply": "供应.xlsx",
    "titles": "荣誉.csv",
    "several": "摸底.xlsx",
    "headless": "名单.xlsx",
}


def write_messy(folder: Path) -> dict[str, Path]:
    """Write the five files; return them by their short name."""
    return {key: write(folder / NAMES[key]) for key, write in MESSY.items()}
