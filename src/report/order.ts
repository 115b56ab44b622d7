/** Order by code point, the same on every machine and in every locale. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  // Comparing UTF-16 units puts U+1F600 before U+FF41; only surrogates can differ.
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index += 1) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) {
      const astral = (a >= 0xd800 && a < 0xe000 ? 1 : 0) - (b >= 0xd800 && b < 0xe000 ? 1 : 0);
      return astral === 0 ? a - b : astral;
    }
  }
  return left.length - right.length;
}

/** Heaviest first; unknown weights last. */
export function compareBytes(left: number | null, right: number | null): number {
  return (right ?? -1) - (left ?? -1);
}
