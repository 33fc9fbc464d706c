"""Strandline's mover: deliveries in, published figures and packs out."""
