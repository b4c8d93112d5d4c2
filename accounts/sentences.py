"""What Django's own form fields say, in the words of this portal. Set once, when the apps are ready."""

from django import forms

SENTENCES: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {
        "required": "这一项不能为空。",
        "max_length": "最多 %(limit_value)d 个字，现在 %(show_value)d 个字。",
        "min_length": "至少 %(limit_value)d 个字，现在 %(show_value)d 个字。",
        "max_value": "不能大于 %(limit_value)s。",
        "min_value": "不能小于 %(limit_value)s。",
        "null_characters_not_allowed": "有看不见的字符，请重新输入。",
    },
    forms.IntegerField: {"invalid": "请填整数。"},
    forms.DecimalField: {"invalid": "请填数字。"},
    forms.ChoiceField: {"invalid_choice": "请从列出的选项里选。"},
    forms.ModelChoiceField: {"invalid_choice": "请从列出的选项里选。"},
    forms.FileField: {"empty": "文件是空的，请重新选择。", "missing": "请选择文件。"},
}


def speak_plainly() -> None:
    """Give every field its sentence, where a form does not bring its own."""
    for field, sentences in SENTENCES.items():
        field.default_error_messages = {**field.default_error_messages, **sentences}
