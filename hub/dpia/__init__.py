"""The assessment of the effect on data protection (DPIA), made of the hub's own configuration."""
