"""liankit computes: pure functions over numpy and Polars, without web, database or clock."""
