"""The work between the stages: what each step takes from the store, hands to a stage, and keeps of its answer."""
