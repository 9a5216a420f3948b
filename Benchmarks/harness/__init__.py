"""Measures the program on big sites beside what limits it, and checks what it did."""
