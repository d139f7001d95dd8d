"""The list of organisations: its columns, and what is asked beside them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import ListColumn, Listing, Question
from liandesk.know.registry.models import Organisation, Place
from liandesk.know.registry.queries import KINDS
from liandesk.know.registry.things_queries import things

OFFERED = 100

ORGANISATIONS = Listing(
    "organisations",
    _("Organisations"),
    (
        ListColumn("name", _("Name"), link=lambda row: reverse("organisation", args=[row.pk])),
        ListColumn("name_en", _("English name"), is_first=False),
        ListColumn("uscc", _("Unified social credit code")),
        ListColumn("kind", _("Kind of organisation"), "choice", choices=KINDS, is_filter=True),
        ListColumn("country", _("Country or region"), is_first=False),
        ListColumn("town", _("Town"), "term", group="towns", may_be_empty=True),
        ListColumn("zone", _("Zone"), "term", group="zones", may_be_empty=True, is_first=False),
        ListColumn("segment", _("Segment of the chain")),
    ),
    ("name", "name_en", "uscc"),
    _("Name or credit code"),
    ("name", "id"),
    _("Organisations come from loaded files and appear after a refresh."),
)


def questions(viewer: Viewer, rows: QuerySet[Organisation]) -> tuple[Question, ...]:
    """Return what is asked beside the columns: the places, the segment and a title held."""
    segments = rows.exclude(segment="").order_by("segment").values_list("segment", flat=True).distinct()
    held = things(viewer, "title").exclude(organisation="").order_by("name").values_list("name", flat=True).distinct()
    return (
        _place("town", _("Town"), "towns"),
        _place("zone", _("Zone"), "zones"),
        _among("segment", _("Segment of the chain"), segments, lambda asked: Q(segment=asked)),
        _among("title", _("Title held"), held, lambda asked: _holds(viewer, asked)),
    )


def _place(kind: str, title: Promise, group: str) -> Question:
    """Ask for where an organisation is now; it may be in several towns and zones."""
    offered = [(term.code, term.text[language()]) for term in getattr(pack(), group)]
    return Question(kind, title, offered, lambda code: Q(pk__in=_now_in(kind, code)))


def _now_in(kind: str, code: str) -> QuerySet[Any]:
    return Place.objects.filter(kind=kind, code=code, until=None).values("organisation")


def _among(name: str, title: Promise, texts: QuerySet[Any, str], where: Callable[[str], Q]) -> Question:
    """Ask for one of the texts that there are."""
    return Question(name, title, [(text, text) for text in texts[:OFFERED]], where, is_data=True)


def _holds(viewer: Viewer, title: str) -> Q:
    return Q(pk__in=things(viewer, "title").filter(name=title).values("organisation"))
