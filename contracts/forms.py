"""Shapes of what people type on the pages of 责任书."""

from django import forms

REQUIRED = {"required": "这一项不能为空。", "invalid": "日期请写成 2026-11-30 这样。"}


class IssueForm(forms.Form):
    due_on = forms.DateField(
        label="应签截止",
        error_messages=REQUIRED,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


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
