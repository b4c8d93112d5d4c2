"""Shapes of what people fill in about a child."""

from django import forms

from attendance.forms import DayInput
from cases.words import CONTACT_WAY_LABELS, MET_LABELS, ContactWay, Met

REQUIRED = {"required": "这一项不能为空。", "invalid": "看不懂，请重新填写。"}


class ContactForm(forms.Form):
    way = forms.ChoiceField(
        label="方式", choices=[(way.value, label) for way, label in CONTACT_WAY_LABELS.items()]
    )
    on = forms.DateField(label="哪一天", widget=DayInput(), error_messages=REQUIRED)
    met = forms.ChoiceField(
        label="受访人", choices=[(met.value, label) for met, label in MET_LABELS.items()]
    )
    note = forms.CharField(
        label="谈话内容",
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="一两句就够：谁说的，什么原因，怎么打算。未见到人也要写。",
        error_messages=REQUIRED,
    )
    next_on = forms.DateField(label="下次联系", required=False, widget=DayInput())
    client_key = forms.UUIDField(widget=forms.HiddenInput, error_messages=REQUIRED)

    def clean_way(self) -> ContactWay:
        return ContactWay(self.cleaned_data["way"])

    def clean_met(self) -> Met:
        return Met(self.cleaned_data["met"])


class RevealForm(forms.Form):
    field = forms.CharField()
    reason = forms.CharField(
        label="查看原因",
        min_length=2,
        max_length=200,
        error_messages={"required": "请写明为什么要看。", "min_length": "请写明为什么要看。"},
    )
