"""The form of a file that comes in."""

from django import forms


class UploadForm(forms.Form):
    file = forms.FileField(
        label="文件",
        error_messages={"required": "请先选择文件。", "empty": "文件是空的，请检查后重新选择。"},
    )
