"""The HTTP side: takes an upload, checks what it is, gives back its measurements."""

import tempfile
from pathlib import Path

import aiofiles
import magic
from fastapi import FastAPI, File, HTTPException, UploadFile

from app.analysis import analyse
from app.models import Measurements

ACCEPTED_TYPES = {"audio/flac", "audio/mpeg", "audio/ogg", "audio/x-wav"}
CHUNK_BYTES = 1 << 20

app = FastAPI(title="TrackMaster")


@app.get("/health")
def health() -> dict[str, str]:
    return {"status": "ok"}


@app.post("/measure")
async def measure(recording: UploadFile = File(...)) -> Measurements:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording"
        await store(recording, path)
        kind = magic.from_file(str(path), mime=True)
        if kind not in ACCEPTED_TYPES:
            raise HTTPException(status_code=415, detail=f"{kind} is not a recording")
        return analyse(path)


async def store(recording: UploadFile, path: Path) -> None:
    async with aiofiles.open(path, "wb") as target:
        while chunk := await recording.read(CHUNK_BYTES):
            await target.write(chunk)
