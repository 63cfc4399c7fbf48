"""The life: states, transitions, guards, effects and the engine that alone moves a status."""
