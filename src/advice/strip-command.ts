/**
 * A command that deletes one kind of file from some installed packages: what a finding names, and nothing else. Paths follow
 * the order of `categoryOf`, where tests come first and what lies below documentation is of it.
 */
import type { WeighedDistribution } from '../types.ts';
import { extensionsOf, type Category } from '../weigh/wheel-categories.ts';

const testPaths = ['*/test/*', '*/tests/*'];
const docsPaths = ['*/doc/*', '*/docs/*', '*/example/*', '*/examples/*'];
const testNames = ['test_*.py', '*_test.py', 'conftest.py'];

/** For the RUN that installs them; null where it is not known in which folders they lie. */
export function stripCommand(
  category: Category,
  holders: readonly WeighedDistribution[],
): string | null {
  const folders = holders.flatMap(({ weight }) =>
    weight.known ? weight.value.modules.map((module) => module.replaceAll('.', '/')) : [],
  );
  const extensions = extensionsOf(category);
  if (folders.length === 0 || (category !== 'tests' && extensions.length === 0)) return null;
  const where = anyOf(
    '-path',
    [...new Set(folders)].toSorted().map((folder) => `./${folder}/*`),
  );
  const what =
    category === 'tests'
      ? `\\( ${join('-ipath', testPaths)} -o ${join('-name', testNames)} \\)`
      : `${anyOf(
          '-iname',
          extensions.map((extension) => `*.${extension}`),
        )} ${noneOf([...testPaths, ...docsPaths])}`;
  return `cd "$(python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')" && find . -type f ${where} ${what} -delete`;
}

function anyOf(test: string, patterns: readonly string[]): string {
  const joined = join(test, patterns);
  return patterns.length === 1 ? joined : `\\( ${joined} \\)`;
}

function join(test: string, patterns: readonly string[]): string {
  return patterns.map((pattern) => `${test} '${pattern}'`).join(' -o ');
}

function noneOf(paths: readonly string[]): string {
  return paths.map((path) => `! -ipath '${path}'`).join(' ');
}
