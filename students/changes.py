"""What a roster row would change on a child, in words for the preview and values for the writing."""

from students import enums
from students.models import Student
from students.rows import TRAITS, Person, RosterRow
from students.rules import spellings
from students.rules.identity import mask_id, mask_phone

FIELD_NAMES = {
    "name": "姓名", "sex": "性别", "birth_on": "出生日期", "ethnicity": "民族",
    "nationality": "国籍", "id_doc_type": "证件类型", "boarder": "就读方式",
    "left_behind": "留守", "household_address": "户籍地址", "residence_address": "现住址",
}  # fmt: skip
CODED = {
    "ethnicity": spellings.ETHNICITY, "nationality": spellings.NATIONALITY,
    "id_doc_type": spellings.ID_DOC_TYPE, "left_behind": spellings.LEFT_BEHIND,
    "sex": spellings.SEX,
}  # fmt: skip

Change = tuple[str, str, str]


def shown(name: str, value: object) -> str:
    """A value as the preview shows it."""
    if name == "boarder":
        return "住校" if value else "走读"
    if name in CODED and value:
        return CODED[name].labels.get(str(value), str(value))
    return str(value) if value not in (None, "") else "（空）"


def field_changes(student: Student, row: RosterRow) -> list[Change]:
    """Changed fields of the child, as (label, old, new)."""
    changes = []
    for name, label in FIELD_NAMES.items():
        if name in row.given and getattr(student, name) != row.given[name]:
            changes.append(
                (label, shown(name, getattr(student, name)), shown(name, row.given[name]))
            )
    for trait, value in row.traits.items():
        if student.traits.get(trait) != value:
            before = {True: "是", False: "否"}.get(student.traits.get(trait), "（空）")
            changes.append((TRAITS[trait], before, "是" if value else "否"))
    return changes


def number_changes(student: Student, row: RosterRow) -> list[Change]:
    changes = []
    if row.id_no and student.id_no != row.id_no:
        changes.append(("证件号", mask_id(student.id_no) or "（空）", mask_id(row.id_no)))
    if row.xueji_no and student.xueji_no != row.xueji_no:
        changes.append(("学籍号", mask_id(student.xueji_no) or "（空）", mask_id(row.xueji_no)))
    return changes


def guardian_changes(student: Student, people: list[Person]) -> list[Change]:
    standing = list(student.guardians.all())
    changes = []
    for order, person in enumerate(people, 1):
        now = next((one for one in standing if one.order == order), None)
        if now is None:
            changes.append(("监护人", "（空）", person.name))
            continue
        if now.name != person.name:
            changes.append(("监护人", now.name, person.name))
        if person.relation and now.relation != person.relation:
            changes.append(("监护人关系", now.relation or "（空）", person.relation))
        if person.phone and now.phone != person.phone:
            changes.append(
                ("监护人电话", mask_phone(now.phone) or "（空）", mask_phone(person.phone))
            )
        if person.id_no and now.id_no != person.id_no:
            changes.append(("监护人证件号", mask_id(now.id_no) or "（空）", mask_id(person.id_no)))
    return changes


def guardian_kind(relation: str) -> enums.GuardianKind:
    """父母, another legal guardian, or (grandparents and others) an entrusted carer."""
    if relation in ("父亲", "母亲", "父", "母", "爸爸", "妈妈", "父子", "父女", "母子", "母女"):
        return enums.GuardianKind.PARENT
    if "监护" in relation:
        return enums.GuardianKind.LEGAL
    return enums.GuardianKind.CARER if relation else enums.GuardianKind.PARENT
