import numpy as np
import pytest

from app.analysis import SILENCE, loudness, peak

SAMPLE_RATE = 48_000


@pytest.fixture
def tone() -> np.ndarray:
    seconds = np.arange(SAMPLE_RATE) / SAMPLE_RATE
    return 0.5 * np.sin(2 * np.pi * 1_000 * seconds)


def test_peak_is_the_largest_sample(tone: np.ndarray) -> None:
    assert peak(tone) == pytest.approx(0.5, abs=1e-4)


def test_peak_of_nothing_is_zero() -> None:
    assert peak(np.array([])) == 0.0


def test_loudness_of_a_tone(tone: np.ndarray) -> None:
    assert loudness(tone, SAMPLE_RATE) == pytest.approx(-9.0, abs=0.1)


def test_loudness_of_silence() -> None:
    assert loudness(np.zeros(SAMPLE_RATE), SAMPLE_RATE) == SILENCE
