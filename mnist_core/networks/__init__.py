"""Networks that answer: one snapshot or a whole timeline, and the detector of what is no digit."""
