"""The tables of intake."""

from apps.intake.models.imports import Import, Imported, Row

__all__ = ["Import", "Imported", "Row"]
