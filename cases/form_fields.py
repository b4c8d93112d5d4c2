"""Fields that the forms of a case share: days as people know them, texts, choices, proof."""

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.day_fields import DayField, DayInput
from accounts.enums import Precision
from cases.fuzzy_dates import FuzzyDate
from regions.rules.believable import DateKind
from regions.rules.values import BadValue, OnlyMonth, read_day

REQUIRED = {"required": "这一项不能为空。", "invalid": "看不懂，请重新填写。"}

CHOSEN = REQUIRED | {"invalid_choice": "请从列出的选项中选。"}


class FuzzyInput(forms.MultiWidget):
    """A day, and how sure it is."""

    def __init__(self) -> None:
        choices = Precision.choices
        day = DayInput()
        day.attrs["aria-label"] = "日期"
        super().__init__([day, forms.Select({"aria-label": "日期有多确切"}, choices)])

    def use_required_attribute(self, initial: object) -> bool:
        """A day nobody knows is left empty; the field itself asks when it must."""
        return False

    def decompress(self, value: FuzzyDate | None) -> list:
        return [value.latest, value.precision] if value else [None, Precision.DAY]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["subwidgets"][1]["attrs"]["class"] = "form-select"
        return context


class FuzzyField(forms.MultiValueField):
    """When it happened, as sure as anybody knows: a FuzzyDate."""

    widget = FuzzyInput

    def __init__(self, *, kind: DateKind = DateKind.HAPPENED, **kwargs) -> None:
        day = DayField(kind=kind)
        sure = forms.ChoiceField(choices=[(one.value, one) for one in Precision])
        super().__init__([day, sure], require_all_fields=False, error_messages=REQUIRED, **kwargs)

    def clean(self, value) -> FuzzyDate:
        if value and len(value) == 2 and value[1] == Precision.UNKNOWN:
            return FuzzyDate.unknown()
        return super().clean(_whole_month(value))

    def compress(self, values: list) -> FuzzyDate:
        day, sure = (values + [None, None])[:2]
        if not day:
            raise forms.ValidationError("请选日期；真的不知道，就选“日期不详”。")
        return fuzzy(day, Precision(sure or Precision.DAY))


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

    version = forms.IntegerField(widget=forms.HiddenInput)

    def told(self) -> dict[str, Any]:
        """What the verb is called with: the fields under their own names, unless a form says else."""
        return dict(self.cleaned_data)


def text(label: str, help_text: str = "", *, rows: int = 3, most: int = 400, required=True):
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        required=required,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages=REQUIRED,
    )


def proof_file(label: str = "附件") -> forms.FileField:
    return forms.FileField(
        label=label, required=False, help_text="照片（JPG、PNG）或 PDF，不超过 10 MB。"
    )


def choice(label: str, options: list[tuple[str, str]], **more) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=options, error_messages=CHOSEN, **more)


def set_choices(form: forms.Form, name: str, options: list[tuple[str, str]]) -> None:
    """Give a choice field of a form what may be chosen this time."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choices.")
    field.choices = options


def set_rows(form: forms.Form, name: str, rows: QuerySet[Any]) -> None:
    """Give a field that chooses a row the rows of this time."""
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(f"{name} chooses no row.")
    field.queryset = rows


def _whole_month(value):
    """Where 只知道这个月 is chosen a month may be typed, and a day stands for its month's first."""
    if value and len(value) == 2 and value[1] == Precision.MONTH:
        try:
            day = read_day(value[0], what="日期")
        except OnlyMonth as month:
            day = month.months[0]
        except BadValue:
            return value
        return [day and day.replace(day=1), value[1]]
    return value
