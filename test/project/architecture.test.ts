import { describe, expect, test } from 'vitest';
import { adviceRules } from '../../src/advice/index.ts';
import { listFiles, readProjectFile } from './support.ts';

/** A folder whose members have one form and one list. */
interface Axis {
  readonly folder: string;
  /** The type of the object that a member exports. */
  readonly type: string;
}

const AXES: readonly Axis[] = [
  { folder: 'inputs', type: 'Input' },
  { folder: 'report', type: 'ReportFormat' },
  { folder: 'advice', type: 'AdviceRule' },
  { folder: 'ci', type: 'CiSystem' },
];

/** Files of an axis that export a member, by their names without the ending. */
function membersOf({ folder, type }: Axis): readonly string[] {
  return listFiles(`src/${folder}`)
    .filter((path) => path.endsWith('.ts') && !path.endsWith('/index.ts'))
    .filter((path) => new RegExp(`^export const \\w+: ${type}\\b`, 'm').test(readProjectFile(path)))
    .map((path) => path.slice(`src/${folder}/`.length, -'.ts'.length));
}

describe.each(AXES)('src/$folder', (axis) => {
  const members = membersOf(axis);

  test('has members', () => {
    expect(members.length).toBeGreaterThan(1);
  });

  test.each(members)('%s is registered', (member) => {
    expect(readProjectFile(`src/${axis.folder}/index.ts`)).toContain(`'./${member}.ts'`);
  });

  test.each(members)('%s has a test', (member) => {
    const own = `test/${axis.folder}/${member}.test.ts`;
    const tests = listFiles(`test/${axis.folder}`).filter((path) => path.endsWith('.test.ts'));
    // Members of one kind may share a file, which then names each of them by its module or by its name.
    const naming = new RegExp(`/${member}\\.ts'|'${member}'`);
    const covering = tests.filter((path) => path === own || naming.test(readProjectFile(path)));
    expect(covering, `${own}, or a test that names it`).not.toEqual([]);
  });
});

describe('advice rules', () => {
  test('have codes and names of their own', () => {
    const codes = adviceRules.map(({ code }) => code);
    const names = adviceRules.map(({ rule }) => rule);
    expect(new Set(codes).size).toBe(codes.length);
    expect(new Set(names).size).toBe(names.length);
    for (const code of codes) expect(code).toMatch(/^DW1\d\d$/);
  });

  test('are in files named for them', () => {
    expect(adviceRules.map(({ rule }) => rule).toSorted()).toEqual(
      membersOf({ folder: 'advice', type: 'AdviceRule' }).toSorted(),
    );
  });
});

describe('what src may do', () => {
  const sources = listFiles('src').filter((path) => path.endsWith('.ts'));

  test('nothing starts a program or runs text as code, but what verifies a split, and git for its objects', () => {
    const running = /node:(?:child_process|vm|worker_threads)|\beval\(|\bnew Function\(/;
    // `split --verify` alone runs what others wrote, and that is asked for; git is made to run nothing of a repository.
    expect(sources.filter((path) => running.test(readProjectFile(path)))).toEqual([
      'src/io/run-program.ts',
    ]);
    const callers = sources.filter((path) => readProjectFile(path).includes('/run-program.ts'));
    expect(callers).toEqual(['src/io/git.ts', 'src/io/verify-splits.ts']);
  });

  test('only io, the commands and the command line import io', () => {
    const importing = sources.filter((path) =>
      /(?:from|import\()\s*'[^']*\/io\//.test(readProjectFile(path)),
    );
    const allowed = /^src\/(?:io\/|commands\/|cli\.ts$|run-command\.ts$)/;
    expect(importing.filter((path) => !allowed.test(path))).toEqual([]);
  });

  test('there are at most two levels of folders, and no folder for anything', () => {
    for (const path of sources) {
      expect(path.split('/').length, path).toBeLessThanOrEqual(4);
      expect(path).not.toMatch(/\/(?:utils?|helpers?|common|misc|lib)[/.]/);
    }
  });

  test('a data file says where its facts come from, and when', () => {
    const tables = listFiles('data').filter((path) => !path.endsWith('.schema.json'));
    expect(tables.length).toBeGreaterThan(0);
    for (const path of tables) {
      const { _meta: meta } = JSON.parse(readProjectFile(path));
      expect(meta?.source, path).toEqual(expect.stringMatching(/\w/));
      expect(meta?.date, path).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});
