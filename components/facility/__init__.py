"""The facility: blocks that hold racks, and the site they stand on."""
