"""Who is accountable, and what happens next."""
