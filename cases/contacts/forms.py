"""Shapes of what people fill in about a child."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum
from typing import Any

from django import forms

from accounts.day_fields import DayField
from cases.contacts.named_people import Named
from cases.enums.records import SENSITIVE_REASONS, PostKey, Reason
from cases.enums.states import ContactWay, Met
from cases.form_fields import REQUIRED
from regions.rules.believable import DateKind
from regions.rules.values import BadValue
from students.models import Charge
from students.rules.identity import read_phone

ANOTHER_DAY = "other"


@dataclass(frozen=True, slots=True)
class Pick:
    """One chip of a choice. `opens`: choosing it shows the fields that belong to it."""

    value: str
    label: str
    chosen: bool
    opens: bool = False


class ContactForm(forms.Form):
    """A visit, call, letter or talk; days near `day`, the day it is filled in, are chips."""

    way = forms.ChoiceField(
        label="方式",
        choices=ContactWay.choices,
        error_messages=REQUIRED,
    )
    when = forms.CharField(label="什么时候", required=False, max_length=40)
    on = DayField(kind=DateKind.HAPPENED, label="哪一天", required=False)
    met = forms.ChoiceField(
        label="受访人",
        choices=Met.choices,
        error_messages={"required": "请选见到了谁。未见到人也是一种结果。"},
    )
    note = forms.CharField(
        label="看到、听到什么",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一两句就够：谁说的，什么原因，需要什么帮扶，下一步怎么做。",
        error_messages=REQUIRED,
    )
    photo = forms.FileField(
        label="照片",
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
        help_text="保存时去掉照片里的定位、时间和手机型号；10 MB 以内。",
    )
    reasons = forms.MultipleChoiceField(
        label="可能的原因（可多选）",
        required=False,
        choices=Reason.choices,
    )
    reported_to = forms.CharField(
        label="已向谁报告",
        required=False,
        max_length=60,
        help_text="单位和姓名，例如：派出所 王警官。",
    )
    reported_on = DayField(kind=DateKind.HAPPENED, label="报告日期", required=False)
    whereabouts = forms.CharField(
        label="学生现在在哪里", required=False, max_length=100, help_text="例如：随父亲在县城工地。"
    )
    next = forms.CharField(label="下次什么时候", required=False, max_length=40)
    next_on = DayField(kind=DateKind.APPOINTMENT, label="下次联系", required=False)
    promised_on = DayField(
        kind=DateKind.APPOINTMENT,
        label="承诺返校日",
        required=False,
        help_text="家长或学生说哪天回校就填哪天，到日提醒核实。",
    )
    place = forms.CharField(label="地点", required=False, max_length=60)
    companions = forms.CharField(label="同行人", required=False, max_length=60)
    language = forms.CharField(
        label="谈话语言",
        required=False,
        max_length=20,
        help_text="不用普通话谈的，写明用什么语言。",
    )
    interpreter = forms.CharField(label="翻译人", required=False, max_length=20)
    client_key = forms.UUIDField(widget=forms.HiddenInput, error_messages=REQUIRED)

    def __init__(self, *args: Any, day: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.day = day

    def clean_way(self) -> ContactWay:
        return ContactWay(self.cleaned_data["way"])

    def clean_met(self) -> Met:
        return Met(self.cleaned_data["met"])

    def clean_reasons(self) -> list[Reason]:
        return [Reason(value) for value in self.cleaned_data["reasons"]]

    def clean(self) -> dict[str, Any]:
        """The chips of days become days."""
        self._take_day("when", "on")
        self._take_day("next", "next_on")
        if not self.cleaned_data.get("on") and "on" not in self.errors:
            self.add_error("on", "请选哪一天联系的。")
        return self.cleaned_data

    def told(self) -> dict[str, Any]:
        """What the verb is called with: the day of the contact under its own name."""
        told = dict(self.cleaned_data)
        return told | {"contacted_on": told.pop("on")}

    def _take_day(self, chip: str, field: str) -> None:
        chosen = self.cleaned_data.pop(chip, "")
        if not chosen or chosen == ANOTHER_DAY:
            return
        try:
            self.cleaned_data[field] = self.fields[field].clean(chosen)
        except forms.ValidationError as refusal:
            self.add_error(field, refusal)

    @property
    def ways(self) -> list[Pick]:
        return self._picks("way", ContactWay.choices)

    @property
    def mets(self) -> list[Pick]:
        return self._picks("met", Met.choices)

    @property
    def whens(self) -> list[Pick]:
        yesterday = self.day - timedelta(days=1)
        days = [(self.day, "今天"), (yesterday, "昨天")]
        chips = [(day.isoformat(), label) for day, label in days]
        return self._picks("when", [*chips, (ANOTHER_DAY, "其他日子")], opening={ANOTHER_DAY})

    @property
    def nexts(self) -> list[Pick]:
        ahead = [(1, "明天再去"), (3, "3 天内"), (7, "7 天内")]
        chips = [((self.day + timedelta(days=n)).isoformat(), label) for n, label in ahead]
        every = [*chips, (ANOTHER_DAY, "选日期"), ("", "没有约")]
        return self._picks("next", every, opening={ANOTHER_DAY})

    @property
    def whys(self) -> list[Pick]:
        return self._picks("reasons", Reason.choices, opening=SENSITIVE_REASONS)

    def _picks(
        self, name: str, choices: Iterable[tuple[str, str]], opening: Iterable[str] = ()
    ) -> list[Pick]:
        given = self[name].value()
        chosen = set(given) if isinstance(given, list) else {given or ""}
        opens = {_text(value) for value in opening}
        known = [(_text(value), label) for value, label in choices]
        return [Pick(value, label, value in chosen, value in opens) for value, label in known]


def _text(value: object) -> str:
    """A word of a closed list as the form sends it."""
    return str(value.value) if isinstance(value, Enum) else str(value)


class PlanForm(forms.Form):
    """一生一案: why the child is out, what is to become of it, what helps."""

    diagnosis = forms.CharField(
        label="原因诊断",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="家庭、学业、身心、经济几方面，写查明的，不写猜测。",
        error_messages=REQUIRED,
    )
    goal = forms.CharField(
        label="帮扶目标",
        max_length=200,
        help_text="例如：11月底前返校，本学期到校率 90% 以上。",
        error_messages=REQUIRED,
    )
    measures = forms.CharField(
        label="帮扶措施",
        max_length=800,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="学业、心理、资助、法律，各写做什么。",
        error_messages=REQUIRED,
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class TaskForm(forms.Form):
    """四定: 定人员、定任务、定时间、定标准."""

    who = forms.CharField(
        label="定人员",
        max_length=100,
        widget=forms.TextInput(attrs={"list": "people", "autocomplete": "off"}),
        help_text="有账号的从列表里选，换岗时任务随岗移交；没有账号的写姓名和单位。",
        error_messages=REQUIRED,
    )
    what = forms.CharField(label="定任务", max_length=200, error_messages=REQUIRED)
    due_on = DayField(kind=DateKind.APPOINTMENT, label="定时间", error_messages=REQUIRED)
    standard = forms.CharField(
        label="定标准", max_length=200, help_text="做到什么样算完成。", error_messages=REQUIRED
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class TaskDoneForm(forms.Form):
    task = forms.IntegerField()
    version = forms.IntegerField()


class PeopleForm(forms.Form):
    """包保责任人: the five posts of a child on one form. An empty phone keeps the one on file."""

    def __init__(self, *args, standing: Mapping[PostKey, Charge], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.standing = standing
        for post in PostKey:
            person = standing.get(post)
            self._add(post, "name", "姓名", 60, person.name if person else "")
            self._add(post, "unit", "单位、职务", 80, person.unit if person else "")
            self._add(post, "phone", "电话", 30, "")

    def _add(self, post: PostKey, part: str, label: str, most: int, initial: str) -> None:
        self.fields[f"{post}_{part}"] = forms.CharField(
            label=label, max_length=most, required=False, initial=initial
        )

    @property
    def rows(self) -> list[dict]:
        """One row a post: label, who stands there, its three fields."""
        parts = ("name", "unit", "phone")
        return [
            {
                "label": post.label,
                "person": self.standing.get(post),
                "fields": [self[f"{post}_{part}"] for part in parts],
            }
            for post in PostKey
        ]

    def clean(self) -> dict:
        for post in PostKey:
            self._read_phone(post)
            name, unit, phone = (
                self.cleaned_data.get(f"{post}_{part}") for part in ("name", "unit", "phone")
            )
            emptied = post in self.standing and f"{post}_name" in self.data
            if not name and (unit or phone or emptied):
                self.add_error(f"{post}_name", "请写明姓名；换人的，写新的责任人。")
            if name and not unit:
                self.add_error(f"{post}_unit", REQUIRED["required"])
        return self.cleaned_data

    def _read_phone(self, post: PostKey) -> None:
        key = f"{post}_phone"
        try:
            self.cleaned_data[key] = read_phone(self.cleaned_data.get(key, "")) or ""
        except BadValue as bad:
            self.add_error(key, str(bad))

    @property
    def wanted(self) -> dict[PostKey, Named]:
        """The posts that are filled in."""
        told = self.cleaned_data
        return {
            post: Named(
                told[f"{post}_name"],
                told[f"{post}_unit"],
                told[f"{post}_phone"] or None,
            )
            for post in PostKey
            if told.get(f"{post}_name")
        }


class RevealForm(forms.Form):
    field = forms.CharField()
    reason = forms.CharField(
        label="查看原因",
        min_length=2,
        max_length=200,
        error_messages={"required": "请写明为什么要看。", "min_length": "请写明为什么要看。"},
    )
