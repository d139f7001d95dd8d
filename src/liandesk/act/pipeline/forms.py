"""What is asked of the cohorts. Forms check what is typed; queries decide."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.act.pipeline.tables import places
from liandesk.base.pack import pack


class CohortForm(forms.Form):
    """How long ago projects were signed, and which town hosts them; an answer that is none counts as not given."""

    months = forms.IntegerField(
        label=_("Signed at least so many months ago"), min_value=0, max_value=120, required=False
    )
    town = forms.ChoiceField(label=_("Town or zone"), required=False, widget=forms.Select(attrs={"translate": "no"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["town"].choices = [("", "—"), *places().items()]  # type: ignore[attr-defined]
        self.fields["months"].widget.attrs["placeholder"] = str(pack().cohort_months)

    @property
    def asked(self) -> tuple[int, str]:
        """Return the months and the town that hold."""
        self.is_valid()
        months = self.cleaned_data.get("months")
        return (pack().cohort_months if months is None else months), self.cleaned_data.get("town", "")
