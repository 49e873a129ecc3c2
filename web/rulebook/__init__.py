"""The rule book: by matter and day, the rules and their table as a person reads them."""
