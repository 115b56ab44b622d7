import { describe, expect, it } from 'vitest';
import { describeYaml, entryOf, parseYaml, type YamlNode } from '../../src/inputs/yaml.ts';
import { fileOf } from './lock-support.ts';

const parse = (text: string) => parseYaml(fileOf('a.yml', text));

async function rootOf(text: string): Promise<YamlNode> {
  const { root, warnings } = await parse(text);
  if (root === null) throw new Error(warnings[0]?.message ?? 'there is no document');
  return root;
}

/** `line:column` of an offset in the text of a key. */
async function placeIn(text: string, key: string, offset: number): Promise<string> {
  const node = entryOf(await rootOf(text), key);
  if (node?.kind !== 'text') throw new Error(`${key} is no text`);
  const { line, column } = node.at(offset);
  return `${line}:${column}`;
}

async function errorsOf(text: string): Promise<readonly string[]> {
  const { warnings } = await parse(text);
  return warnings.map(
    ({ line, column, message, severity }) => `${severity} ${line}:${column} ${message}`,
  );
}

describe('values', () => {
  it('are texts, lists, tables and the rest, in words', async () => {
    const root = await rootOf('a: x\nb: [1]\nc: {d: e}\nf: 1.10\ng: true\nh:\n');
    const words = ['a', 'b', 'c', 'f', 'g', 'h'].map((key) => {
      const value = entryOf(root, key);
      return value === undefined ? 'absent' : describeYaml(value);
    });
    expect(words).toEqual(['text', 'a list', 'a table', 'a number', 'a boolean', 'nothing']);
    expect(entryOf(root, 'absent')).toBeUndefined();
    expect(entryOf(entryOf(root, 'a'), 'b')).toBeUndefined();
  });

  it('named like members of every object are keys like others', async () => {
    const root = await rootOf('__proto__: a\nconstructor: b\n');
    expect(entryOf(root, '__proto__')).toMatchObject({ text: 'a' });
    expect(entryOf(root, 'toString')).toBeUndefined();
  });

  it('keep the comment behind them', async () => {
    const root = await rootOf('a:\n  - x # one\n  # apart\n  - y\n');
    const list = entryOf(root, 'a');
    const comments = list?.kind === 'list' ? list.items : [];
    expect(comments.map((item) => (item.kind === 'text' ? item.comment : null))).toEqual([
      '# one',
      '',
    ]);
  });

  it.each([
    ['plain', 'a: xyz', '1:6'],
    ['in quotes', "b: 1\na: 'xyz'", '2:7'],
    ['in a block', 'a: |\n  first\n  xyz\n', '3:6', 9],
    ['folded over lines, where the place is that of the start', 'a: one\n  two', '1:4', 5],
    ['after Windows line ends', 'b: 1\r\na: xyz\r\n', '2:6'],
  ])('have the place of each character: %s', async (_, text, place, offset = 2) => {
    expect(await placeIn(text, 'a', offset)).toBe(place);
  });
});

describe('aliases', () => {
  it('stand for their anchor, at their own place', async () => {
    const root = await rootOf('a: &x [1, 2]\nb: *x\n');
    expect(entryOf(root, 'b')).toMatchObject({ kind: 'list', place: { line: 2, column: 4 } });
  });

  it('are not unfolded: only their size tells how much they mean', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let at = 1; at < 20; at++) {
      const inner = Array.from({ length: 9 }, () => `*a${at - 1}`).join(', ');
      lines.push(`a${at}: &a${at} [${inner}]`);
    }
    const root = await rootOf(lines.join('\n'));
    expect(entryOf(root, 'a19')?.size).toBeGreaterThan(1e18);
  });

  it('without anchor, or inside of what they name, are errors and end there', async () => {
    expect(await errorsOf('a: *x\n')).toEqual([
      'error 1:4 a.yml:1: `*x` names no anchor that stands before it',
    ]);
    expect(await errorsOf('a: &x\n  - *x\n')).toEqual([
      'error 2:5 a.yml:2: `*x` names no anchor that stands before it',
    ]);
  });

  it('merged by `<<` give keys that the table has not', async () => {
    const root = await rootOf('base: &b {x: 1, y: old}\nown:\n  <<: *b\n  y: new\n');
    const own = entryOf(root, 'own');
    expect(entryOf(own, 'x')).toMatchObject({ what: 'a number' });
    expect(entryOf(own, 'y')).toMatchObject({ text: 'new' });
  });
});

describe('what is wrong', () => {
  it.each([
    ['a tab for indentation', 'a:\n\t- b\n', /Tabs/, '2:1'],
    ['an indentation that fits nothing', 'a:\n  - b\n - c\n', /block sequence/, '3:1'],
    ['a quote that is never closed', "a: 1\nb: 'c\nd: e\n", /never closed/, '2:4'],
    ['a bracket that is never closed', 'a: [b,\nc: d\n', /not valid YAML/, '2:1'],
    ['a template', '{% set x = 1 %}\na: b\n', /not valid YAML/, '1:2'],
  ])('is an error with its place: %s', async (_, text, message, place) => {
    const [error, ...more] = await errorsOf(text);
    expect(more).toEqual([]);
    expect(error).toMatch(message);
    expect(error).toContain(`error ${place} `);
    expect((await parse(text)).root).toBeNull();
  });

  it('is a key that stands twice, of which the first counts', async () => {
    expect(await errorsOf('a: 1\nb: 2\na: x\n')).toEqual([
      'error 3:1 a.yml:3: `a` stands here again (first in line 1) and is not read',
    ]);
    expect(entryOf(await rootOf('a: 1\nb: 2\na: x\n'), 'a')).toMatchObject({ what: 'a number' });
  });

  it('is a second document, but not a marker before the only one', async () => {
    expect(await errorsOf('---\na: 1\n')).toEqual([]);
    expect(await errorsOf('a: 1\n---\nb: 1\n')).toEqual([
      'error 2:1 a.yml:2: a second document starts here: only the first is read',
    ]);
  });

  it.each([
    ['brackets', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['dashes', `a:\n${'- '.repeat(300)}x`],
  ])('is nesting that nobody writes: %s', async (_, text) => {
    expect((await errorsOf(text)).join()).toContain('nested too deeply to be read');
  });

  it('is nothing in a file without content', async () => {
    expect(await parse('# only a remark\n')).toEqual({ root: null, warnings: [] });
  });
});
