"""Packs say what a district and its industry are: data only, read as files."""
