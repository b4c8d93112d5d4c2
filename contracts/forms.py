"""Shapes of what people type on the pages of 责任书."""

from django import forms

from accounts.day_fields import DayField
from regions.rules.believable import DateKind

REQUIRED = {"required": "这一项不能为空。"}


class ContractIssueForm(forms.Form):
    due_on = DayField(kind=DateKind.APPOINTMENT, label="应签截止", error_messages=REQUIRED)


class SignForm(forms.Form):
    read = forms.BooleanField(
        label="我已读完全文，同意签署", error_messages={"required": "先读完全文，勾选后再签署。"}
    )


class ScanForm(forms.Form):
    file = forms.FileField(
        label="签字盖章的扫描件",
        help_text="照片（JPG、PNG）或 PDF，不超过 10 MB。",
        error_messages={"required": "请先选择文件。", "empty": "文件是空的，请重新选择。"},
    )


class WordingForm(forms.Form):
    """A county's own wording of a link: a clause a line."""

    title = forms.CharField(label="标题", max_length=80, error_messages=REQUIRED)
    clauses = forms.CharField(
        label="乙方责任",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text="一行一条，序号自动编。",
        error_messages=REQUIRED,
    )
    support = forms.CharField(
        label="甲方责任",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="一行一条。",
    )
    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)


class TargetForm(forms.Form):
    """One target. Of those that stand the name stays; a new one is named by its county."""

    key = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)
    label = forms.CharField(label="目标", max_length=20, required=False)
    value = forms.CharField(label="数值", max_length=12, required=False)
    unit = forms.CharField(label="单位", max_length=6, required=False)
    source = forms.CharField(label="出处", max_length=120, required=False)

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if self.initial:
            for name in ("key", "label", "unit"):
                self.fields[name].disabled = True

    def clean(self) -> dict:
        said = super().clean() or {}
        if not said.get("label"):
            if any(said.get(name) for name in ("value", "unit", "source")):
                self.add_error("label", "请写目标名称。")
            return said
        for name, sentence in (("value", "请写数值。"), ("source", "请写出处：文件文号。")):
            if not said.get(name):
                self.add_error(name, sentence)
        return said


TargetForms = forms.formset_factory(TargetForm, extra=1, max_num=8, absolute_max=8)


class ChoiceForm(forms.Form):
    per_teacher = forms.BooleanField(label="学校与班主任逐人签责任书", required=False)
    veto = forms.BooleanField(label="实行一票否决", required=False)
    source = forms.CharField(
        label="依据的县级文件",
        required=False,
        max_length=120,
        help_text="发文单位和文号，例如“澜屏县人民政府办公室 澜政办发〔2026〕31号”。勾选任何一项都要写。",
    )
    version = forms.IntegerField(widget=forms.HiddenInput)
