"""A small web service that measures the loudness and the spectrum of a recording."""
