"""The face: what can be asked, done and watched over GraphQL; it adds no rule."""
