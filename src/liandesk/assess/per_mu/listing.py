"""The list of enterprises by the yield of their land: its columns, and what is asked beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import F, Q
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from liandesk.assess.per_mu.wording import STATES, class_said, said, score_said, titles
from liandesk.base.ui.listing import ListColumn, Listing, Question
from liandesk.base.ui.templatetags.ui import data, unknown
from liankit.rules.per_mu_method import Method

_JUDGED = ("assessed", "follows_plot")


class ScoreColumn(ListColumn):
    """The score as an interval; sorted by its lower end."""

    def value(self, row: Any) -> Any:
        return None if row.low is None else score_said(row.low, float("inf") if row.high is None else row.high)

    def render(self, row: Any) -> SafeString | str:
        return self.value(row) or (unknown() if row.state == "assessed" else "")


class ClassColumn(ListColumn):
    """The class, or the best and the worst that it can be."""

    def value(self, row: Any) -> Any:
        return class_said(row.best or None, row.worst or None)

    def render(self, row: Any) -> SafeString | str:
        return self.value(row) or (unknown() if row.state in _JUDGED else "")


class OfficialColumn(ListColumn):
    """The published class as its letter; what was not published is no unknown class."""

    def value(self, row: Any) -> Any:
        return row.official.upper() if row.official else None


@dataclass(frozen=True)
class StateColumn(ListColumn):
    """Whether it is judged, and by which exclusion it is not."""

    exclusions: Mapping[str, str] = field(default_factory=dict)

    def value(self, row: Any) -> Any:
        because = self.exclusions.get(row.why)
        return f"{STATES[row.state]}: {because}" if because else str(STATES[row.state])

    def said(self, value: Any) -> Any:
        return value

    def render(self, row: Any) -> SafeString | str:
        return data(self.value(row))


def lines_listing(method: Method) -> Listing:
    """Return the list in the words of a method."""
    excluded = {one.key: said(one.title) for one in method.exclusions}
    groups, classes = titles(method.groups), titles(method.classes)
    return Listing(
        "per_mu",
        _("Enterprises by the yield of their land"),
        (
            ListColumn("name", _("Enterprise"), link=lambda row: _url(row, method)),
            ListColumn("town", _("Town"), "term", group="towns", is_filter=True, may_be_empty=True),
            ListColumn("zone", _("Zone"), "term", group="zones", may_be_empty=True, is_first=False),
            ListColumn("segment", _("Segment of the chain"), may_be_empty=True, is_first=False),
            ListColumn("group", _("Group"), "choice", choices=groups, is_filter=True, may_be_empty=True),
            ListColumn("is_apart", _("Ranked among tenants"), "flag", is_filter=True, is_first=False),
            StateColumn("state", _("State"), "choice", choices=STATES, is_filter=True, exclusions=excluded),
            ScoreColumn("low", _("Score, computed"), "text", may_be_empty=True),
            ClassColumn("best", _("Class, computed"), "text", may_be_empty=True),
            OfficialColumn(
                "official", _("Class, published"), "choice", choices=classes, is_filter=True, may_be_empty=True
            ),
            ListColumn("official_score", _("Score, published"), "number", may_be_empty=True, is_first=False),
            ListColumn("published_on", _("Published on"), "date", may_be_empty=True, is_first=False),
            ListColumn("final_on", _("Final since"), "date", may_be_empty=True, is_first=False),
            ListColumn("difference", _("Differs"), "flag", is_filter=True, may_be_empty=True),
        ),
        ("name",),
        _("Name"),
        ("-low", "name", "id"),
        _("Figures come from loaded files and count after a refresh."),
    )


def questions(method: Method, segments: list[str]) -> tuple[Question, ...]:
    """Return what is asked beside the columns: the computed class, whether it is certain, and the industry."""
    classes = list(titles(method.classes).items())
    certain = [("yes", str(_("certain"))), ("no", str(_("between two classes or more")))]
    return (
        Question("place", _("Class, computed"), classes, lambda asked: Q(best=asked, worst=asked), is_data=True),
        Question("certain", _("Is the class certain?"), certain, _is_certain),
        Question(
            "segment",
            _("Segment of the chain"),
            [(one, one) for one in segments],
            lambda asked: Q(segment=asked),
            is_data=True,
        ),
    )


def _is_certain(asked: str) -> Q:
    certain = Q(best_at__isnull=False, best_at=F("worst_at"))
    return certain if asked == "yes" else Q(best_at__isnull=False) & ~certain


def _url(row: Any, method: Method) -> str:
    return f"{reverse('per_mu_own', args=[row.organisation])}?method={method.key}"
