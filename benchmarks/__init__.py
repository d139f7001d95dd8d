"""Speed of what must be fast; run all with ``python -m benchmarks``."""
