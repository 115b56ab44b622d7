/**
 * `split --verify`: installs a proposed set into an environment of its own, outside of the repository, and imports what the
 * code imports. This runs code of others, so it is done only when it is asked for; wheels alone are installed, as building
 * would run still more.
 */
import {
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DepweightError } from '../errors.ts';
import type { AuditDocument, SplitRow, TargetRow, Verification } from '../types.ts';
import { findProgram, type ProgramSearch } from './find-program.ts';
import { runProgram, type ProgramResult } from './run-program.ts';

/** What the verification needs of the world. */
export interface VerifyWorld {
  /** Of the repository: nothing is run from there. */
  readonly root: string;
  readonly searchPath: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Addresses of the indexes that were asked, first the one that wins; null is the default index. */
  readonly indexes: readonly (string | null)[];
  readonly findLinks: readonly string[];
  readonly onStart: (label: string) => void;
}

/** How an environment is made and filled. */
interface Installer {
  readonly label: string;
  readonly create: (folder: string) => readonly string[];
  readonly install: (python: string, requirements: string) => readonly [string, readonly string[]];
  readonly program: string;
}

/** The rows with what installing and importing them came to. Throws DepweightError where this machine cannot do it. */
export async function verifySplits(
  document: AuditDocument,
  world: VerifyWorld,
): Promise<readonly SplitRow[]> {
  refuseOtherTarget(document.target);
  const installer = await findInstaller(document.target.python, world);
  const wheels = new Set(
    document.packages
      .filter(({ known }) => known)
      .map(({ name, version }) => `${name}==${version}`),
  );
  const known = new Set(document.packages.map(({ name, version }) => `${name}==${version}`));
  const rows: SplitRow[] = [];
  for (const row of document.splits) {
    const isProposal = row.kind !== 'original' && row.kind !== 'compat' && row.kind !== 'dev';
    // What slim brings new is not among the packages of the document.
    const packages = row.packages.filter((pin) => wheels.has(pin) || !known.has(pin));
    const verification = isProposal
      ? await verifyRow({ ...row, packages }, { installer, target: document.target }, world)
      : null;
    if (verification === null) rows.push(row);
    else {
      const leftOut = row.packages.filter((pin) => !packages.includes(pin));
      rows.push({ ...row, proof: { ...row.proof, verification: { ...verification, leftOut } } });
    }
  }
  return rows;
}

function refuseOtherTarget({ os, arch, platformTag }: TargetRow): void {
  const systems: Readonly<Record<string, string>> = {
    linux: 'linux',
    darwin: 'macos',
    win32: 'windows',
  };
  const machines: Readonly<Record<string, string>> = { x64: 'x86_64', arm64: 'aarch64' };
  const own = systems[process.platform];
  const machine = machines[process.arch];
  const isSame = own === os && (machine === arch || (arch === 'arm64' && machine === 'aarch64'));
  if (isSame) return;
  withhold(
    `the target is ${platformTag}, and this machine is another one`,
    '--verify installs here; leave it out, or name a target like this machine with --platform',
  );
}

function withhold(reason: string, hint: string): never {
  throw new DepweightError('verify-impossible', { reason, hint });
}

// ---------------------------------------------------------------------------------------------------------------------
// Who installs

async function findInstaller(python: string, world: VerifyWorld): Promise<Installer> {
  const isWindows = process.platform === 'win32';
  const search: ProgramSearch = { path: world.searchPath, outside: world.root, isWindows };
  const run = (program: string, words: readonly string[]): Promise<ProgramResult> =>
    runProgram({
      program,
      words,
      cwd: tmpdir(),
      variables: childVariables(world),
      signal: world.signal,
    });
  const uv = findProgram(['uv'], search);
  if (uv !== null) {
    const { code, stdout } = await run(uv, [
      'python',
      'find',
      '--no-python-downloads',
      '--no-project',
      python,
    ]);
    const version = (await run(uv, ['--version'])).stdout.split(' ').slice(0, 2).join(' ').trim();
    if (code === 0) return uvInstaller(uv, { version, python: stdout.trim() });
  }
  const interpreter = findProgram([`python${python}`, 'python3', 'python'], search);
  if (interpreter !== null) {
    const words = ['-I', '-c', 'import sys; print("%d.%d" % sys.version_info[:2])'];
    const { stdout } = await run(interpreter, words);
    if (stdout.trim() === python) return pipInstaller(interpreter, python);
  }
  return withhold(
    `neither uv nor Python itself has a Python ${python} here`,
    '--python names one that is there; without --verify the proposals are proven by resolving alone',
  );
}

function uvInstaller(
  program: string,
  { version, python }: { readonly version: string; readonly python: string },
): Installer {
  return {
    label: version,
    program,
    create: (folder) => ['venv', '--quiet', '--no-project', '--python', python, folder],
    install: (interpreter, requirements) => [
      program,
      [
        ...['pip', 'install', '--quiet', '--python', interpreter, '--no-deps'],
        ...['--only-binary', ':all:', '--index-strategy', 'unsafe-best-match', '-r', requirements],
      ],
    ],
  };
}

function pipInstaller(program: string, python: string): Installer {
  return {
    label: `pip of Python ${python}`,
    program,
    create: (folder) => ['-I', '-m', 'venv', folder],
    install: (interpreter, requirements) => [
      interpreter,
      [
        ...['-I', '-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'],
        ...['--no-compile', '--no-deps', '--only-binary', ':all:', '-r', requirements],
      ],
    ],
  };
}

/** Nothing of an environment that is active may shine through. */
function childVariables({ variables, searchPath }: VerifyWorld): VerifyWorld['variables'] {
  const own = Object.entries(variables).filter(
    ([name]) => !/^(?:PYTHON|VIRTUAL_ENV|UV_PROJECT)/.test(name),
  );
  return { ...Object.fromEntries(own), PATH: searchPath };
}

// ---------------------------------------------------------------------------------------------------------------------
// One set

const isImportable = `
import importlib, sys
for name in sys.argv[1:]:
    print("try", name, flush=True)
    try:
        importlib.import_module(name)
        print("ok", name, flush=True)
    except BaseException as error:
        text = " ".join(str(error).split())[:300]
        print("failed", name, type(error).__name__ + ": " + text, flush=True)
`;

async function verifyRow(
  row: SplitRow,
  { installer, target }: { readonly installer: Installer; readonly target: TargetRow },
  world: VerifyWorld,
): Promise<Omit<Verification, 'leftOut'>> {
  const folder = mkdtempSync(join(tmpdir(), 'depweight-verify-'));
  const environment = join(folder, 'environment');
  const bin = process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python'];
  const python = join(environment, ...bin);
  const run = (program: string, words: readonly string[]): Promise<ProgramResult> =>
    runProgram({
      program,
      words,
      cwd: folder,
      variables: childVariables(world),
      signal: world.signal,
    });
  try {
    world.onStart(`${row.file}: installing ${row.packages.length} packages`);
    await expectSuccess(row.file, await run(installer.program, installer.create(environment)));
    const requirements = join(folder, 'requirements.txt');
    // Addresses may hold credentials, which everybody on the machine sees in the words of a program.
    writeFileSync(requirements, requirementsText(row, world), { mode: 0o600 });
    const [program, words] = installer.install(python, requirements);
    if (row.packages.length > 0) await expectSuccess(row.file, await run(program, words));
    const installedBytes = measure(environment);
    world.onStart(`${row.file}: importing ${row.proof.providedModules.length} modules`);
    const outcome = await importAll(row.proof.providedModules, (names) =>
      run(python, ['-I', '-c', isImportable, ...names]),
    );
    const { label } = installer;
    return {
      tool: label,
      python: target.python,
      packages: row.packages.length,
      installedBytes,
      ...outcome,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function expectSuccess(file: string, { code, stderr }: ProgramResult): Promise<void> {
  if (code === 0) return;
  const reason = stderr.trim().split('\n').slice(-6).join(' ').slice(0, 600);
  withhold(
    `${file} could not be installed: ${reason}`,
    'without --verify it is proven by resolving alone',
  );
}

function requirementsText({ packages }: SplitRow, { indexes, findLinks }: VerifyWorld): string {
  const named = indexes.filter((url) => url !== null);
  // The default index is asked besides where it is one of those that were.
  const hasDefault = indexes.includes(null);
  const [main = null] = hasDefault ? [] : named.slice(-1);
  const extra = hasDefault ? named : named.slice(0, -1);
  return [
    ...(main === null ? [] : [`--index-url ${main}`]),
    ...extra.map((url) => `--extra-index-url ${url}`),
    ...findLinks.map((place) => `--find-links ${place}`),
    ...packages,
    '',
  ].join('\n');
}

/** A module that ends the interpreter takes none of the others with it. */
async function importAll(
  modules: readonly string[],
  run: (names: readonly string[]) => Promise<ProgramResult>,
): Promise<Pick<Verification, 'imported' | 'failed'>> {
  const imported: string[] = [];
  const failed: { module: string; error: string }[] = [];
  let open = modules;
  while (open.length > 0) {
    const { stdout } = await run(open);
    const done = new Set<string>();
    let tried: string | null = null;
    for (const line of stdout.split('\n')) {
      const [word, name = '', ...rest] = line.trimEnd().split(' ');
      // What a module prints itself stands between.
      if (!open.includes(name)) continue;
      if (word === 'try') tried = name;
      if (word === 'ok') imported.push(name);
      if (word === 'failed') failed.push({ module: name, error: rest.join(' ') });
      if (word === 'ok' || word === 'failed') done.add(name);
    }
    const [next = ''] = open.filter((name) => !done.has(name));
    if (next !== '')
      failed.push({
        module: tried !== null && !done.has(tried) ? tried : next,
        error: 'it ends the interpreter',
      });
    const ended = new Set([...done, ...failed.map(({ module }) => module)]);
    open = open.filter((name) => !ended.has(name));
  }
  return { imported, failed };
}

// ---------------------------------------------------------------------------------------------------------------------
// What it weighs

/** Bytes of the files that the records of the distributions name (PEP 376), compiled ones apart. */
function measure(environment: string): number {
  const names = readdirSync(environment, { recursive: true, encoding: 'utf8' });
  const records = names.filter((name) => /\.dist-info[\\/]RECORD$/.test(name));
  let bytes = 0;
  // `lib64` is a link to `lib`.
  for (const path of new Set(records.map((record) => realpathSync(join(environment, record))))) {
    const site = join(path, '..', '..');
    for (const row of readFileSync(path, 'utf8').split('\n')) {
      const name = /^(?:"((?:[^"]|"")*)"|([^,]*)),/.exec(row);
      const file = (name?.[1]?.replaceAll('""', '"') ?? name?.[2] ?? '').trim();
      if (file === '' || file.endsWith('.pyc')) continue;
      bytes += statSync(join(site, file), { throwIfNoEntry: false })?.size ?? 0;
    }
  }
  return bytes;
}
