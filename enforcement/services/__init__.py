"""Use cases: each reads, lets the core decide, writes once, in one transaction.

One module for each kind of thing (`sites`, …). A use case takes the store it works on; who does
it, and when, is told to it or asked of the clock here, never deeper down.
"""
