"""What a route may ask for, and the short ways to say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from liandesk.base.accounts.access import Resource


@dataclass(frozen=True)
class Asks:
    """What a method asks for: an action on a resource, or only an account, or nothing.

    ``lists_nothing``: the page opens for everybody with an account and shows nothing to who may see nothing.
    ``whose``: beside the right, the object is this member's own and hidden from everybody else.
    """

    resource: Resource | None = None
    action: str = "read"
    is_public: bool = False
    lists_nothing: bool = False
    whose: str = ""


@dataclass(frozen=True)
class Route:
    """One route: what its methods ask for, with which objects, queries and form it is tried."""

    get: Asks | None = None
    post: Asks | None = None
    seen: tuple[str, ...] = ()
    queries: tuple[str, ...] = ("",)
    more: tuple[tuple[object, ...], ...] = ((),)  # further arguments after the object's, one try each
    form: Mapping[str, object] = field(default_factory=dict)  # what POST sends


ANYBODY = Asks(is_public=True)
ACCOUNT = Asks()
COPIES = (("csv",), ("xlsx",))


def reads(resource: Resource, *seen: str, **more: object) -> Route:
    return Route(get=Asks(resource), seen=seen, **more)  # type: ignore[arg-type]


def does(resource: Resource, action: str, *seen: str, **more: object) -> Route:
    return Route(post=Asks(resource, action), seen=seen, **more)  # type: ignore[arg-type]
