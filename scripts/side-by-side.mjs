/**
 * `node scripts/side-by-side.mjs [NAME ...]`: the universes of the tests, asked of uv and pip as well. The index of the
 * tests serves them on loopback, so that all three see the same files. What differs is printed; docs/resolution.md says
 * why. uv and pip are looked for on PATH, or named by the variables UV and PIP; pip is asked only where its own Python is
 * that of the scenario, and builds nothing.
 */
/* oxlint-disable no-restricted-imports, node/no-process-env -- a script reads and writes files and starts programs */
import { spawnSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compileSources } from './compile-sources.mjs';
import { findProgram } from '../bench/measure.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const universes = join(root, 'test', 'fixtures', 'universes');
const uv = findProgram('uv', 'UV');
const pip = findProgram('pip', 'PIP');
const wanted = process.argv.slice(2);
const names = readdirSync(universes)
  .map((file) => file.replace(/\.json$/, ''))
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .toSorted();
const { startIndexServer } = await loadIndexServer();

let differing = 0;
for (const name of names) {
  const scenario = JSON.parse(readFileSync(join(universes, `${name}.json`), 'utf8'));
  const server = await startIndexServer({ distributions: scenario.distributions });
  const folder = mkdtempSync(join(tmpdir(), 'side-by-side-'));
  try {
    const own = expectedOf(scenario.expected);
    const answers = {
      uv: await askUv(scenario, server, folder),
      pip: await askPip(scenario, server, folder),
    };
    const others = Object.entries(answers).filter(
      ([, answer]) => answer !== null && answer !== own,
    );
    if (others.length === 0) continue;
    differing++;
    console.log(`${name}: ${scenario.description}\n  depweight  ${own}`);
    for (const [tool, answer] of others) console.log(`  ${tool.padEnd(9)}  ${answer}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await server.close();
  }
}
console.log(`${names.length} universes, ${differing} with another answer of uv or pip`);

function loadIndexServer() {
  return compileSources("export * from './test/support/index-server.ts';");
}

/** `name==version …`; what is unknown is left out, since installers have no such thing. */
function expectedOf({ versions, conflict }) {
  if (conflict !== undefined) return 'no solution';
  return toLine(Object.entries(versions).map(([name, version]) => `${name}==${version}`));
}

function toLine(pins) {
  return pins.toSorted().join(' ');
}

function writeInputs({ requirements, constraints = [], overrides = [] }, server, folder) {
  const fill = (line) =>
    line
      .replaceAll('{index}', server.url)
      .replace(/\{sha256:([^}]+)\}/g, (_, file) =>
        createHash('sha256').update(server.files.get(file).bytes).digest('hex'),
      );
  const write = (file, lines) =>
    writeFileSync(join(folder, file), lines.map((line) => `${fill(line)}\n`).join(''));
  write('requirements.txt', requirements);
  write('constraints.txt', constraints);
  write('overrides.txt', overrides);
}

async function askUv(scenario, server, folder) {
  writeInputs(scenario, server, folder);
  const { python = '3.11', platform = 'linux', options = {} } = scenario;
  const platforms = { linux: 'x86_64-manylinux_2_28', windows: 'windows', macos: 'macos' };
  const words = [
    'pip',
    'compile',
    '-q',
    '--no-header',
    '--no-annotate',
    '--no-cache',
    '--no-config',
  ];
  words.push('--no-python-downloads', '--python-version', python);
  words.push('--python-platform', platforms[platform] ?? platform, '--index-url', server.indexUrl);
  if ((scenario.constraints ?? []).length > 0) words.push('-c', 'constraints.txt');
  if ((scenario.overrides ?? []).length > 0) words.push('--override', 'overrides.txt');
  if (options.preReleases) words.push('--prerelease', 'allow');
  if (options.excludeNewer) words.push('--exclude-newer', options.excludeNewer);
  for (const name of options.noBinary ?? []) words.push('--no-binary', name);
  for (const name of options.onlyBinary ?? []) words.push('--only-binary', name);
  const { status, stdout } = await run(uv, [...words, 'requirements.txt'], folder);
  return status === 0 ? toLine(pinsIn(stdout)) : 'no solution';
}

function pinsIn(stdout) {
  return stdout.split('\n').flatMap((line) => {
    const pin = /^([\w.-]+)(?:\[[^\]]*\])?(?:==(\S+)| @ \S*\/[\w.]+?-([^-/]+)-[^/]*\.whl)/.exec(
      line,
    );
    return pin === null ? [] : [`${pin[1]}==${pin[2] ?? pin[3]}`];
  });
}

/** Null where pip cannot be asked: another target than its own, options that it does not have, or something to build. */
async function askPip(scenario, server, folder) {
  const { python = '3.11', platform = 'linux', options = {}, overrides = [] } = scenario;
  const isOther = platform !== 'linux' || python !== pythonOfPip();
  const hasArchives = scenario.distributions.some(({ sdist }) => sdist !== undefined);
  if (isOther || hasArchives || overrides.length > 0 || options.preferences || options.excludeNewer)
    return null;
  writeInputs(scenario, server, folder);
  const words = [
    'install',
    '-q',
    '--isolated',
    '--no-cache-dir',
    '--disable-pip-version-check',
    '--dry-run',
  ];
  words.push('--ignore-installed', '--report', 'report.json', '--index-url', server.indexUrl);
  if ((scenario.constraints ?? []).length > 0) words.push('-c', 'constraints.txt');
  if (options.preReleases) words.push('--pre');
  for (const name of options.noBinary ?? []) words.push('--no-binary', name);
  for (const name of options.onlyBinary ?? []) words.push('--only-binary', name);
  const { status } = await run(pip, [...words, '-r', 'requirements.txt'], folder);
  if (status !== 0) return 'no solution';
  const { install } = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
  return toLine(install.map(({ metadata }) => `${normalize(metadata.name)}==${metadata.version}`));
}

function pythonOfPip() {
  return /python (\d+\.\d+)\)/.exec(
    spawnSync(pip, ['--version'], { encoding: 'utf8' }).stdout,
  )?.[1];
}

function normalize(name) {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Not `spawnSync`: the index has to answer meanwhile. */
function run(program, words, cwd) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, words, { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
    let stdout = '';
    child.stdout.on('data', (text) => (stdout += text));
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, stdout }));
  });
}
