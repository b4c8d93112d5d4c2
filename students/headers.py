"""Which column of a roster means what: by its heading and aliases, never by its position.

Layouts H01 (national 学籍 template), H03 (school export with a merged title) and H05 (import of
pupils not yet verified) are recognised, our own template, and any table whose headings are known.
"""

import re
from collections.abc import Mapping, Sequence

from accounts.file_door.headings import (
    LONGEST_HEADING,
    LOOK_AT,
    Column,
    Header,
    Headings,
    refuse_doubles,
)
from regions.rules.values import BadValue, plain

LEAST_FIELDS = 3

# The columns of our own template, in its order.
TEMPLATE = {
    "school_code": "学校标识码",
    "school_name": "学校名称",
    "name": "姓名",
    "sex": "性别",
    "birth_on": "出生日期",
    "ethnicity": "民族",
    "id_doc_type": "身份证件类型",
    "id_no": "身份证件号",
    "xueji_no": "学籍号",
    "grade": "年级",
    "class_name": "班级",
    "seat_no": "班内学号",
    "entry_month": "入学年月",
    "joined_on": "入班日期",
    "boarding": "就读方式",
    "household_code": "户口所在地行政区划",
    "household_address": "户籍地址",
    "residence_code": "现住址行政区划",
    "residence_address": "现住址",
    "left_behind": "是否留守儿童",
    "guardian1_name": "监护人姓名",
    "guardian1_relation": "监护人关系",
    "guardian1_phone": "监护人电话",
    "guardian1_id_no": "监护人身份证件号",
    "guardian2_name": "监护人2姓名",
    "guardian2_relation": "监护人2关系",
    "guardian2_phone": "监护人2电话",
    "guardian2_id_no": "监护人2身份证件号",
}

ALIASES = {
    "name": "姓名 学生姓名 学生 名字 学生名字",
    "sex": "性别 学生性别",
    "birth_on": "出生日期 出生年月 出生年月日 生日 出生 出生时间",
    "ethnicity": "民族",
    "nationality": "国籍/地区 国籍 国籍地区 国籍或地区 国家/地区",
    "id_doc_type": "身份证件类型 证件类型 身份证类型",
    "id_no": "身份证件号 身份证件号码 证件号 身份证号 身份证 证件号码 身份证号码 证件编号 "
    "公民身份号码 公民身份证号 公民身份证号码 学生身份证号 学生身份证号码 学生身份证件号",
    "xueji_no": "学籍号 全国学籍号 全国学籍号码 国网学籍号 国家学籍号 学籍号码 学生学籍号",
    # A province's own number. Some importers call 学籍号 so; here it is the national one.
    "aux_no": "学籍辅号 省学籍辅号 省学籍号 省学籍 学籍副号",
    "school_code": "学校标识码 学校(机构)标识码 学校机构标识码 标识码 学校代码 学校编码 学校编号",
    "school_name": "学校名称 学校 就读学校 所在学校 现就读学校",
    "grade": "年级 年级名称 所在年级 就读年级 所属年级",
    "class_name": "班级 班别 所属班级 行政班 班级名称 所在班级 就读班级 行政班级",
    "class_no": "班号 班级号 班级编号",
    "seat_no": "班内学号 座号 班内序号",
    "entry_month": "入学年月 入学时间 入学日期",
    "joined_on": "入班日期 入班时间 进班日期",
    "boarding": "就读方式 是否寄宿生 是否寄宿 是否住校 是否住校生 寄宿情况",
    "household_kind": "户口性质 户口类型 户籍性质",
    "household_code": "户口所在地行政区划 户口所在地行政区划代码 户籍地行政区划 户籍地行政区划代码 "
    "户籍行政区划代码 户籍地区划代码",
    "household_address": "户籍地址 户口所在地 户籍所在地 户籍地 户口地址 户籍住址 户口所在地址",
    "household_province": "户籍地(省)",
    "household_city": "户籍地(市)",
    "household_county": "户籍地(区/县) 户籍地(县) 户籍地(县/区)",
    "household_township": "户籍地(乡/镇) 户籍地(乡镇) 户籍地(镇/乡)",
    "household_village": "户籍地(村) 户籍地(村/社区)",
    "household_detail": "户籍详细地址 户籍地详细地址 户籍地(详细地址)",
    "residence_code": "现住址行政区划 现住址行政区划代码 居住地行政区划 "
    "居住地行政区划代码 现住址区划代码",
    "residence_address": "现住址 现居住地址 现居住地 居住地址 现在住址 现住地址",
    "home_address": "家庭住址 住址 地址 家庭地址",
    "phone": "联系电话 电话 手机 手机号 联系手机 手机号码 电话号码 联系方式",
    "own_phone": "本人手机号 学生手机号 本人电话 本人手机",
    "left_behind": "是否留守儿童 留守儿童 是否留守",
    "orphan": "是否孤儿 孤儿",
    "low_income": "是否低保 低保 是否低保户",
    "lifted_household": "是否建档立卡贫困户 是否建档立卡 建档立卡贫困户 是否脱贫户 脱贫户",
    "migrant": "是否进城务工人员随迁子女 是否随迁子女 随迁子女 进城务工人员随迁子女",
    "disabled": "是否残疾幼儿 是否残疾 是否残疾儿童 是否残疾学生",
    "disability": "残疾类型 残疾幼儿类别 残疾类别",
    "health": "健康状况",
    "inclusive_placement": "随班就读",
    "note": "备注 说明",
}
GUARDIAN_ALIASES = {
    "name": "{} {}姓名",
    "relation": "{}关系 {}与学生关系 {}与本人关系",
    "phone": "{}电话 {}联系电话 {}手机 {}手机号 {}电话号码",
    "is_guardian": "{}是否监护人",
    "id_type": "{}身份证件类型 {}证件类型",
    "id_no": "{}身份证件号 {}身份证件号码 {}身份证号 {}身份证号码 {}证件号 {}证件号码",
    "address": "{}现住址 {}住址 {}地址",
    "work": "{}工作单位",
}
CALLED = {
    "guardian1": (
        "监护人", "监护人1", "监护人一", "第一监护人", "家长", "家长1", "成员1", "家长(监护人)",
        "监护人(家长)",
    ),
    "guardian2": ("监护人2", "监护人二", "第二监护人", "家长2", "成员2"),
    "father": ("父亲", "父", "爸爸", "监护人(父亲)", "监护人(父)", "家长(父亲)", "父亲(监护人)"),
    "mother": ("母亲", "母", "妈妈", "监护人(母亲)", "监护人(母)", "家长(母亲)", "母亲(监护人)"),
}  # fmt: skip
# The names over several columns of a table whose headings stand in two rows.
GROUPS = frozenset(name for names in CALLED.values() for name in names) | {"监护人信息", "家长信息"}
FIRST_GUARDIAN_ONLY = {
    "relation": ("与本人关系", "与学生关系", "与监护人关系"),
}
# Headings we know and do not keep.
NOT_KEPT = (
    "序号 出生地 出生地行政区划代码 籍贯 港澳台侨外 政治面貌 入学方式 通信地址 邮政编码 "
    "是否独生子女 是否受过学前教育 是否需要申请资助 是否享受一补 是否烈士或优抚子女 "
    "上下学距离 上下学方式 是否需要乘坐校车 曾用名 身份证件有效期 血型 特长 学生来源 "
    "电子信箱 主页地址 是否由政府购买学位 姓名拼音 照片 入园日期 是否接受资助 毕业学校 "
    "生源地(省) 生源地(市) 招生方式 报考志愿 考点 准考证号 准考试证号 准考证 考号 考生号 "
    "考试号 考试成绩 学号 学生学号 年龄 成员1关系说明 成员1户口所在地行政区划 成员1民族 "
    "成员1职务 成员2关系说明 成员2户口所在地行政区划 成员2民族 成员2职务"
)
UNUSED = frozenset(NOT_KEPT.split())
# Headings that only one layout has; the first layout with all of its marks present is it.
MARKS = {
    "H01": {"班号", "成员1姓名", "是否进城务工人员随迁子女"},
    "H03": {"班级名称", "户口所在地", "是否寄宿生"},
    "H05": {"户籍地(省)", "户籍详细地址", "监护人姓名"},
    "template": {"身份证件号", "班级", "户籍地址", "监护人身份证件号"},
}
# Tables that hold something else than a school's roll, known by headings no roster has.
OTHER_TABLES = (
    ({"应接受义务教育未接受适龄儿童少年姓名"}, "这是村级未入学儿童名单，不是学校花名册"),
    ({"节次", "缺勤学生姓名"}, "这是班级考勤表，不是学校花名册"),
    ({"毕业生数", "巩固率"}, "这是巩固率统计表，不是学校花名册"),
    ({"与户主关系", "证件号码"}, "这是脱贫监测家庭成员表，不是学校花名册"),
)
HOUSEHOLD_PARTS = tuple(
    f"household_{part}" for part in ("province", "city", "county", "township", "village", "detail")
)
# A weaker heading stands in where the stronger one is missing: H01 has both addresses.
STANDS_IN = {"residence_address": "home_address"}
REMARK = re.compile(
    r"\((?:[^()]{0,40}(?:[填选必]|[A-Za-z0-9]|如|格式|例|文本|代码)[^()]{0,40}|男/女|是/否)\)$"
)
DECORATION = re.compile(r"[\s*★☆※::]|\(必填项?\)|\(选填项?\)|\(可选\)|\[必填\]|\[选填\]")


def _fields() -> dict[str, frozenset[str]]:
    fields = {name: set(aliases.split()) for name, aliases in ALIASES.items()}
    for guardian, names in CALLED.items():
        for part, pattern in GUARDIAN_ALIASES.items():
            fields[f"{guardian}_{part}"] = {
                alias for name in names for alias in pattern.replace("{}", name).split()
            }
    for part, aliases in FIRST_GUARDIAN_ONLY.items():
        fields[f"guardian1_{part}"].update(aliases)
    for name, heading in TEMPLATE.items():
        fields[name].add(heading)
    return {name: frozenset(aliases) for name, aliases in fields.items()}


FIELDS: Mapping[str, frozenset[str]] = _fields()
MEANING = {alias: name for name, aliases in FIELDS.items() for alias in aliases}


def heading(cell: object) -> str:
    """A heading without line breaks, blanks, stars and （必填）; "" for what is too long to be one."""
    if isinstance(cell, str) and len(cell) > LONGEST_HEADING:
        return ""
    return DECORATION.sub("", plain(cell))


def meaning(cell: object) -> str | None:
    """The field a heading names, or None."""
    text = heading(cell)
    return MEANING.get(text) or MEANING.get(REMARK.sub("", text))


def find_header(rows: Sequence[Sequence[object]]) -> Header | None:
    """The row of headings, below titles and 填报单位 lines; None when there is none. BadValue for a
    table of something else, or when two columns name one field.

    Headings may stand in two rows: 父亲 over 姓名 and 电话 is 父亲姓名 and 父亲电话.
    """
    for index, row in enumerate(rows[:LOOK_AT]):
        present = {heading(cell) for cell in row}
        _refuse_other_tables(present)
        claims = _claims(row)
        if "name" not in claims:
            continue
        below = rows[index + 1] if index + 1 < len(rows) else []
        if joined := _joined(row, below):
            return _header(index + 1, joined, _claims(joined), {heading(cell) for cell in joined})
        if len(claims) >= LEAST_FIELDS:
            return _header(index, row, claims, present)
    return None


def _joined(upper: Sequence[object], lower: Sequence[object]) -> list[object] | None:
    """One row of headings from two; None when the second row is no part of them."""
    joined, group, parts = list(upper), "", 0
    for place, cell in enumerate(lower):
        above = heading(upper[place])
        group = above if above else group
        part = heading(cell)
        if not part:
            continue
        if group not in GROUPS or MEANING.get(group.removesuffix("信息") + part) is None:
            return None
        joined[place] = group.removesuffix("信息") + part
        parts += 1
    return joined if parts > 1 else None


def _claims(row: Sequence[object]) -> dict[str, list[int]]:
    claims: dict[str, list[int]] = {}
    for column, cell in enumerate(row):
        if isinstance(cell, str) and (name := meaning(cell)):
            claims.setdefault(name, []).append(column)
    return claims


def _header(
    index: int, row: Sequence[object], claims: Mapping[str, list[int]], present: set[str]
) -> Header:
    refuse_doubles(claims.values(), [heading(cell) for cell in row])
    kept = {name: found[0] for name, found in claims.items()}
    for name, stand_in in STANDS_IN.items():
        if name not in kept and stand_in in kept:
            kept[name] = kept.pop(stand_in)
    others = [text for cell in row if (text := plain(cell)) and meaning(cell) is None]
    return Header(
        row_index=index,
        columns=kept,
        unknown=[text for text in others if not _is_unused(text)],
        layout=_layout(present),
        unused=[text for text in others if _is_unused(text)],
        headings={name: heading(row[column]) for name, column in kept.items()},
    )


def _is_unused(text: str) -> bool:
    return heading(text) in UNUSED or REMARK.sub("", heading(text)) in UNUSED


def _layout(present: set[str]) -> str:
    return next((layout for layout, marks in MARKS.items() if marks <= present), "other")


def _refuse_other_tables(present: set[str]) -> None:
    for marks, what in OTHER_TABLES:
        if marks <= present:
            raise BadValue(f"{what}，请换成花名册，或下载本系统的模板填写后再传。")


def household_address(cells: Mapping[str, object]) -> str:
    """户籍地址 from one column, or joined from 省 市 县 乡 村 and the detail; "" where none is."""
    if whole := plain(cells.get("household_address")):
        return whole
    parts = [plain(cells.get(part)) for part in HOUSEHOLD_PARTS]
    joined, detail = "".join(parts[:-1]), parts[-1]
    return detail if joined and detail.startswith(parts[0]) and parts[0] else joined + detail


# What a record keeps of a text; columns that are known and not kept take any.
LONGEST = {
    "name": 60, "household_address": 120, "residence_address": 120, "home_address": 120,
    "household_detail": 120, "class_name": 40, "grade": 40, "school_name": 80, "school_code": 20,
    "guardian1_name": 60, "guardian2_name": 60, "father_name": 60, "mother_name": 60,
    "guardian1_relation": 20, "guardian2_relation": 20,
}  # fmt: skip
NUMBERS = ("id_no", "xueji_no", "aux_no", "phone", "own_phone")
FILLED = ("school_", "grade", "class_", "household_", "residence_", "home_address", "entry_month")
NOT_READ = {"note", "health", "disability", "inclusive_placement", "aux_no", "own_phone",
            "household_kind"}  # fmt: skip
ANY_LENGTH = 10**6


def _column(name: str, aliases: frozenset[str]) -> Column:
    unread = name in NOT_READ or name.endswith(("_address", "_work", "_is_guardian"))
    longest = LONGEST.get(name, ANY_LENGTH if unread else 200)
    secret = name.endswith(NUMBERS)
    days = name in ("birth_on", "joined_on")
    return Column(name, tuple(aliases), longest, secret, filled=name.startswith(FILLED), day=days)


NO_HEADER = "没有找到表头：请保留含“姓名”和“班级”“身份证件号”等列名的那一行，或改用本系统的模板。"
ROSTER_HEADINGS = Headings(
    find_header, {name: _column(name, aliases) for name, aliases in FIELDS.items()}, NO_HEADER
)
