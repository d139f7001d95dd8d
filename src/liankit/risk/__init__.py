"""What can break: exposure of items and inputs, with reasons, rank stability and the questions that would settle
them."""

from liankit.risk.exposure import ENTRY_SCHEMA, Exposure, exposure
from liankit.risk.inputs import INPUT_COLUMNS
from liankit.risk.questions import QUESTION_SCHEMA
from liankit.risk.thresholds import Thresholds

__all__ = ["ENTRY_SCHEMA", "INPUT_COLUMNS", "QUESTION_SCHEMA", "Exposure", "Thresholds", "exposure"]
