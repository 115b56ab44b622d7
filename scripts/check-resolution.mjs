/**
 * `node scripts/check-resolution.mjs FILE.json ...`: proves of documents of `tree --json` or `audit --json` that what they
 * list is a solution: every requirement in force is met by the version that was chosen, with extras and markers for the
 * target, and nothing is listed that nobody asks for. Of several environments the first is looked at. It uses the checker
 * of the tests, which shares no code with the resolver. Exits 1 where something is wrong. Not for locks, whose pins are
 * taken as they are.
 */
/* oxlint-disable no-restricted-imports -- a script reads and writes files */
import { readFileSync } from 'node:fs';
import { compileSources } from './compile-sources.mjs';

const { createTarget, faultsOf, parsePlatformName, parseRequirement } = await loadChecker();
let wrong = 0;
for (const path of process.argv.slice(2)) {
  const faults = faultsIn(JSON.parse(readFileSync(path, 'utf8')));
  if (faults.length === 0) continue;
  wrong++;
  console.log(`${path}\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
}
console.log(`${process.argv.length - 2} documents, ${wrong} with faults`);
process.exitCode = wrong === 0 ? 0 : 1;

function faultsIn({ target, declared, environments, packages, error }) {
  if (error !== null) return [];
  const platform = parsePlatformName(target.platformTag);
  const { markers } = createTarget({ python: target.python, platform, from: target.from });
  const [{ id }] = environments;
  const listed = new Set(packages.flatMap(({ name, direct }) => (direct ? [name] : [])));
  // A document does not tell the extras of development from its groups, which are not meant.
  const isRoot = ({ name, environment, raw }) =>
    isReadable(raw) &&
    (environment === 'prod' || environment === id || (id === 'all-extras' && listed.has(name)));
  return faultsOf({
    roots: declared.filter(isRoot).map(({ raw }) => parseRequirement(raw)),
    markers,
    members: packages
      .filter((one) => one.environments.includes(id))
      .map(({ name, version, extras, requires, metadataFrom }) => ({
        name,
        version,
        extras,
        requires: requires.map(toRequirement),
        isLeaf: metadataFrom === null,
      })),
  });
}

/** Lines that name a place alone say no name. */
function isReadable(raw) {
  try {
    parseRequirement(raw);
    return true;
  } catch {
    return false;
  }
}

function toRequirement({ name, specifier, extras, marker }) {
  const wanted = extras.length === 0 ? '' : `[${extras.join(',')}]`;
  return parseRequirement(`${name}${wanted}${specifier}${marker === null ? '' : ` ; ${marker}`}`);
}

function loadChecker() {
  return compileSources(`
    export { faultsOf } from './test/support/check-set.ts';
    export { parseRequirement } from './src/pep/requirement.ts';
    export { createTarget, parsePlatformName } from './src/pep/platform-name.ts';`);
}
