"""What happens in the service, counted for Prometheus."""
