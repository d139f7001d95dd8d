"""What every page view has in common."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required

signed_in = login_required
"""A visitor who is not signed in is sent to sign in and comes back."""
