"""The schematic district: an own drawing of Longgang to try things out on, always labelled as one.

Names are real, positions plausible, everything else made up; it is drawn anew whenever it is asked
for, always the same. `editions` are its map layers, `register` says who owns its roads.
"""

from geo.demo.layers import editions
from geo.demo.owners import register

__all__ = ["editions", "register"]
