/** Gathers a long text as bytes, in pieces: a string for each of its many parts would cost more than the text. */
export interface ByteWriter {
  bytes(part: Uint8Array): void;
  text(part: string): void;
  /** All that was written, in pieces of which none is empty. Nothing may be added after it. */
  finish(): readonly Buffer[];
}

const PIECE_BYTES = 1_048_576;

/** Begins an empty text. */
export function createByteWriter(): ByteWriter {
  const pieces: Buffer[] = [];
  let piece = Buffer.allocUnsafe(PIECE_BYTES);
  let length = 0;

  const bytes = (part: Uint8Array): void => {
    if (length + part.length > piece.length) {
      if (length > 0) pieces.push(piece.subarray(0, length));
      piece = Buffer.allocUnsafe(Math.max(PIECE_BYTES, part.length));
      length = 0;
    }
    piece.set(part, length);
    length += part.length;
  };
  return {
    bytes,
    text(part) {
      bytes(Buffer.from(part));
    },
    finish() {
      if (length > 0) pieces.push(piece.subarray(0, length));
      return pieces;
    },
  };
}
