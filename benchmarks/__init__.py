"""Benchmarks: figures of real processes on loopback, each printed by a command that anyone can run again."""
