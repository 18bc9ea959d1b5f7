"""Networks that answer: one snapshot or a whole timeline."""
