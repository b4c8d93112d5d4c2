"""The shape of a clause the county registers."""

from django import forms

from accounts.day_fields import DayField
from cases.form_fields import REQUIRED
from regions.rules.believable import DateKind

NO, YES = "no", "yes"


class BasisForm(forms.Form):
    title = forms.CharField(
        label="法规名称",
        max_length=100,
        error_messages=REQUIRED,
        help_text="全称，例如 某某自治县义务教育条例。",
    )
    issuer = forms.CharField(label="制定机关", max_length=60, error_messages=REQUIRED)
    article = forms.CharField(
        label="条款", max_length=30, error_messages=REQUIRED, help_text="例如 第二十条第一款。"
    )
    text = forms.CharField(
        label="条文原文",
        max_length=600,
        error_messages=REQUIRED,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    valid_from = DayField(kind=DateKind.BASIS_BEGINS, label="生效日期", error_messages=REQUIRED)
    valid_to = DayField(kind=DateKind.BASIS_ENDS, label="失效日期", required=False)
    allows_fine = forms.ChoiceField(
        label="是否设定罚款", choices=[(NO, "没有设定罚款"), (YES, "设定了罚款")]
    )
    competent = forms.CharField(
        label="有权机关",
        max_length=60,
        required=False,
        help_text="设定罚款的必填，例如 乡镇人民政府、县教育体育局。",
    )
    fine_min = forms.DecimalField(
        label="罚款下限（元）", max_digits=8, decimal_places=2, min_value=0, required=False
    )
    fine_max = forms.DecimalField(
        label="罚款上限（元）", max_digits=8, decimal_places=2, min_value=0, required=False
    )
    verified_by = forms.CharField(
        label="核对人",
        max_length=60,
        error_messages=REQUIRED,
        help_text="单位和姓名。须对照公布的法规文本核对。",
    )

    def clean_allows_fine(self) -> bool:
        return self.cleaned_data["allows_fine"] == YES
