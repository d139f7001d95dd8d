"""A report whose every number has an id and can be recomputed: its ledger, its bundle, and the check of a bundle."""
