/**
 * Inline metadata of scripts (PEP 723): TOML in comments between `# /// TYPE` and `# ///`.
 *
 * Traps, all of them from the canonical regular expression, which wins over the text of the PEP:
 * - The *last* `# ///` of a run of comment lines closes: a second block that follows without a line between belongs to the first.
 * - Every line is `#` or starts with `# `. Indented lines, `#x`, and white space behind `script` or `///` are none of it.
 * - A block has at least one line of content. One that is never closed is no block.
 * - It knows nothing of Python: a block inside a docstring counts.
 * - Two blocks of one type are an error, and a tool must not choose.
 */

/** A block that is closed. */
export interface MetadataBlock {
  readonly type: string;
  /** 1-based, of `# /// TYPE`; its content starts in the line below. */
  readonly line: number;
  /** Its lines without `# `, joined by line feeds. */
  readonly content: string;
}

/** A line that opens no block, and why: `unclosed` and `empty` are `# /// TYPE`, `inexact` only looks like it. */
export interface FailedBlock {
  readonly type: string;
  readonly line: number;
  readonly reason: 'unclosed' | 'empty' | 'inexact';
}

/** What a text holds, in its order. */
export interface InlineMetadata {
  readonly blocks: readonly MetadataBlock[];
  readonly failed: readonly FailedBlock[];
}

const opening = /^# \/\/\/ ([a-zA-Z0-9-]+)$/;
const nearlyOpening = /^\s*#+\s*\/{3}\s*([a-zA-Z0-9-]+)\s*$/;
const contentLine = /^#(?: |$)/;
const closing = '# ///';

/** Finds the blocks of a script as the canonical regular expression does. */
export function findInlineMetadata(text: string): InlineMetadata {
  const blocks: MetadataBlock[] = [];
  const failed: FailedBlock[] = [];
  const lines = text.split(/\r\n|\r|\n/);
  for (let index = 0; index < lines.length; index++) {
    const written = lines[index] ?? '';
    const type = opening.exec(written)?.[1];
    if (type === undefined) {
      const meant = nearlyOpening.exec(written)?.[1];
      if (meant !== undefined) failed.push({ type: meant, line: index + 1, reason: 'inexact' });
      continue;
    }
    const end = findClosing(lines, index + 1);
    if (end === -1 || end === index + 1) {
      failed.push({ type, line: index + 1, reason: end === -1 ? 'unclosed' : 'empty' });
      continue;
    }
    const content = lines.slice(index + 1, end).map((line) => line.slice(2));
    blocks.push({ type, line: index + 1, content: content.join('\n') });
    index = end;
  }
  return { blocks, failed };
}

/** The line of the last `# ///` in the run of comment lines that starts at a line; -1 for none. */
function findClosing(lines: readonly string[], first: number): number {
  let end = -1;
  for (let index = first; contentLine.test(lines[index] ?? ''); index++) {
    if (lines[index] === closing) end = index;
  }
  return end;
}
