"""Forms of what people do around a case. Forms check what is typed; actions decide."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from liandesk.base.teamwork.actions import MAX_CHARACTERS


class CommentForm(forms.Form):
    """A comment in plain text."""

    text = forms.CharField(
        label=_("Comment"),
        max_length=MAX_CHARACTERS,
        help_text=_("Write @ and a name to tell somebody who sees this case."),
        widget=forms.Textarea(attrs={"rows": 3, "translate": "no"}),
    )
