"""The parts that pages are made of, on one page that only this test has: looked at and checked like every other."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_tables2
import pytest
from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path
from django_tables2 import RequestConfig

from liandesk.base.ui.templatetags import ui
from liandesk.config.urls import urlpatterns as site
from liankit.reasons import Reason

OpenPage = Callable[..., Any]


class Entry(forms.Form):
    """One of each widget that the product uses."""

    name = forms.CharField(label="Name", help_text="As the supplier writes it.")
    country = forms.ChoiceField(label="Country", choices=[("CN", "CN"), ("DE", "DE")])
    another = forms.ChoiceField(label="Another source", choices=[("y", "yes"), ("n", "no")], widget=forms.RadioSelect)
    is_sure = forms.BooleanField(label="Sure", required=False)
    file = forms.FileField(label="File", required=False)
    due = forms.DateField(label="Due on", widget=forms.DateInput(attrs={"type": "date"}))
    note = forms.CharField(label="Note in words", widget=forms.Textarea, required=False)


class Rows(django_tables2.Table):
    item = django_tables2.Column(verbose_name="Item")
    level = django_tables2.Column(verbose_name="Level", orderable=False)
    output = django_tables2.Column(verbose_name="Output", attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    share = django_tables2.Column(verbose_name="Share", orderable=False, empty_values=())

    def render_item(self, value: str) -> str:
        return ui.data(value)

    def render_level(self, value: str) -> str:
        return ui.level(value)

    def render_output(self, value: float) -> str:
        return ui.cny(value)

    def render_share(self, value: Any) -> str:
        return ui.interval(value, "share")


LEVELS = ("red", "orange", "yellow", "blue", "none")
ROWS = [
    {
        "item": f"Chromatography resin of a rather long name, number {n}",
        "level": LEVELS[n % 5],
        "output": 10.0 ** (n % 9 + 1),
        "share": None if n % 3 else (0.62, 0.48, 0.75),
    }
    for n in range(120)
]
REASONS = [
    Reason("empty_file.what", True, 0.48, 0.75, "share", 0.5, {}, "workbook:a.xlsx:3"),
    Reason("empty_file.why", None),
    Reason("empty_file.todo", False, 12.0, 12.0, "days", 30.0),
]
GALLERY = """{% extends "ui/base.html" %}{% load ui django_tables2 %}
{% block title %}Gallery{% endblock %}
{% block filters %}
<p>Filters</p>
{% endblock %}
{% block content %}
{% render_table table %}
{% include "ui/components/empty.html" with title="Nothing yet" text="Load a file." url="/about" action="About" %}
<div class="card card-body">{% include "ui/form.html" with submit="Save" cancel_url="/about" %}</div>
{% endblock %}
{% block drawer %}
{% include "ui/components/reasons.html" with title="Why" question="Is there another source?" question_to="X" %}
{% endblock %}
"""


def gallery(request: HttpRequest) -> HttpResponse:
    table = Rows(ROWS)
    RequestConfig(request, paginate={"per_page": 25}).configure(table)
    form = Entry({"name": "", "country": "FR", "due": "soon"})
    context = {"table": table, "form": form, "reasons": REASONS, "is_synthetic": True}
    return HttpResponse(engines["django"].from_string(GALLERY).render(context, request))


class Routes:
    urlpatterns = [*site, path("gallery", gallery)]


@pytest.fixture
def with_gallery(settings: Any) -> None:
    settings.ROOT_URLCONF = Routes


def test_the_parts_are_readable_on_desk_and_phone_in_both_languages(
    view: tuple[str, int], with_gallery: None, open_page: OpenPage, check_page: Any, shot: Any
) -> None:
    language, width = view
    page = open_page("/gallery", who="ChainOffice", language=language, width=width)
    shot(page, f"gallery-{language}-{width}")
    check_page(page)
    assert page.is_visible(".badge.synthetic")


@pytest.mark.parametrize("width", [1440, 390])
def test_the_parts_are_readable_in_the_dark(
    width: int, with_gallery: None, open_page: OpenPage, check_page: Any, shot: Any
) -> None:
    page = open_page("/gallery", who="ChainOffice", language="en", width=width, cookies={"theme": "dark"})
    shot(page, f"gallery-dark-{width}")
    check_page(page)


def test_a_table_is_sorted_and_paged_by_links_and_says_so(with_gallery: None, open_page: OpenPage) -> None:
    page = open_page("/gallery", who="ChainOffice", language="en", script=False)
    page.click("th >> text=Output")
    assert page.get_attribute("th:has-text('Output')", "aria-sort") == "ascending"
    page.click("text=Next")
    assert page.get_attribute("th:has-text('Output')", "aria-sort") == "ascending"
    assert page.inner_text("[aria-current=page].page-link") == "2"


def test_on_a_phone_a_row_is_a_card_with_its_labels(with_gallery: None, open_page: OpenPage) -> None:
    page = open_page("/gallery", who="ChainOffice", language="en", width=390)
    label = page.evaluate("getComputedStyle(document.querySelector('td.num'), '::before').content")
    assert label == '"Output"'
    assert page.evaluate("getComputedStyle(document.querySelector('tbody tr')).display") == "block"


def test_the_summary_of_errors_leads_to_the_fields(with_gallery: None, open_page: OpenPage) -> None:
    page = open_page("/gallery", who="ChainOffice", language="en")
    page.click(".form-summary a:has-text('Due on')")
    assert page.evaluate("document.activeElement.id") == "id_due" or page.url.endswith("#id_due")
    assert page.get_attribute("#id_due", "aria-describedby") == "id_due_error"
