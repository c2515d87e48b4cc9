"""The developers' page of every component in every state, at `/styleguide/` under DEBUG only."""
