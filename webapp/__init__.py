"""Inkling's page: the pad, the bars and the sample grid, on Gradio, in front of mnist_core."""
