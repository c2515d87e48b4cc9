"""Benchmarks: figures to compare by, printed and never asserted in seconds."""
