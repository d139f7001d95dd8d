"""A plan as data: from its text to targets, measures and owners, and from values to progress, lights and appraisal."""
