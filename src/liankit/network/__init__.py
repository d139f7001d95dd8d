"""The industry chain: a graph of what goes into what, its faults, its weak links, and who could supply whom."""

from liankit.network.findings import COUNTER_REASONS, FINDING_SCHEMA, FOUND, Findings, find_weak_links
from liankit.network.graph import BASES, RELATIONS, ChainGraph, build_graph
from liankit.network.neighbourhood import DIRECTIONS, Direction, Neighbourhood, neighbourhood
from liankit.network.partners import PARTNER_SCHEMA, find_local_partners
from liankit.network.problems import PROBLEMS, find_problems

__all__ = [
    "BASES",
    "COUNTER_REASONS",
    "DIRECTIONS",
    "FINDING_SCHEMA",
    "FOUND",
    "PARTNER_SCHEMA",
    "PROBLEMS",
    "RELATIONS",
    "ChainGraph",
    "Direction",
    "Findings",
    "Neighbourhood",
    "build_graph",
    "find_local_partners",
    "find_problems",
    "find_weak_links",
    "neighbourhood",
]
