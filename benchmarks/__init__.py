"""What it costs, side by side with what it is compared to."""
