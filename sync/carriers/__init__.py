"""What carries sealed bytes: radio, HTTPS, courier file, and a simulated link."""
