"""A big WordPress site made from a seed: its library, posts, tables and files."""
