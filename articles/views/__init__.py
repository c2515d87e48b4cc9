"""The public views; every query starts from `live()` but for editors who are signed in."""
