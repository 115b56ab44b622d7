/** Which files depweight may write: its own, never what a person wrote, unless forced or kept. */
import type { SplitRow } from '../types.ts';

/** What is to be done with a file that would change. */
export type WriteDecision = 'write' | { readonly refuse: string };

const headerStart = '# Written by depweight';
const headerPattern = /^\uFEFF?# Written by depweight\b/;

/** The first line of every file that depweight writes: from what, and how to renew it. No dates, so that it is stable. */
export function outputHeader(source: string, command: string): string {
  // A path may hold line ends, and would then end the comment.
  const oneLine = (text: string): string => text.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?');
  return `${headerStart} from ${oneLine(source)}. To renew it: ${oneLine(command)}`;
}

/** True for a text that depweight wrote: an output, never an input. */
export function hasOutputHeader(text: string): boolean {
  return headerPattern.test(text);
}

/** The text as a person would have written it: an input, whoever reads it. */
export function withoutOutputHeader(text: string): string {
  return hasOutputHeader(text) ? text.replace(/^[^\n]*\n(?:\r?\n)?/, '') : text;
}

/** Whether a proposal may take the place of another text (null: no file there). */
export function decideWrite(
  existingText: string | null,
  { kind, copyOf }: Pick<SplitRow, 'kind' | 'copyOf'>,
  force: boolean,
): WriteDecision {
  if (existingText === null || force || hasOutputHeader(existingText)) return 'write';
  if (kind === 'compat') {
    return {
      refuse:
        'depweight did not write it; --keep-original keeps it under another name, --force overwrites it',
    };
  }
  if (copyOf !== undefined)
    return { refuse: `it exists and is no copy of ${copyOf}; --force overwrites it` };
  return { refuse: 'it exists and depweight did not write it; --force overwrites it' };
}
