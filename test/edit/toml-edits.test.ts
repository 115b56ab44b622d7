import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { addElements, takeElements } from '../../src/edit/toml-array.ts';
import {
  addPairs,
  addToArray,
  removeTable,
  renameTable,
  takePairs,
} from '../../src/edit/toml-table.ts';

const path = ['project', 'dependencies'];
/** Edits `body` as the dependencies of a project with the line ends of it. */
function within(body: string, edit: (text: string) => string): string {
  const end = body.includes('\r\n') ? '\r\n' : '\n';
  const [head, tail] = [`[project]${end}dependencies = `, `${end}name = "x"${end}`];
  const made = edit(head + body + tail);
  expect(parse(made)).toMatchObject({ project: { name: 'x' } });
  return made.slice(head.length, made.length - tail.length);
}
const element = (token: string, comment = ''): { token: string; comment: string } => ({
  token,
  comment,
});
const take = (body: string, ...indexes: readonly number[]): string =>
  within(body, (text) => takeElements(text, path, new Set(indexes.map(String))).text);
const add = (body: string, ...tokens: readonly string[]): string =>
  within(body, (text) =>
    addElements(
      text,
      path,
      tokens.map((token) => element(token)),
    ),
  );

describe('elements out of an array', () => {
  test.each<[string, string, readonly number[], string]>([
    ['of lines', '[\n  "a",\n  "b", # why\n  "c",\n]', [1], '[\n  "a",\n  "c",\n]'],
    ['the last without a comma', '[\n  "a",\n  "b"\n]', [1], '[\n  "a",\n]'],
    ['all of it', '[\n  "a",\n]', [0], '[\n]'],
    [
      'a comment of it alone',
      '[\n  # web\n  "a",\n  # torch\n  "b",\n]',
      [1],
      '[\n  # web\n  "a",\n]',
    ],
    [
      'not that of others',
      '[\n  # ml\n  "a",\n  "b",\n  # end\n]',
      [1],
      '[\n  # ml\n  "a",\n  # end\n]',
    ],
    ['on one line', '["a", "b", "c"]', [1], '["a", "c"]'],
    ['the first on one line', '["a", "b"]', [0], '["b"]'],
    ['the last on one line', '["a", "b"]', [1], '["a"]'],
    ['the last with a comma', '["a", "b",]', [1], '["a", ]'],
    ['several on one line', '["a", "b", "c"]', [0, 2], '["b"]'],
    ['all on one line', '["a", "b"]', [0, 1], '[]'],
    ['two on a line of several', '[\n "a", "b",\n "c",\n]', [0], '[\n "b",\n "c",\n]'],
    ['commas in front', '[ "a"\n, "b"\n, "c"\n]', [1], '[ "a"\n, "c"\n]'],
    [
      'brackets and signs in texts',
      "[\n  \"a[x]>1; y == '#,'\",\n  'b,]#',\n]",
      [1],
      '[\n  "a[x]>1; y == \'#,\'",\n]',
    ],
    ['a text of several lines', '[\n  """a\nb""",\n  "c",\n]', [0], '[\n  "c",\n]'],
    ['tables', '[\n  {include-group = "t"},\n  "c",\n]', [1], '[\n  {include-group = "t"},\n]'],
    ['a comment before the comma', '[\n  "a" # x\n  ,\n  "b",\n]', [1], '[\n  "a" # x\n  ,\n  \n]'],
    ['CRLF', '[\r\n  "a",\r\n  "b",\r\n]', [0], '[\r\n  "b",\r\n]'],
  ])('%s', (_, body, indexes, left) => {
    expect(take(body, ...indexes)).toBe(left);
  });

  test('are handed over with their comments', () => {
    const { taken } = takeElements('d = [\n  "a", # why\n  \'b\'\n]', ['d'], new Set(['0', '1']));
    expect(taken).toEqual([element('"a"', '# why'), element("'b'")]);
  });
});

describe('elements into an array', () => {
  test.each<[string, string, string]>([
    ['of lines', '[\n  "a",\n]', '[\n  "a",\n  "z",\n]'],
    ['of lines without a last comma', '[\n  "a" # why\n]', '[\n  "a", # why\n  "z"\n]'],
    ['before a last comment', '[\n  "a",\n  # end\n]', '[\n  "a",\n  "z",\n  # end\n]'],
    ['on one line', '["a"]', '["a", "z"]'],
    ['on one line with a comma', '["a",]', '["a", "z"]'],
    ['empty', '[]', '["z"]'],
    ['empty over lines', '[\n]', '[\n    "z",\n]'],
    ['of tabs', '[\n\t"a",\n]', '[\n\t"a",\n\t"z",\n]'],
    ['CRLF', '[\r\n  "a",\r\n]', '[\r\n  "a",\r\n  "z",\r\n]'],
  ])('%s', (_, body, whole) => {
    expect(add(body, '"z"')).toBe(whole);
  });
});

describe('an array in a table', () => {
  const z = [element('"z"')];
  test.each<[string, string, string]>([
    ['that is there', '[t]\ndev = ["a"]\n', '[t]\ndev = ["a", "z"]\n'],
    [
      'of others',
      '[t]\nx = ["a"] # why\n\n[u]\n',
      '[t]\nx = ["a"] # why\ndev = [\n    "z",\n]\n\n[u]\n',
    ],
    ['without pairs', '[t]\n\n[u]\nx = 1', '[t]\ndev = [\n    "z",\n]\n\n[u]\nx = 1'],
    ['that is not there', '[u]\nx = 1', '[u]\nx = 1\n\n[t]\ndev = [\n    "z",\n]\n'],
    ['inline', 't = { x = ["a"] }\n', 't = { x = ["a"], dev = ["z"] }\n'],
    ['inline and empty', 't = {}\n', 't = { dev = ["z"] }\n'],
    ['dotted', 't.x = ["a"]\n[u]\n', 't.x = ["a"]\nt.dev = [\n    "z",\n]\n[u]\n'],
    ['CRLF', '[t]\r\nx = []\r\n', '[t]\r\nx = []\r\ndev = [\r\n    "z",\r\n]\r\n'],
  ])('%s', (_, before, after) => {
    const made = addToArray(before, ['t'], 'dev', z);
    expect(made).toBe(after);
    expect(parse(made)).toMatchObject({ t: { dev: expect.arrayContaining(['z']) } });
  });

  test('a new table of groups stands behind those of the project', () => {
    const text = '[project]\nname = "x"\n\n[project.urls]\na = "b"\n\n[tool.x]\ny = 1\n';
    expect(addToArray(text, ['dependency-groups'], 'dev', z)).toBe(
      '[project]\nname = "x"\n\n[project.urls]\na = "b"\n\n[dependency-groups]\ndev = [\n    "z",\n]\n\n[tool.x]\ny = 1\n',
    );
  });
});

describe('pairs of a table', () => {
  const text = '[a]\n# web\nx = "1"\n\n# ml\ny = {v = "2",\n  z = [1]} # why\n\n[b]\nx = 3\n';

  test('go with their comments, and to the next table', () => {
    const made = takePairs(text, ['a'], new Set(['y']));
    expect(made?.text).toBe('[a]\n# web\nx = "1"\n\n[b]\nx = 3\n');
    expect(made?.taken.map(({ raw }) => raw)).toEqual(['y = {v = "2",\n  z = [1]} # why\n']);
    expect(addPairs(made?.text ?? '', ['b'], ['y = 2'])).toContain('x = 3\ny = 2\n');
  });

  test('are not found where the table has no header', () => {
    expect(takePairs('a = {x = 1}\n', ['a'], new Set(['x']))).toBeNull();
    expect(takePairs(text, ['a'], new Set(['none']))).toBeNull();
  });

  test('with a header of their own are renamed or removed', () => {
    const own = '[a.x]\nv = 1\n\n[b]\n';
    expect(renameTable(own, ['a', 'x'], ['c', 'x'])).toBe('[c.x]\nv = 1\n\n[b]\n');
    expect(removeTable(own, ['a', 'x'])).toBe('[b]\n');
  });
});
