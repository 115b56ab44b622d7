"""The measurements themselves: plain functions on arrays of samples."""

from pathlib import Path

import librosa
import numpy as np
import soundfile
from scipy import signal

from app.models import Measurements

SILENCE = -120.0


def analyse(path: Path) -> Measurements:
    samples, sample_rate = soundfile.read(path, dtype="float32", always_2d=True)
    mono = samples.mean(axis=1)
    tempo, _ = librosa.beat.beat_track(y=mono, sr=sample_rate)
    centroid = librosa.feature.spectral_centroid(y=mono, sr=sample_rate)
    return Measurements(
        seconds=len(mono) / sample_rate,
        sample_rate=sample_rate,
        tempo=float(tempo),
        peak=peak(mono),
        loudness=loudness(mono, sample_rate),
        brightness=float(centroid.mean()),
    )


def peak(samples: np.ndarray) -> float:
    return float(np.max(np.abs(samples), initial=0.0))


def loudness(samples: np.ndarray, sample_rate: int) -> float:
    """Level in decibels below full scale, without the rumble under 40 Hz."""
    rumble_filter = signal.butter(2, 40.0, btype="highpass", fs=sample_rate, output="sos")
    power = float(np.mean(np.square(signal.sosfilt(rumble_filter, samples))))
    return SILENCE if power <= 0.0 else 10.0 * float(np.log10(power))
