"""Measurements, each beside a peer in the same run: `python -m bench`, or `make bench`."""
