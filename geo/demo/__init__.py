"""The schematic district: an own drawing of Longgang for trying things out, labelled as such."""
