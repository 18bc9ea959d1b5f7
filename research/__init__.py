"""How recipes, pens and thresholds were chosen: imports the project, imported by nothing in it."""
