"""What the site keeps about people: for how long, for whom to see, and taking it away."""
