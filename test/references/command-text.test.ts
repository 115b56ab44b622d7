import { describe, expect, test } from 'vitest';
import { splitScript } from '../../src/references/command-text.ts';

/** Reads the commands of a script as `LINE: text`. */
function commandsOf(script: string): readonly string[] {
  return splitScript(script.split('\n'), 1).map(({ line, text }) => `${line}: ${text}`);
}

describe('splitScript', () => {
  test('joins continued lines with one blank, under the line of the first', () => {
    expect(commandsOf('pip install \\\n  torch \\  \n  numpy\nls')).toEqual([
      '1: pip install    torch    numpy',
      '4: ls',
    ]);
  });

  test('keeps a quote together that ends on a later line', () => {
    expect(commandsOf('python -c "\nimport torch\n" x\nls')).toEqual([
      '1: python -c "\nimport torch\n" x',
      '4: ls',
    ]);
  });

  test('sees no end of a quote behind a backslash, at the end of a line too', () => {
    expect(commandsOf('echo "a \\" b\n\\" c" d\nls')).toEqual([
      '1: echo "a \\" b\n\\" c" d',
      '3: ls',
    ]);
  });

  test('takes a backslash in single quotes as it is', () => {
    expect(commandsOf("echo 'a\n\\' b\nls")).toEqual(["1: echo 'a\n\\' b", '3: ls']);
  });

  test('opens no quote in a comment or inside a word', () => {
    expect(commandsOf("ls # don't\necho don't\nls")).toEqual([
      "1: ls # don't",
      "2: echo don't",
      '3: ls',
    ]);
  });

  test('gives up a quote that is never closed, and goes on behind it', () => {
    const script = `echo "open\n${'ls\n'.repeat(300)}end`;
    const commands = splitScript(script.split('\n'), 1);
    expect(commands[0]?.text.split('\n')).toHaveLength(201);
    expect(commands[1]).toEqual({ line: 202, text: 'ls' });
    expect(commands.at(-1)).toEqual({ line: 302, text: 'end' });
  });
});
