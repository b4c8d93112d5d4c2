"""The one form field of a day: every spelling the files read, within what can be believed."""

from datetime import date
from typing import Any

from django import forms

from regions.clock import today
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.values import BadValue, OnlyMonth, read_day


class DayInput(forms.DateInput):
    """The browser's own calendar; it wants ISO days whatever the language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DayField(forms.DateField):
    """A day of a `kind`, in any spelling that `read_day` takes.

    `first` is the first day of what it happened in, where that is known (`happens_in`).
    """

    widget = DayInput

    def __init__(self, *, kind: DateKind, **options: Any) -> None:
        super().__init__(**options)
        self.kind = kind
        self.first: date | None = None

    def to_python(self, value: Any) -> date | None:
        if value in self.empty_values:
            return None
        try:
            return read_day(value, what=str(self.label or "日期"))
        except OnlyMonth as month:
            raise forms.ValidationError(str(month), "month") from None
        except BadValue as bad:
            raise forms.ValidationError(str(bad), "invalid") from None

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day and (refusal := believable.why_not(self.kind, day, on=today(), first=self.first)):
            raise forms.ValidationError(refusal, "unbelievable")
        return day


class LastDayField(DayField):
    """The last day of a span; its form judges it with `check_span`, for it knows the first day."""

    def clean(self, value: Any) -> date | None:
        return forms.DateField.clean(self, value)


def happens_in(form: forms.Form, first: date) -> None:
    """Tell the days of a form when the case they belong to began."""
    for field in form.fields.values():
        for part in (field, *getattr(field, "fields", ())):
            if isinstance(part, DayField):
                part.first = first


def check_span(form: forms.Form, last: str, *, first: date | None) -> None:
    """Put an error beside the field `last` when it cannot be believed of a span from `first`."""
    field, day = form.fields[last], form.cleaned_data.get(last)
    if not isinstance(field, LastDayField) or day is None or first is None:
        return
    if refusal := believable.why_not(field.kind, day, on=today(), first=first):
        form.add_error(last, forms.ValidationError(refusal, "unbelievable"))
