"""Plans that cost little more than the best one and differ from it as much as they can."""
