"""Power: generation, storage and the connection to the grid."""
