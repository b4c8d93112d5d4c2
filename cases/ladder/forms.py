"""What people type to climb the ladder."""

from typing import Any

from django import forms

from accounts.day_fields import DayField
from cases.enums.records import CourtAct
from cases.enums.states import Step, step_title
from cases.form_fields import ActForm, FuzzyField, choice, proof_file, set_choices, text
from regions.rules.believable import DateKind


class CriticiseForm(ActForm):
    happened = FuzzyField(label="哪一天")
    note = text("对象和内容", "写明对谁、讲了什么、对方怎么答复。")
    file = proof_file()


class AdvanceForm(ActForm):
    to = choice("进入哪一步", [], widget=forms.RadioSelect)
    happened = FuzzyField(label="哪一天决定")
    note = text("说明", rows=2, required=False)

    def __init__(self, *args: Any, steps: list[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "to", [(step, step_title(step)) for step in steps])

    def clean_to(self) -> Step:
        return Step(self.cleaned_data["to"])


class SkipForm(ActForm):
    step = choice(
        "跳过哪一步",
        [(one.value, step_title(one)) for one in (Step.ORDER, Step.PENALTY)],
        widget=forms.RadioSelect,
    )
    reason = text("理由", "写明为什么不办这一步，例如“国家和本省没有可罚款的法律依据”。")

    def clean_step(self) -> Step:
        return Step(self.cleaned_data["step"])


class DecideSkipForm(ActForm):
    step = choice("申请", [], widget=forms.RadioSelect)
    granted = choice("审批", [("yes", "准许跳过"), ("no", "不准跳过")], widget=forms.RadioSelect)
    opinion = text("意见", "不准跳过时必填。", rows=2, most=200, required=False)

    def __init__(self, *args: Any, steps: list[Step], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "step", [(one.value, f"跳过{step_title(one)}") for one in steps])
        if len(steps) == 1:
            self.fields["step"].initial = steps[0].value

    def clean_step(self) -> Step:
        return Step(self.cleaned_data["step"])

    def clean_granted(self) -> bool:
        return self.cleaned_data["granted"] == "yes"


class CourtForm(ActForm):
    act = choice("办理情况", CourtAct.choices)
    happened = FuzzyField(label="哪一天")
    court = forms.CharField(label="法院", max_length=40, required=False)
    number = forms.CharField(label="法院编号", max_length=60, required=False)
    note = text("内容", "判决、调解或裁定的主要内容。", required=False)
    promised_on = DayField(
        kind=DateKind.APPOINTMENT,
        label="约定的返校日期",
        required=False,
        help_text="填了就作为期限，到那一天核实是否返校。",
    )

    def clean_act(self) -> CourtAct:
        return CourtAct(self.cleaned_data["act"])

    def told(self) -> dict[str, Any]:
        told = super().told()
        of_court = {name: told.pop(name) for name in ("court", "number")}
        return told | {"details": {name: said for name, said in of_court.items() if said}}
