const day = 86_400_000;

/** A date (then its end) or a moment as ISO 8601 in UTC; null for any other text, durations among it. */
export function parseMoment(text: string): string | null {
  const date = /^\d{4}-\d\d-\d\d$/.test(text);
  const moment = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)$/.test(text);
  const milliseconds = date || moment ? Date.parse(date ? `${text}T00:00:00Z` : text) : Number.NaN;
  // Date.parse takes 30 February for 2 March.
  const real = !date || new Date(milliseconds || 0).toISOString().startsWith(text);
  if (Number.isNaN(milliseconds) || !real) return null;
  return new Date(milliseconds + (date ? day : 0)).toISOString();
}
