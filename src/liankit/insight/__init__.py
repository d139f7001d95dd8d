"""Where time goes in a process: estimates from the stays of its cases in their stages, the open cases counted in.

Everything reads two tables (``tables.py``): the stays of cases in stages, and the cases. A stay or a case that still
goes on is censored at the moment of looking: it is neither left out nor taken for ended.
"""

from __future__ import annotations

from liankit.insight.bottlenecks import bottlenecks
from liankit.insight.eventlog import event_log
from liankit.insight.forecast import Finish, Model, fit, score
from liankit.insight.stays import ages, stages_now, throughput, time_in_stage
from liankit.insight.tables import CASES, VISITS, Log, as_log, whole_stays
from liankit.insight.whatif import Replayed, in_parallel, more_meetings

__all__ = [
    "CASES",
    "VISITS",
    "Finish",
    "Log",
    "Model",
    "Replayed",
    "ages",
    "as_log",
    "bottlenecks",
    "event_log",
    "fit",
    "in_parallel",
    "more_meetings",
    "score",
    "stages_now",
    "throughput",
    "time_in_stage",
    "whole_stays",
]
