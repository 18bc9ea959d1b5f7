"""How good networks are: accuracy, refusals, unseen writers, and the tables that show it."""
