"""What people type to add a note or a piece of evidence."""

from django import forms

from cases.form_fields import REQUIRED, ActForm, text


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
