"""The link to one form: signed, for one enterprise and one round, ended by its day, by a newer one or by hand.

The database holds its digest only; the link itself can be made again from the row and the site's secret key, so that
a sheet of codes can be printed twice. Whoever holds it acts as the enterprise in this one form.
"""

from __future__ import annotations

from base64 import b64encode
from datetime import datetime, time, timedelta

import qrcode
from django.core import signing
from django.utils import timezone
from qrcode.image.svg import SvgPathImage

from liandesk.base.accounts.queries import token_digest
from liandesk.base.accounts.roles import Grant, Role, ScopeKind, Viewer
from liandesk.base.clock import business_now
from liandesk.know.survey.models import Invitation, Round

DAYS_AFTER = 14  # the link opens the form so long after the deadline, unless the round is closed before
_SIGNER = signing.Signer(salt="liandesk.survey.link", sep=".")


def token_of(round_pk: int, organisation: str, serial: int) -> str:
    """Return the secret of a link."""
    return _SIGNER.sign(f"{round_pk}-{organisation}-{serial}")


def digest_of(round_pk: int, organisation: str, serial: int) -> str:
    """Return what the database keeps of a link."""
    return token_digest(token_of(round_pk, organisation, serial))


def expiry_of(held: Round) -> datetime:
    """Return when the links of a round end: at the end of a day, some time after the deadline."""
    last = datetime.combine(held.deadline + timedelta(days=DAYS_AFTER + 1), time())
    return timezone.make_aware(last)


def invitation_of(token: str) -> Invitation | None:
    """Return whose form a link opens; None for one that is forged, ended, or of a round that is not open."""
    try:
        _SIGNER.unsign(token)
    except signing.BadSignature:
        return None
    found = Invitation.objects.select_related("round").filter(link_digest=token_digest(token)).first()
    return found if found and is_open(found) else None


def is_open(found: Invitation) -> bool:
    """Say whether the link of a form opens it at this moment."""
    moment = business_now()
    in_time = found.round.opens_on <= moment.date() and moment < found.link_expires_at
    is_held = found.round.opened_at is not None and found.round.closed_at is None
    return in_time and is_held and found.link_revoked_at is None


def holder(found: Invitation) -> Viewer:
    """Return as whom the holder of a link acts: the enterprise, by this form's link."""
    grant = Grant(Role.ENTERPRISE, ScopeKind.ORGANISATION, found.organisation)
    return Viewer(f"survey-link:{found.pk}", found.name, frozenset({grant}))


def code_of(address: str) -> str:
    """Return the QR code of an address as the source of an image: SVG, no script, no request."""
    picture = qrcode.make(address, image_factory=SvgPathImage, box_size=12, border=2)
    return f"data:image/svg+xml;base64,{b64encode(picture.to_string()).decode()}"
