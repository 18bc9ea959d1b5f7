"""Drawings and pictures, how they are read, and how they become images like MNIST's."""
