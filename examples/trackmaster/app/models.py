"""What the service answers with."""

from pydantic import BaseModel, Field


class Measurements(BaseModel):
    seconds: float = Field(ge=0)
    sample_rate: int = Field(gt=0)
    tempo: float = Field(ge=0)
    peak: float = Field(ge=0)
    loudness: float
    brightness: float = Field(ge=0)
