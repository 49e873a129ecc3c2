"""Where things are kept: tables, queries over them, and the migrations that make them.

One module for each kind of thing kept (`sites`, …) has its rows and queries; `tables` gathers the
rows, `engine` opens the database, `migrate` brings it up to date. Nothing here decides anything:
functions take and give the values of `enforcement`, inside a transaction that a service opened.
"""
