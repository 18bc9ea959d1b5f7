"""How good networks are: accuracy, unseen writers, exported files, and the tables that show it."""
