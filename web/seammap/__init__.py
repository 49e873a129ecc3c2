"""The map of the seams: what the layers and the road register of a day leave open, by place."""

from pathlib import Path

STRINGS = Path(__file__).parent / "strings.yaml"
"""Every word of the page, in both languages."""
