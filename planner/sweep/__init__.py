"""Many points of one question: sweeps over a scenario, batches of scenarios, and their store."""
