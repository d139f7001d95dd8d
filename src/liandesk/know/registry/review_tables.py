"""The tables of the review queue and of what was judged."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.base.ui.templatetags.ui import cny, data, moment, number, percent
from liandesk.know.registry.models import Candidate, Judgement
from liandesk.know.registry.review_queries import names_of_records, reasons_of
from liankit.texts import TextError, render

_NUM = {"td": {"class": "num"}, "th": {"class": "num"}}
_REASONS_SHOWN = 2


class CandidateTable(tables.Table):
    """Pairs to judge; every row opens into both sides and all reasons."""

    select = tables.Column(verbose_name=_("Select"), accessor="key", orderable=False)
    pair = tables.Column(verbose_name=_("Are these one?"), accessor="left_name", order_by=("left_name", "right_name"))
    why = tables.Column(verbose_name=_("Why it is asked"), accessor="method", orderable=False)
    score = tables.Column(verbose_name=_("Likely the same"), attrs=_NUM)
    entries = tables.Column(verbose_name=_("Entries that would change"), attrs=_NUM)
    output_cny = tables.Column(verbose_name=_("Output behind them"), attrs=_NUM, empty_values=())
    suppliers = tables.Column(verbose_name=_("Items with one supplier fewer"), attrs=_NUM)

    class Meta:
        caption = _("Pairs to judge")

    def __init__(self, *args: Any, may_judge: bool, **kwargs: Any) -> None:
        super().__init__(*args, exclude=() if may_judge else ("select",), **kwargs)

    def render_select(self, record: Candidate) -> SafeString:
        label = _now("Select %(pair)s") % {"pair": record}
        return format_html(
            '<input class="form-check-input" type="checkbox" name="pair" value="{}" aria-label="{}" translate="no">',
            record.key,
            label,
        )

    def render_pair(self, record: Candidate) -> SafeString:
        return format_html(
            '<a href="{}" translate="no">{}<br>{}</a>',
            reverse("candidate", args=[record.key]),
            record.left_name,
            record.right_name,
        )

    def render_why(self, record: Candidate) -> SafeString:
        said = [(_says(reason.code, reason.params),) for reason in reasons_of(record)[:_REASONS_SHOWN]]
        return format_html("<div>{}</div>", format_html_join("", '<div translate="no">{}</div>', said))

    def render_score(self, value: float) -> SafeString | str:
        return percent(value)

    def render_entries(self, value: int) -> SafeString | str:
        return number(value)

    def render_output_cny(self, record: Candidate) -> SafeString:
        return cny(record.output_cny)

    def render_suppliers(self, value: int) -> SafeString | str:
        return number(value)


def _says(code: str, params: Any) -> str:
    try:
        return render(code, params, language())
    except TextError:  # a snapshot of older code: its reasons are shown by code
        return code


QUEUE = Listing(
    code="review",
    title=_("Pairs to judge"),
    columns=(
        ListColumn("left_name", _("One name")),
        ListColumn("right_name", _("Other name")),
        ListColumn("score", _("Likely the same"), "share"),
        ListColumn("entries", _("Entries that would change"), "number"),
        ListColumn("output_cny", _("Output behind them"), "cny", unit="CNY"),
        ListColumn("suppliers", _("Items with one supplier fewer"), "number"),
        ListColumn("left", _("One record")),
        ListColumn("right", _("Other record")),
    ),
    text=("left_name", "right_name"),
    text_label=_("Part of a name"),
    order=("position",),
    empty_text=_("Pairs appear after a refresh when two sources call an organisation by names that look alike."),
)
"""The columns of a copy of the queue."""


class JudgementTable(tables.Table):
    """What people decided, the latest first."""

    at = tables.Column(verbose_name=_("When"))
    act = tables.Column(verbose_name=_("What"))
    records = tables.Column(verbose_name=_("About"), accessor="left", orderable=False)
    reason = tables.Column(verbose_name=_("Why"), empty_values=(), orderable=False)
    state = tables.Column(verbose_name=_("State"), accessor="undone_at", empty_values=(), orderable=False)

    class Meta:
        caption = _("What was judged")
        order_by = ("-at",)

    def __init__(self, *args: Any, viewer: Viewer, may_judge: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer, self.may_judge = viewer, may_judge
        self.names: dict[str, str] = {}

    def name_all(self) -> None:
        """Look up the names of this page's records at once."""
        shown = [row.record for row in self.paginated_rows]
        self.names = names_of_records(self.viewer, {record for line in shown for record in (line.left, line.right)})

    def render_at(self, record: Judgement) -> str:
        return moment(record.at)

    def render_act(self, record: Judgement) -> str:
        return record.get_act_display()

    def render_records(self, record: Judgement) -> SafeString:
        named = [(self.names.get(one) or one, one) for one in (record.left, record.right)]
        return format_html_join("", '<div translate="no">{} <span class="text-secondary">{}</span></div>', named)

    def render_reason(self, record: Judgement) -> SafeString | str:
        return data(record.reason)

    def render_state(self, record: Judgement) -> SafeString | str:
        if record.undone_at:
            return format_html(
                "{} {}", _now("undone on %(when)s") % {"when": moment(record.undone_at)}, data(record.undone_why)
            )
        if not self.may_judge:
            return _now("in force")
        url = reverse("judgement_undo", args=[record.decision])
        return format_html('{} <a class="btn btn-sm" href="{}">{}</a>', _now("in force"), url, _now("Undo"))
