"""Inkling's engine: drawings, networks, their training and its timeline. It knows nothing of the page."""
