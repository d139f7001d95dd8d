"""``liandesk doctor``: what is well, what is not, and what to do."""

from __future__ import annotations

import sys
from typing import Any

from django.core.management.base import BaseCommand

from liandesk.base.upkeep.doctor import examine


class Command(BaseCommand):
    help = "Examine the installation; exit code 1 when something needs doing. Example: liandesk doctor"

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine())
        for finding in findings:
            self.stdout.write(f"{'ok  ' if finding.is_well else 'BAD '} {finding.check}: {finding.found}")
            if not finding.is_well:
                self.stdout.write(f"     {finding.todo}")
        if not all(finding.is_well for finding in findings):
            sys.exit(1)
