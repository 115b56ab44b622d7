/**
 * Folders of requirement sets for `bench/resolve.mjs`. A set is a folder with `requirements.txt`, `requirements.in` or
 * `pyproject.toml`. Where the folder above has a `manifest.json`, its `sets` ({id, main}) say which sets there are and
 * which file of each is meant; `expected-*.json` files in a set ({python_version, uv_platform, exclude_newer, ok}) say
 * for which target.
 */
/* oxlint-disable no-restricted-imports -- a bench reads files */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

const MAIN_FILES = ['requirements.txt', 'requirements.in', 'pyproject.toml'];
const DEFAULT_TARGET = { python: '3.11', platform: 'x86_64-manylinux_2_28', excludeNewer: null };

/** The sets below a folder as `{id, file, python, platform, excludeNewer}`; those without a solution are left out. */
export function readSets(folder) {
  const listed = readManifest(folder) ?? listFolders(folder);
  return listed.flatMap(({ id, main }) => {
    const home = join(folder, id);
    const target = targetOf(home);
    return target === null ? [] : [{ id, file: join(home, main), ...target }];
  });
}

function readManifest(folder) {
  const path = join(folder, 'manifest.json');
  return existsSync(path) ? readJson(path).sets : null;
}

function listFolders(folder) {
  const entries = readdirSync(folder, { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  return entries
    .map(({ name }) => name)
    .toSorted()
    .flatMap((id) => {
      const main = MAIN_FILES.find((file) => existsSync(join(folder, id, file)));
      return main === undefined ? [] : [{ id, main }];
    });
}

/** The default target where nothing is expected or that target is among the expected ones, else the first of these. */
function targetOf(home) {
  const expected = readdirSync(home)
    .filter((name) => /^expected-.*\.json$/.test(name))
    .toSorted()
    .map((name) => readJson(join(home, name)));
  if (expected.length === 0) return DEFAULT_TARGET;
  const solved = expected.filter(({ ok, extra_args: extra = [] }) => ok && extra.length === 0);
  const { python, platform } = DEFAULT_TARGET;
  const chosen =
    solved.find((one) => one.python_version === python && one.uv_platform === platform) ??
    solved[0];
  return chosen === undefined
    ? null
    : {
        python: chosen.python_version,
        platform: chosen.uv_platform,
        excludeNewer: chosen.exclude_newer ?? null,
      };
}

function readJson(path) {
  return JSON.parse(readFileSync(path, 'utf8'));
}
