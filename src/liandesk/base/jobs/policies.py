"""Who sees runs and starts or stops them."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role

_KEEPERS: dict[str, Rows] = {Role.CHAIN_OFFICE: ALL, Role.OPERATOR: ALL}

RUN = declare(Resource("run", {"read": {**_KEEPERS, Role.AUDITOR: ALL}, "start": _KEEPERS, "cancel": _KEEPERS}))
