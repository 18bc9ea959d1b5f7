"""How networks are trained, and what they are shown. Nothing that only answers imports this."""
