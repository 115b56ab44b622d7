/** How large .pyc files are by the Python that writes them. */

/**
 * Of the size that CPython 3.11 writes, on which the estimate for a wheel rests: the same 3,734 files of 23 wheels (pandas, numpy,
 * sqlalchemy, yt-dlp, ...), compiled by each on 2026-11-29. 3.11 put caches between its instructions, 3.12 made tables shorter.
 */
const measured: readonly (readonly [minor: number, factor: number])[] = [
  [8, 0.582],
  [9, 0.588],
  [10, 0.591],
  [11, 1],
  [12, 0.909],
  [13, 0.9],
];

/** The factor for a Python such as `3.12`; of one that was not measured that of the nearest. */
export function bytecodeFactor(python: string): number {
  const minor = Number(/^3\.(\d+)/.exec(python)?.[1] ?? 11);
  const row = measured.findLast(([known]) => known <= minor) ?? measured[0];
  return row?.[1] ?? 1;
}
