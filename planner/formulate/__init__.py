"""The investment model of a case, one file per family of constraints."""
