"""The page that officers see."""
