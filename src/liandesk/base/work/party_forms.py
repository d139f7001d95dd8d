"""Who holds the roles of a case, asked by kind: a place by choice, an organisation by search, a person by name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.queries import persons_meant
from liandesk.base.accounts.roles import Viewer
from liandesk.base.pack import Term, pack
from liandesk.base.ui.display import language
from liandesk.base.work import subjects
from liandesk.base.work.opening import opening_roles, opening_scopes
from liandesk.base.work.policies import OFFICIALS
from liandesk.base.work.queries import PERSON
from liandesk.base.work.wording import holder_name, said
from liankit.process import Process
from liankit.process.definition import Role

Choices = list[tuple[str, str]]


def _named(kind: str, terms: Iterable[Term]) -> Choices:
    return [(f"{kind}:{term.code}", term.text[language()]) for term in terms]


def places(kinds: Sequence[str]) -> list[tuple[str, Choices]]:
    """Return the offices, towns and zones that may hold a role, in groups."""
    groups = [("office", _now("Offices"), pack().offices), ("town", _now("Towns"), pack().towns)]
    groups.append(("town", _now("Zones"), pack().zones))
    return [(title, _named(kind, terms)) for kind, title, terms in groups if kind in kinds and terms]


class OrganisationField(forms.CharField):
    """An organisation by name or id; cleaned it is the id. Where several are meant none is taken: they are named."""

    def __init__(self, viewer: Viewer, **more: Any) -> None:
        super().__init__(max_length=200, widget=forms.TextInput(attrs={"translate": "no"}), **more)
        self.viewer = viewer

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        hits = subjects.find(self.viewer, "organisation", text)
        if not hits:
            raise forms.ValidationError(_("No organisation that you see is called so."))
        if len(hits) > 1:
            names = "、".join(title for _id, title in hits[:8])
            said_ = _("Several are meant: %(names)s. Write one name in full.")
            raise forms.ValidationError(said_, params={"names": names})
        return hits[0][0]


class PersonField(forms.CharField):
    """A person by account or name; cleaned it is the actor ("user:7")."""

    def __init__(self, **more: Any) -> None:
        super().__init__(max_length=80, widget=forms.TextInput(attrs={"translate": "no"}), **more)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        if not text:
            return ""
        actors = persons_meant(text)
        if len(actors) != 1:
            raise forms.ValidationError(_("Exactly one person must have this name or account."))
        return actors[0]


class RoleFields:
    """The questions of who holds one role, by the kinds it may be held by; at least one answer where it is required."""

    def __init__(self, role: Role, viewer: Viewer, *, is_required: bool, takes_many: bool) -> None:
        self.role, self.is_required = role, is_required
        self.fields = dict(self._made(viewer, takes_many))

    def _made(self, viewer: Viewer, takes_many: bool) -> Iterable[tuple[str, forms.Field]]:
        title, kinds = said(self.role.title), self.role.held_by
        if groups := places(kinds):
            must = self.is_required and len(self.role.held_by) == len({"office", "town"} & set(kinds))
            many = forms.MultipleChoiceField(choices=groups, widget=forms.CheckboxSelectMultiple, required=must)
            one = forms.ChoiceField(choices=[("", "—"), *groups], required=must)
            made: forms.Field = many if takes_many else one
            made.label = title
            yield f"{self.role.key}_place", made
        if "organisation" in kinds:
            label = _now("%(role)s: an organisation") % {"role": title} if groups else title
            yield f"{self.role.key}_organisation", OrganisationField(viewer, label=label, required=False)
        if "person" in kinds:
            label = _now("%(role)s: a person, by name or account") % {"role": title}
            yield f"{self.role.key}_person", PersonField(label=label, required=False)

    def holders(self, cleaned: dict[str, Any]) -> list[str]:
        """Return who was named, each as ``kind:id``."""
        places_ = cleaned.get(f"{self.role.key}_place") or []
        found = [places_] if isinstance(places_, str) else list(places_)
        for kind in ("organisation", "person"):
            if named := cleaned.get(f"{self.role.key}_{kind}"):
                found.append(f"{kind}:{named}")
        return found


def own_holders(viewer: Viewer, process: Process) -> list[str]:
    """Return as whom the viewer may open a case, each as ``role=kind:id``; an office or a town before the person."""
    roles = {role.key: role for role in process.roles}
    scopes = sorted(opening_scopes(viewer), key=lambda scope: (scope[0] == PERSON, scope))
    return [
        f"{key}={kind}:{scope_id}"
        for key in opening_roles(viewer, process)
        for kind, scope_id in scopes
        if kind in roles[key].held_by
    ]


def own_label(process: Process, own: str) -> str:
    """Return one choice of ``own_holders`` in words."""
    key, _equals, holder = own.partition("=")
    title = next(said(role.title) for role in process.roles if role.key == key)
    return f"{title}: {holder_name(*holder.split(':', 1))}"


def asked_roles(viewer: Viewer, process: Process) -> list[RoleFields]:
    """Return the roles that are asked at opening: an enterprise is not asked who in the district answers it."""
    is_official = bool(viewer.roles & OFFICIALS)
    own = set(opening_roles(viewer, process))
    must = process.held_at_opening
    asked = [role for role in process.roles if role.key not in own and (is_official or _has_nobody(role, must))]
    return [
        RoleFields(role, viewer, is_required=_has_nobody(role, must), takes_many=role.key not in must) for role in asked
    ]


def _has_nobody(role: Role, must: Collection[str]) -> bool:
    """Say whether somebody must be named for a role: it leads from the first and nobody holds it by default."""
    return role.key in must and not role.default
