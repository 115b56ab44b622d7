/** Which files depweight may write: its own, never what a person wrote, unless forced. */

/** What is to be done with one file. */
export type WriteDecision = 'write' | 'unchanged' | { readonly refuse: string };

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

/** Whether `newText` may take the place of `existingText` (null: no file there). */
export function decideWrite(
  existingText: string | null,
  newText: string,
  force: boolean,
): WriteDecision {
  if (existingText === newText) return 'unchanged';
  if (existingText === null || force || hasOutputHeader(existingText)) return 'write';
  return { refuse: 'it exists and depweight did not write it; --force overwrites it' };
}
