"""An honest file for each door: what the mutators spoil and the racers send twice."""

from tests.doors.books import Rows, text_csv, text_json
from tests.doors.faces import File
from tests.doors.world import CLASS, COUNTY, PRIMARY, SCHOOL, TOWNSHIP, id_number, xueji

PLACES: Rows = [
    ["区划代码", "名称", "学校标识码", "学校名称", "办学类型"],
    [TOWNSHIP, "白水镇", "", "", ""],
    [f"{COUNTY}003", "石门乡", "", "", ""],
    [f"{COUNTY}003001", "石门村", "", "", ""],
    [f"{COUNTY}003", "", "5399010003", "石门中学", "初级中学"],
    [TOWNSHIP, "", "5399010004", "白水小学", "小学"],
]
USERS: Rows = [
    ["用户名", "姓名", "角色", "单位代码", "班级"],
    ["jw11", "赵敏", "教务处", SCHOOL, ""],
    ["xz11", "李国强", "乡镇", TOWNSHIP, ""],
    ["bzr11", "杨春", "班主任", SCHOOL, CLASS],
]
ROSTER: Rows = [
    ["姓名", "性别", "出生日期", "身份证件类型", "身份证件号", "学籍号", "班级", "入班日期", "监护人姓名", "监护人电话"],
    ["岩香", "男", "2013-05-04", "居民身份证", id_number(0), xueji(0), CLASS, "2026-09-01", "岩温", "13812300001"],
    ["试玉", "男", "2013-05-04", "居民身份证", id_number(21), "", CLASS, "2026-09-01", "试父", "13812300002"],
    ["试香", "女", "2013-05-04", "居民身份证", id_number(22), "", CLASS, "2026-09-01", "试母", "13812300003"],
    ["试国", "男", "2013-05-04", "居民身份证", id_number(23), "", "七(2)班", "2026-09-01", "试叔", "13812300004"],
    ["试新", "男", "2013-05-04", "居民身份证", id_number(25), "", "七(3)班", "2026-09-01", "", ""],
    ["试春", "男", "2013-05-04", "居民身份证", id_number(27), "", "七(3)班", "2026-09-01", "", ""],
    ["试秋", "男", "2013-05-04", "居民身份证", id_number(29), "", "七(3)班", "2026-09-01", "", ""],
]  # fmt: skip
STATUSES: Rows = [
    ["学籍号", "学校标识码", "班级", "姓名", "状态", "开始日期", "结束日期", "证明", "审批人"],
    [xueji(0), "", "", "", "休学", "2026-09-10", "2027-01-22", "县医院证明", "县教育体育局"],
    ["", SCHOOL, CLASS, "玉叫", "送教", "2026-09-01", "2027-01-22", "残联评估", ""],
    [xueji(2), "", "", "", "借读", "2026-10-08", "2027-01-22", "在读证明", ""],
]
REGISTERS: Rows = [
    ["学校标识码", "班级", "日期", "学籍号", "标记", "说明"],
    [SCHOOL, CLASS, "2026-11-18", "", "", ""],
    [SCHOOL, CLASS, "2026-11-18", xueji(1), "缺勤", "没请假"],
    [SCHOOL, CLASS, "2026-11-19", xueji(1), "缺勤", ""],
    [SCHOOL, CLASS, "2026-11-19", xueji(2), "病假", "发烧"],
    [SCHOOL, "七(2)班", "2026-11-19", "", "停课", "大雪"],
]
CASES: Rows = [
    [
        "学籍号", "建档日期", "离校日期", "疑似辍学日期", "辍学日期", "当前步骤", "责任乡镇", "批评教育日期",
        "责令文号", "责令日期", "责令送达日期", "限期天数", "备注",
    ],
    [
        xueji(0), "2026-09-21", "2026-09", "2026-09-16", "约2026-10-09", "责令改正", TOWNSHIP,
        "2026-10-12", "白政责改〔2026〕第3号", "2026-11-05", "2026-11-12", "7", "随父务工",
    ],
    [xueji(3), "2026-10-21", "2026-10-13", "", "", "劝返", TOWNSHIP, "", "", "", "", "", ""],
]  # fmt: skip
COHORTS: Rows = [
    ["单位代码", "入学年份", "截至日期", "入学人数", "转入", "转出", "死亡", "来源"],
    [COUNTY, "2017", "2026-08-31", "1000", "60", "110", "2", "2017年学籍年报"],
    [PRIMARY, "2018", "2026-08-31", "120", "4", "7", "0", "2018年学籍年报"],
]
TABLES: dict[str, Rows] = {
    "places": PLACES, "users": USERS, "roster": ROSTER, "statuses": STATUSES,
    "registers": REGISTERS, "cases": CASES, "cohorts": COHORTS,
}  # fmt: skip
ENTRIES: dict[str, list[dict[str, str]]] = {
    "calendar": [
        {"scope": COUNTY, "from": "2026-12-31", "to": "2026-12-31", "kind": "holiday", "reason": "换课"},
        {"scope": SCHOOL, "from": "2026-12-07", "to": "2026-12-08", "kind": "closure", "reason": "大雪"},
        {"scope": f"{COUNTY}/grade:7,8", "from": "2026-12-12", "to": "2026-12-12", "kind": "make_up", "reason": "补课"},
    ],
    "policies": [
        {"scope": COUNTY, "key": "flag_days", "value": "2", "from": "2026-09-01", "source": "县控辍办〔2026〕3号"},
    ],
}  # fmt: skip


def honest(door: str) -> File:
    """The file as its clerk means it; every door takes it whole."""
    if door in TABLES:
        return File(f"{door}.csv", text_csv(TABLES[door]))
    return File(f"{door}.json", text_json(ENTRIES[door]))
