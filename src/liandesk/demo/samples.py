"""The demo's samples of evidence: one with equal chance whose pieces were checked, then one by risk, in hand."""

from __future__ import annotations

from collections.abc import Mapping

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.teamwork import sampling
from liandesk.base.teamwork.models import Sample


def sample_evidence(people: Mapping[str, User]) -> int:
    """Let the auditor draw twice and check what was drawn; return how many pieces were checked."""
    auditor = viewer_of(people["Auditor"])
    if sampling.samples(auditor).exists():
        return 0
    checked = _check(_draw(auditor, 5, Sample.Design.EQUAL), auditor)
    return checked + _check(_draw(auditor, 8, Sample.Design.RISK), auditor, leave=2)  # it knows what the first found


def _draw(by: Viewer, size: int, design: str) -> Sample:
    year = today().year
    wanted = sampling.Wanted(today().replace(month=1, day=1), today(), size, seed=f"demo {year}", design=design)
    return sampling.draw(wanted, by=by)


def _check(sample: Sample, by: Viewer, leave: int = 0) -> int:
    """Every fifth piece does not show what it was given for; the last ones wait."""
    pieces = list(sampling.items(by, sample.pk))
    for place, item in enumerate(pieces[: len(pieces) - leave]):
        answer, note = ("no", "会议纪要未写明完成情况（合成）") if place % 5 == 1 else ("yes", "")
        sampling.judge(item.pk, answer, by=by, note=note)
    return len(pieces) - leave
