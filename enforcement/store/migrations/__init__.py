"""The history of the tables; `enforcement.store.migrate` runs it."""
