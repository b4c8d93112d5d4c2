"""Shapes of what people fill in on a case. A form checks shape; the verb decides."""

from datetime import date

from django import forms

from accounts.enums import REFERRAL_ROLES, ROLE_LABELS, Precision, Role
from attendance.forms import DayInput
from cases.contacts.forms import REQUIRED
from cases.enums.records import (
    COURT_LABELS,
    EXIT_LABELS,
    PLACEMENT_LABELS,
    CourtAct,
    ExitKind,
    PlacementMode,
)
from cases.enums.states import Step, step_title
from cases.fuzzy_dates import FuzzyDate
from cases.law.exits import EXITS, approvers_label
from regions.models import SchoolClass

PRECISION_LABELS = {
    Precision.DAY: "就是这一天",
    Precision.MONTH: "只知道这个月",
    Precision.NOT_LATER: "不晚于这一天",
    Precision.ABOUT: "大约这一天",
    Precision.UNKNOWN: "日期不详",
}
PLACED_IN_CLASS = [
    (mode.value, label)
    for mode, label in PLACEMENT_LABELS.items()
    if mode not in (PlacementMode.HOME_TEACHING, PlacementMode.VOCATIONAL)
]
CHOSEN = REQUIRED | {"invalid_choice": "请从列出的选项中选。"}


class FuzzyInput(forms.MultiWidget):
    """A day, and how sure it is."""

    def __init__(self) -> None:
        choices = [(one.value, label) for one, label in PRECISION_LABELS.items()]
        day = DayInput()
        day.attrs["aria-label"] = "日期"
        super().__init__([day, forms.Select({"aria-label": "日期有多确切"}, choices)])

    def use_required_attribute(self, initial: object) -> bool:
        """A day nobody knows is left empty; the field itself asks when it must."""
        return False

    def decompress(self, value: FuzzyDate | None) -> list:
        return [value.latest, value.precision.value] if value else [None, Precision.DAY.value]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["subwidgets"][1]["attrs"]["class"] = "form-select"
        return context


class FuzzyField(forms.MultiValueField):
    """When it happened, as sure as anybody knows: a FuzzyDate."""

    widget = FuzzyInput

    def __init__(self, **kwargs) -> None:
        day = forms.DateField(error_messages={"invalid": "日期看不懂，请重新选择。"})
        sure = forms.ChoiceField(choices=[(one.value, one.value) for one in Precision])
        super().__init__([day, sure], require_all_fields=False, error_messages=REQUIRED, **kwargs)

    def clean(self, value) -> FuzzyDate:
        if value and len(value) == 2 and value[1] == Precision.UNKNOWN.value:
            return FuzzyDate.unknown()
        return super().clean(value)

    def compress(self, values: list) -> FuzzyDate:
        day, sure = (values + [None, None])[:2]
        if not day:
            raise forms.ValidationError("请选日期；真的不知道，就选“日期不详”。")
        return fuzzy(day, Precision(sure or Precision.DAY.value))


def fuzzy(day: date, sure: Precision) -> FuzzyDate:
    makers = {
        Precision.DAY: FuzzyDate.on,
        Precision.NOT_LATER: FuzzyDate.not_later,
        Precision.ABOUT: FuzzyDate.about,
        Precision.MONTH: lambda one: FuzzyDate.month(one.year, one.month),
        Precision.UNKNOWN: lambda one: FuzzyDate.unknown(),
    }
    return makers[sure](day)


class ActForm(forms.Form):
    """Every act carries the version of the case it was filled in on."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


def text(label: str, help_text: str = "", *, rows: int = 3, most: int = 400, required=True):
    return forms.CharField(
        label=label, help_text=help_text, max_length=most, required=required,
        widget=forms.Textarea(attrs={"rows": rows}), error_messages=REQUIRED,
    )  # fmt: skip


def proof_file(label: str = "附件") -> forms.FileField:
    return forms.FileField(
        label=label, required=False, help_text="照片（JPG、PNG）或 PDF，不超过 10 MB。"
    )


def choice(label: str, options: list[tuple[str, str]], **more) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=options, error_messages=CHOSEN, **more)


class CriticiseForm(ActForm):
    happened = FuzzyField(label="哪一天")
    note = text("对象和内容", "写明对谁、讲了什么、对方怎么答复。")
    file = proof_file()


class AdvanceForm(ActForm):
    to = choice("进入哪一步", [], widget=forms.RadioSelect)
    happened = FuzzyField(label="哪一天决定")
    note = text("说明", rows=2, required=False)

    def __init__(self, *args, steps: list[Step], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = [(step.value, step_title(step)) for step in steps]

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

    def __init__(self, *args, steps: list[Step], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(one.value, f"跳过{step_title(one)}") for one in steps]
        if len(steps) == 1:
            self.fields["step"].initial = steps[0].value

    def clean_step(self) -> Step:
        return Step(self.cleaned_data["step"])

    def clean_granted(self) -> bool:
        return self.cleaned_data["granted"] == "yes"


class CourtForm(ActForm):
    act = choice("办理情况", [(one.value, label) for one, label in COURT_LABELS.items()])
    happened = FuzzyField(label="哪一天")
    court = forms.CharField(label="法院", max_length=40, required=False)
    number = forms.CharField(label="法院编号", max_length=60, required=False)
    note = text("内容", "判决、调解或裁定的主要内容。", required=False)
    promised_on = forms.DateField(
        label="约定的返校日期", required=False, widget=DayInput(),
        help_text="填了就作为期限，到那一天核实是否返校。",
    )  # fmt: skip

    def clean_act(self) -> CourtAct:
        return CourtAct(self.cleaned_data["act"])

    @property
    def details(self) -> dict[str, str]:
        told = self.cleaned_data
        return {name: told[name] for name in ("court", "number") if told[name]}


class ReturnForm(ActForm):
    on = FuzzyField(label="哪一天回到课堂")
    note = text("说明", "谁接回、怎么回来的、有什么困难。", rows=2, required=False)
    file = proof_file("到校照片或证明")


class ClassChoice(forms.ModelChoiceField):
    def label_from_instance(self, one: SchoolClass) -> str:
        return f"{one.school.name} {one.label(self.day)}"


class PlaceForm(ActForm):
    mode = choice("安置方式", PLACED_IN_CLASS, widget=forms.RadioSelect)
    school_class = ClassChoice(
        SchoolClass.objects.none(), label="班级", required=False, empty_label="不换班",
        help_text="原班就读不用选。送教上门、职业学校就读按“依规办结”登记。",
    )  # fmt: skip
    on = forms.DateField(label="哪一天进班", widget=DayInput(), error_messages=REQUIRED)
    note = text("说明", "帮扶教师、住宿、资助等。", rows=2, most=200, required=False)

    def __init__(self, *args, classes, day: date, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["school_class"].day = day
        self.fields["school_class"].queryset = classes

    def clean_mode(self) -> PlacementMode:
        return PlacementMode(self.cleaned_data["mode"])


class WordForm(ActForm):
    agrees = forms.ChoiceField(
        label="是否同意", choices=[("yes", "同意"), ("no", "不同意")], initial="yes",
        widget=forms.RadioSelect, error_messages=CHOSEN,
    )  # fmt: skip
    note = text("意见", "学校写在校表现；乡镇写怎么核实的、见到谁。", most=200)
    file = proof_file("核实照片或证明")

    def clean_agrees(self) -> bool:
        return self.cleaned_data["agrees"] == "yes"


class ApproveForm(ActForm):
    note = text("审批意见", rows=2, most=200, required=False)


class SendBackForm(ActForm):
    note = text("退回原因", "写明还差什么，学校和乡镇补齐后重新签署。", most=200)


class ExitForm(ActForm):
    kind = choice("事由", [], widget=forms.RadioSelect)
    proof = text("看到的证明", "写明证明的名称、出具单位和日期。", rows=2, most=200)
    until = forms.DateField(
        label="截止日期", required=False, widget=DayInput(), help_text="有期限的事由必填。"
    )
    where_to = forms.CharField(
        label="去向",
        max_length=100,
        required=False,
        help_text="转出、出国（境）必填：转入的学校，或国家、地区。",
    )
    approver_note = text("批准意见", rows=2, most=200, required=False)
    file = proof_file("证明的照片或扫描件")

    def __init__(self, *args, roles: frozenset[Role], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [
            (kind.value, EXIT_LABELS[kind]) for kind, row in EXITS.items() if row.approvers & roles
        ]

    def clean_kind(self) -> ExitKind:
        return ExitKind(self.cleaned_data["kind"])

    @property
    def proofs(self) -> list[tuple[str, str, str]]:
        """(事由, 要看的证明, 由谁批准、效果), for the list beside the choice."""
        return [
            (
                EXIT_LABELS[kind],
                row.proof,
                f"{approvers_label(row)}批准；{row.effect} · {row.cites}",
            )
            for kind, row in EXITS.items()
        ]


class ReasonForm(ActForm):
    reason = text("原因", most=200)


class ReopenForm(ActForm):
    note = text("为什么恢复办理", "例如“休学期满未返校”。", rows=2, most=200)


class AssignForm(ActForm):
    township = forms.ModelChoiceField(
        None, label="责任乡镇", empty_label="请选择", error_messages=CHOSEN
    )

    def __init__(self, *args, townships, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["township"].queryset = townships
        self.fields["township"].label_from_instance = lambda one: one.name


class HandOverForm(AssignForm):
    reason = text("转办原因", "例如“监护人已迁居邻近乡镇”。", rows=2, most=200)


class ReferForm(ActForm):
    role = choice(
        "移送哪个单位",
        [(one.value, ROLE_LABELS[one]) for one in Role if one in REFERRAL_ROLES],
        widget=forms.RadioSelect,
    )
    reason = text("移送理由", "该单位会看到这一份档案，直到移送结束。", rows=2, most=200)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class EndReferralForm(ActForm):
    role = choice("结束哪个单位的移送", [], widget=forms.RadioSelect)
    note = text("结果", rows=2, most=200, required=False)

    def __init__(self, *args, roles: list[Role], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [(one.value, ROLE_LABELS[one]) for one in roles]

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class SaidForm(ActForm):
    said = text("情况", rows=5)


class EvidenceForm(ActForm):
    what = forms.CharField(
        label="这是什么材料",
        max_length=120,
        help_text="例如“返校当天课堂照片”。",
        error_messages=REQUIRED,
    )
    file = forms.FileField(
        label="文件", help_text="照片（JPG、PNG）或 PDF，不超过 10 MB。", error_messages=REQUIRED
    )
