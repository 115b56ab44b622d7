import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { parseSetupCfg } from '../../src/inputs/setup-cfg.ts';
import type { ParsedInput } from '../../src/types.ts';
import { contextOf, placesOf, rawsOf, type Files } from './support.ts';

function read(text: string, others: Files = {}): ParsedInput {
  const access = createMemoryFiles({ ...others, 'setup.cfg': text });
  return parseSetupCfg(
    { path: 'setup.cfg', text, realPath: 'setup.cfg', warnings: [] },
    contextOf(access),
  );
}

const groupsOf = ({ groups }: ParsedInput): readonly string[] =>
  groups.map(
    ({ kind, name, role, requirements }) =>
      `${kind} ${name} ${role}: ${requirements.map(({ raw }) => raw).join(', ')}`,
  );
const messagesOf = ({ warnings }: ParsedInput): readonly string[] =>
  warnings.map(({ message, severity }) => `${severity ?? 'note'} ${message}`);

describe('setup.cfg', () => {
  it('declares requirements, extras, the name and the Python, each with its place', () => {
    const input = read(`[metadata]
name = mine
[options]
python_requires = >=3.9
install_requires =
    flask>=2
    # why
    click ; python_version<"4"  # that

    rich
[options.extras_require]
Tests =
    pytest
docs = sphinx; furo
`);
    expect([input.kind, input.projectName, input.requiresPython, input.mainSetElsewhere]).toEqual([
      'setup-cfg',
      'mine',
      '>=3.9',
      false,
    ]);
    expect(input.requiresPythonAt).toEqual({ path: 'setup.cfg', line: 4, column: 19 });
    expect(placesOf(input)).toEqual([
      'setup.cfg:6:5 flask>=2',
      'setup.cfg:8:5 click ; python_version<"4"',
      'setup.cfg:10:5 rich',
    ]);
    expect(groupsOf(input).slice(1)).toEqual([
      'extra tests test: pytest',
      'extra docs docs: sphinx, furo',
    ]);
    expect(input.warnings).toEqual([]);
    expect(input.groups[2]?.requirements[1]?.location).toEqual({
      path: 'setup.cfg',
      line: 14,
      column: 16,
    });
  });

  it.each([
    ['`:` as `=`', '[options]\ninstall_requires: a', ['a']],
    [
      'keys that are indented',
      '[options]\n  install_requires =\n    a\n  packages = find:\n',
      ['a'],
    ],
    ['dashes in a key', '[options]\ninstall-requires = a', ['a']],
    ['lines that Windows ends', '[options]\r\ninstall_requires =\r\n  a\r\n  b\r\n', ['a', 'b']],
    ['a comment after the value', '[options]\ninstall_requires =\n  a # b\n', ['a']],
    ['keep', '[options]\ninstall_requires =\n  a  # depweight: keep\n', ['a']],
  ])('reads %s', (_, text, expected) => {
    expect(rawsOf(read(text))).toEqual(expected);
  });

  it('reads keep at the end of a line', () => {
    expect(
      read(
        '[options]\ninstall_requires =\n  a  # depweight: keep\n  b',
      ).groups[0]?.requirements.map(({ keep }) => keep),
    ).toEqual(['', null]);
  });

  it('reads an extra that includes another; a key begins with no `:`', () => {
    const input = read(
      '[metadata]\nname = mine\n[options]\ninstall_requires =\n[options.extras_require]\nx = a\nall =\n  mine[x]\n  b\n:sys_platform=="win32" = c\n',
    );
    expect(groupsOf(input)).toEqual([
      'main null prod: ',
      'extra x extra: a',
      'extra all extra: a, b',
    ]);
    expect(messagesOf(input)).toEqual([expect.stringContaining('error setup.cfg:10:')]);
  });

  it('reads the files that `file:` names, where their lines stand', () => {
    const input = read(
      '[options]\ninstall_requires = file: base.txt, more.txt\n[options.extras_require]\ntest = file: test.txt\n',
      {
        'base.txt': 'a\n',
        'more.txt': '# x\nb\n',
        'test.txt': 'pytest\n',
      },
    );
    expect(placesOf(input)).toEqual(['base.txt:1:1 a', 'more.txt:2:1 b']);
    expect(groupsOf(input)[1]).toBe('extra test test: pytest');
    expect([input.includes, input.mainSetElsewhere]).toEqual([
      ['base.txt', 'more.txt', 'test.txt'],
      true,
    ]);
  });

  it('says what a `file:` does not give', () => {
    const input = read('[options]\ninstall_requires = file: gone.txt, ../out.txt\n');
    expect(messagesOf(input)).toEqual([
      'error setup.cfg:2: `gone.txt` does not exist',
      'note setup.cfg:2: `../out.txt` lies outside the repository',
    ]);
  });

  it('fills in no other value', () => {
    const input = read(
      '[metadata]\nname=%(nope)s\n[options]\ninstall_requires =\n    a\n    %(x)s\n',
    );
    expect([input.projectName, rawsOf(input)]).toEqual([null, ['a']]);
    expect(input.warnings.map(({ code, line }) => [code, line])).toEqual(
      [
        ['interpolation', 6],
        ['interpolation', 2],
      ].toSorted((a, b) => Number(a[1]) - Number(b[1])),
    );
  });

  it('says what it cannot read, and goes on', () => {
    const input = read(
      '[options]\nwhat is this\ninstall_requires =\n  a\n  b b\n  attr\npython_requires = soon\n[options.extras_require]\n-x- = c\n',
    );
    expect(rawsOf(input)).toEqual(['a', 'attr']);
    expect(messagesOf(input)).toEqual([
      expect.stringContaining('error setup.cfg:2:'),
      expect.stringContaining('error setup.cfg:5:'),
      expect.stringContaining('error setup.cfg:9:'),
      expect.stringContaining('note setup.cfg:7: python_requires `soon`'),
    ]);
    const computed = read('[options]\ninstall_requires = attr: mine.required\n');
    expect(messagesOf(computed)).toEqual([
      'note setup.cfg:2: `install_requires` is computed; depweight reads literals only, so that what it brings in is a lower bound',
    ]);
    expect(computed.groups).toMatchObject([{ kind: 'main', requirements: [], partial: true }]);
  });

  it('is partial where a file that it names cannot be read', () => {
    const text = '[options]\ninstall_requires = file: a.txt, gone.txt\n';
    const files = { 'a.txt': 'flask\n' };
    expect(read(text, files).groups).toMatchObject([{ kind: 'main', partial: true }]);
    expect(read(text, { ...files, 'gone.txt': '' }).groups[0]?.partial).toBeUndefined();
  });

  it('reads the extras of pbr', () => {
    const input = read(
      "[extras]\ntest =\n  pytest\n  enum34:(python_version=='2.7')\n  http @ https://files.test/x.zip\n",
    );
    expect(groupsOf(input)).toEqual([
      "extra test test: pytest, enum34 ; (python_version=='2.7'), http @ https://files.test/x.zip",
    ]);
    expect(input.warnings).toEqual([]);
  });

  it('says what no installer reads', () => {
    const input = read('[options]\ntests_require = pytest\ndependency-links =\n  https://x.test\n');
    expect(input.warnings.map(({ code, line }) => [code, line])).toEqual([
      ['ignored-keyword', 2],
      ['ignored-keyword', 3],
    ]);
    expect(input.groups).toEqual([]);
  });

  it('with settings of other tools declares nothing and says nothing', () => {
    for (const text of [
      '[flake8]\nmax-line-length = 100\nnot a key\n',
      '',
      '\n# x\n',
      '[metadata]\nname = x\n',
      '[options]\npackages = find:\n',
    ])
      expect(read(text)).toMatchObject({ groups: [], warnings: [] });
  });

  it('takes names of the prototype as names', () => {
    expect(
      groupsOf(
        read(
          '[__proto__]\na = b\n[options]\n__proto__ = x\n[options.extras_require]\nconstructor = a\n',
        ),
      ),
    ).toEqual(['extra constructor extra: a']);
  });
});
