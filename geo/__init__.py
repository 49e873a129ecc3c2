"""Where something is, by day: no rules, no database, no Flask."""
