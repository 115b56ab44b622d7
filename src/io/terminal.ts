import { open, rename, rm, stat, writeFile } from 'node:fs/promises';

/** What is known about the two streams of the user. */
export interface TerminalFacts {
  readonly colorOut: boolean;
  readonly colorError: boolean;
  /** Columns for reports, 60 to 100; where stdout is no terminal those of COLUMNS, else 80. */
  readonly width: number;
  /** The same of the stream for messages; absent where it is no terminal and COLUMNS says nothing. */
  readonly messageWidth?: number;
  /** True where a line on stderr may be rewritten in place. */
  readonly interactive: boolean;
}

/** The parts of a stream that matter here. */
export interface StreamFacts {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

/** The variables that say how to print. */
export type TerminalVariables = Readonly<Record<string, string | undefined>>;

/** How to print, from `--color`, then FORCE_COLOR, then NO_COLOR, then the streams themselves. */
export function readTerminal(
  out: StreamFacts,
  error: StreamFacts,
  variables: TerminalVariables,
  color: 'auto' | 'always' | 'never',
): TerminalFacts {
  const dumb = variables['TERM'] === 'dumb';
  const messageWidth = columnsOf(error, variables);
  const continuous = (variables['CI'] ?? '') !== '' && variables['CI'] !== 'false';
  return {
    colorOut: hasColor(out, variables, color),
    colorError: hasColor(error, variables, color),
    width: columnsOf(out, variables) ?? 80,
    ...(messageWidth === null ? {} : { messageWidth }),
    interactive: error.isTTY === true && !dumb && !continuous,
  };
}

/** Null where nothing says: a terminal knows its own, a pipe what COLUMNS says of it. */
function columnsOf(
  { isTTY, columns = 80 }: StreamFacts,
  variables: TerminalVariables,
): number | null {
  const said = Number(variables['COLUMNS'] ?? '');
  if (isTTY !== true && !(Number.isInteger(said) && said > 0)) return null;
  return Math.min(Math.max(isTTY === true ? columns : said, 60), 100);
}

function hasColor(
  stream: StreamFacts,
  variables: TerminalVariables,
  color: 'auto' | 'always' | 'never',
): boolean {
  if (color !== 'auto') return color === 'always';
  const forced = variables['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if ((variables['NO_COLOR'] ?? '') !== '') return false;
  return stream.isTTY === true && variables['TERM'] !== 'dumb';
}

/** Writes all of the text to a stream. A reader that went away (`| head`) is no error. */
export function writeText(stream: NodeJS.WritableStream, text: string | Buffer): Promise<void> {
  if (text === '') return Promise.resolve();
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      if (error && !('code' in error && error.code === 'EPIPE')) reject(error);
      else resolve();
    });
  });
}

/** Writes a report to a file: the whole of it or nothing. A symbolic link is replaced, not followed. */
export async function writeReportFile(path: string, text: string): Promise<void> {
  // A pipe or a device (`/dev/stdout`) can only be written to, not replaced. Whatever is wrong with the
  // path is told by the write below.
  const existing = await stat(path).catch(() => null);
  if (existing !== null && !existing.isFile()) return writeFile(path, text);
  // Loading it costs 5 ms, and most runs write no file.
  const { randomUUID } = await import('node:crypto');
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    const file = await open(temporary, 'wx');
    try {
      await file.writeFile(text);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
