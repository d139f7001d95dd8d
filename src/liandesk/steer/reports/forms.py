"""Forms of reports: order one, hand in a bundle to be checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.steer.plan.queries import plan
from liandesk.steer.reports.contents.gather import office_name
from liandesk.steer.reports.models import Kind

MOST_BYTES = 30_000_000


class OrderForm(forms.Form):
    """Which report, for which office, in which language."""

    kind = forms.ChoiceField(label=_c("document", "Report"), choices=Kind.choices)
    office = forms.ChoiceField(label=_("Office, for a letter"), required=False)  # those of the plan
    language = forms.ChoiceField(label=_c("report", "Language"), choices=[("zh", _("Chinese")), ("en", _("English"))])

    def __init__(self, *args: Any, viewer: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = plan(viewer)
        offices = [(code, office_name(code)) for code in found.offices] if found else []
        self.fields["office"].choices = [("", _("none")), *offices]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        is_letter = said.get("kind") == Kind.LETTER
        if is_letter and not said.get("office"):
            self.add_error("office", _("A letter goes to one office. Choose it."))
        return said if is_letter else {**said, "office": ""}


class BundleForm(forms.Form):
    """The bundle of a report."""

    file = forms.FileField(label=_("Bundle of a report (.zip)"))

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than any bundle. Choose the bundle of a report."))
        return file
