import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PROJECT, readProjectFile } from './support.ts';

/** What `npm install depweight` may put on a disk. Measured in November 2026: 8.0 MB, 1,081 files, 32 packages. */
const LIMITS = { bytes: 8_300_000, files: 1_200, packages: 35 } as const;

interface Weight {
  readonly bytes: number;
  readonly files: number;
}

/** Bytes and files below a path; packages inside of packages are counted by themselves. */
function weigh(path: string): Weight {
  const status = lstatSync(path);
  if (!status.isDirectory()) return { bytes: status.size, files: 1 };
  const entries = readdirSync(path).filter((name) => name !== 'node_modules');
  return total(entries.map((name) => weigh(join(path, name))));
}

function total(weights: readonly Weight[]): Weight {
  let [bytes, files] = [0, 0];
  for (const weight of weights) {
    bytes += weight.bytes;
    files += weight.files;
  }
  return { bytes, files };
}

/** Folders of all packages that come with depweight, its own not among them. */
function installedPackages(): readonly string[] {
  const { packages } = JSON.parse(readProjectFile('package-lock.json')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: boolean }>>;
  };
  return Object.entries(packages)
    .filter(([path, { dev }]) => path !== '' && dev !== true)
    .map(([path]) => path);
}

describe('what depweight itself weighs', () => {
  const packages = installedPackages();
  const { files: published } = JSON.parse(readProjectFile('package.json')) as {
    readonly files: readonly string[];
  };

  test('all of it stays under the limit', () => {
    const paths = [...published, 'package.json', ...packages];
    const weight = total(paths.map((path) => weigh(join(PROJECT, path))));
    expect(packages).toContain('node_modules/undici');
    expect(weight.bytes).toBeGreaterThan(1_000_000);
    expect(weight.bytes).toBeLessThan(LIMITS.bytes);
    expect(weight.files).toBeLessThan(LIMITS.files);
    expect(packages.length + 1).toBeLessThan(LIMITS.packages);
  });

  test('no package runs a script when it is installed', () => {
    for (const path of packages) {
      const { scripts = {} } = JSON.parse(readProjectFile(`${path}/package.json`));
      expect(Object.keys(scripts), path).not.toContain('postinstall');
      expect(Object.keys(scripts), path).not.toContain('preinstall');
      expect(Object.keys(scripts), path).not.toContain('install');
    }
  });
});

describe('the packages it needs', () => {
  const manifest = JSON.parse(readProjectFile('package.json')) as {
    readonly dependencies: Readonly<Record<string, string>>;
    readonly devDependencies: Readonly<Record<string, string>>;
  };

  test.each(Object.entries({ ...manifest.dependencies, ...manifest.devDependencies }))(
    '%s has an exact version',
    (_name, version) => {
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    },
  );

  test.each(Object.keys(manifest.dependencies))('%s is imported by src', (name) => {
    expect(importedNames()).toContain(name);
  });
});

let names: ReadonlySet<string> | undefined;
function importedNames(): ReadonlySet<string> {
  names ??= new Set(
    readdirSync(join(PROJECT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => [
        ...readProjectFile(`src/${path}`).matchAll(/(?:from|import\()\s*'([^'.][^']*)'/g),
      ])
      .map(([, name = '']) => name),
  );
  return names;
}
