"""What is sold and for how much: services, locations, clients' own rates, practitioners' own wages."""
