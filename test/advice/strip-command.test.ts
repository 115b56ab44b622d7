import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { stripCommand } from '../../src/advice/strip-command.ts';
import type { WeighedDistribution } from '../../src/types.ts';
import { categoryOf, type Category } from '../../src/weigh/wheel-categories.ts';
import { weighedGraph } from '../support/weighed-graph.ts';

const packages = ['array/', 'google/cloud/store/'].flatMap((folder) => [
  `${folder}__init__.py`,
  `${folder}core.c`,
  `${folder}core.so`,
  `${folder}core.pyi`,
  `${folder}lib/core.A`,
  `${folder}include/core.h`,
  `${folder}static/app.js.map`,
  `${folder}tests/test_core.py`,
  `${folder}tests/data/core.c`,
  `${folder}testing/__init__.py`,
  `${folder}test_it.py`,
  `${folder}docs/example.c`,
  `${folder}examples/run.py`,
]);
const others = [
  'jedi/third_party/x.pyi',
  'jedi/tests/test_x.py',
  'jedi/x.c',
  'array-1.dist-info/x.h',
];

const holders: readonly WeighedDistribution[] = weighedGraph(['array', 'google-cloud-store'], {
  array: { modules: ['array'] },
  'google-cloud-store': { modules: ['google.cloud.store'] },
}).distributions;

function deletedBy(command: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'strip-'));
  for (const path of [...packages, ...others]) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), 'x');
  }
  const [, find = ''] = command.split(' && ');
  execFileSync('sh', ['-c', find], { cwd: folder });
  const left = new Set(
    readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) =>
      path.replaceAll('\\', '/'),
    ),
  );
  return [...packages, ...others].filter((path) => !left.has(path));
}

describe('stripCommand', () => {
  test.each<Category>(['tests', 'sourceMaps', 'staticLibraries', 'headers', 'sources'])(
    'deletes exactly what is weighed as %s of these packages, and of no other',
    (category) => {
      const command = stripCommand(category, holders) ?? '';
      expect(command).toContain('sysconfig.get_path("purelib")');
      const weighed = packages.filter((path) => categoryOf(path) === category);
      expect(weighed.length).toBeGreaterThan(0);
      expect(deletedBy(command)).toEqual(weighed);
    },
  );

  test('is none where nothing tells the folders', () => {
    expect(stripCommand('tests', [])).toBeNull();
  });
});
