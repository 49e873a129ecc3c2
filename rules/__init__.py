"""What the law says, by matter and day: no shapes, no database, no Flask."""
