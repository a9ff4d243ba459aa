"""The YAML shapes, from which the JSON schemas are made."""
