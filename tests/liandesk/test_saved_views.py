"""Saved views: one's own, or those of one's office; an address, never a right."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.audit.models import AuditEvent
from liandesk.base.errors import NotThere, UserError
from liandesk.base.ui.models import SavedView
from liandesk.base.ui.saved_views import delete_view, save_view, saved_views

pytestmark = pytest.mark.django_db


def test_a_view_keeps_the_filters_of_a_list_under_a_name(cast_client: Callable[[str], Client]) -> None:
    office = cast_client("ChainOffice")
    form = {"name": "逾期交办", "query": "show=overdue&process=instruction&page=3"}
    made = office.post("/saved-views/cases/save", form)
    assert made.headers["Location"] == "/cases/?show=overdue&process=instruction"
    assert "逾期交办" in office.get("/cases/?show=open").content.decode()
    office.post("/saved-views/cases/save", {**form, "query": "show=mine"})
    assert SavedView.objects.get().query == "show=mine"  # the same name: replaced
    assert "逾期交办" not in cast_client("Officer").get("/cases/?show=open").content.decode()
    assert AuditEvent.objects.filter(object_kind="saved_view").count() == 2


def test_a_shared_view_is_that_of_the_office_and_deleted_by_who_made_it(cast: dict[str, User]) -> None:
    officer, office, town = (viewer_of(cast[name]) for name in ("Officer", "ChainOffice", "TownOfficer"))
    made = save_view(page="organisations", name="in town", query="text=x", is_shared=True, by=town)
    assert made.scope.startswith("town:")
    assert list(saved_views(town, "organisations")) == [made] and not saved_views(town, "cases").exists()
    assert not saved_views(officer, "organisations").exists()
    with pytest.raises(NotThere):
        delete_view(made.pk, by=office)
    assert delete_view(made.pk, by=town) == "organisations" and not SavedView.objects.exists()


def test_a_view_needs_a_name_and_a_list(cast: dict[str, User]) -> None:
    with pytest.raises(UserError, match=r"命名|name"):
        save_view(page="cases", name=" ", query="", is_shared=False, by=viewer_of(cast["Officer"]))
    with pytest.raises(UserError, match="nowhere"):
        save_view(page="nowhere", name="x", query="", is_shared=False, by=viewer_of(cast["Officer"]))
