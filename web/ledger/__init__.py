"""The ledger's pages: who logs in sees what waits, and does what their post allows."""
