"""A field for why something is undone or refused, read by the one rule of reasons."""

from typing import Any

from django import forms

from regions.refusals import Refused
from regions.rules.lengths import SHORTEST_REASON, reason_of


class ReasonField(forms.CharField):
    """A reason of at least six characters, trimmed; `what` names it in the refusal."""

    def __init__(self, *, what: str = "原因", **options: Any) -> None:
        help_text = options.pop("help_text", "") + f"至少 {SHORTEST_REASON} 个字。"
        super().__init__(max_length=200, help_text=help_text, **options)
        self.what = what

    def clean(self, value: Any) -> str:
        told = super().clean(value)
        try:
            return reason_of(told, self.what)
        except Refused as refusal:
            raise forms.ValidationError(str(refusal)) from None
