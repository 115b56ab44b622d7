/** `uv run` in its two parts: the sync of the project, and the command that runs in it. */
import { takesValue } from './pip-arguments.ts';
import type { ShellWord } from './shell-pieces.ts';

const valueOptions =
  /^(?:-w|--with|--with-requirements|--with-editable|--env-file|--package|--python-fetch|--cache-dir)$/;

/** The words of uv itself, and those of the command; null for anything else. */
export function splitUvRun(words: readonly ShellWord[]): {
  readonly own: readonly ShellWord[];
  readonly command: readonly ShellWord[];
  readonly isModule: boolean;
} | null {
  const [first, second] = words;
  if (first === undefined || second?.text !== 'run' || !/(?:^|\/)uv$/.test(first.text)) return null;
  let at = 2;
  let isModule = false;
  for (; at < words.length; at++) {
    const text = words[at]?.text ?? '';
    if (!text.startsWith('-')) break;
    if (text === '--') {
      at++;
      break;
    }
    isModule ||= text === '-m' || text === '--module';
    if (valueOptions.test(text) || takesValue(text)) at++;
  }
  const own = [{ ...first, text: 'uv' }, second, ...words.slice(2, at)];
  return { own, command: words.slice(at), isModule };
}
