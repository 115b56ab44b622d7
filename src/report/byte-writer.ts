/** Gathers a long text as bytes, in pieces: a string for each of its many small parts would cost more than the text. */
export interface ByteWriter {
  bytes(part: Uint8Array): void;
  /** Bytes of a larger array. */
  slice(source: Uint8Array, start: number, length: number): void;
  /** A whole number from 0 on, in decimal. */
  number(value: number): void;
  text(part: string): void;
  /** All that was written. Nothing may be added after it. */
  finish(): readonly Buffer[];
}

const PIECE_BYTES = 1_048_576;
/** A number has at most so many digits. */
const MOST_DIGITS = 16;
const ZERO = 48;

/** Begins an empty text. */
export function createByteWriter(): ByteWriter {
  const pieces: Buffer[] = [];
  let piece = Buffer.allocUnsafe(PIECE_BYTES);
  let length = 0;

  const makeRoom = (size: number): void => {
    if (length + size <= piece.length) return;
    pieces.push(piece.subarray(0, length));
    piece = Buffer.allocUnsafe(Math.max(PIECE_BYTES, size));
    length = 0;
  };
  const slice = (source: Uint8Array, start: number, size: number): void => {
    makeRoom(size);
    // Names are short: a loop costs less than a call that copies.
    const target = piece;
    const from = start - length;
    const end = length + size;
    for (let place = length; place < end; place++) target[place] = source[from + place] ?? 0;
    length = end;
  };
  return {
    slice,
    bytes(part) {
      makeRoom(part.length);
      piece.set(part, length);
      length += part.length;
    },
    number(value) {
      makeRoom(MOST_DIGITS);
      let end = length + 1;
      for (let rest = value; rest >= 10; rest = Math.floor(rest / 10)) end++;
      let rest = value;
      for (let place = end - 1; place >= length; place--) {
        piece[place] = ZERO + (rest % 10);
        rest = Math.floor(rest / 10);
      }
      length = end;
    },
    text(part) {
      const bytes = Buffer.from(part);
      slice(bytes, 0, bytes.length);
    },
    finish() {
      if (length > 0) pieces.push(piece.subarray(0, length));
      return pieces;
    },
  };
}
