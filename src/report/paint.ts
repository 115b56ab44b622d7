/** Colours and weights of text. A painter that is off gives the text back as it is. */
export interface Painter {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  yellow(text: string): string;
  green(text: string): string;
  cyan(text: string): string;
}

/** A painter for a terminal (SGR sequences), or one that paints nothing. */
export function createPainter(enabled: boolean): Painter {
  const paint =
    (start: number, end: number) =>
    (text: string): string =>
      enabled && text !== '' ? `\u001b[${start}m${text}\u001b[${end}m` : text;
  return {
    bold: paint(1, 22),
    dim: paint(2, 22),
    red: paint(31, 39),
    yellow: paint(33, 39),
    green: paint(32, 39),
    cyan: paint(36, 39),
  };
}
