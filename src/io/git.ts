/**
 * git, asked for nothing but objects and names. Nothing that a repository configures is run: only commands are called that
 * have no hooks, filters, textconv or pager, fsmonitor is off, and nothing is fetched, not even the blobs that a partial
 * clone lacks. git decides by itself whether it trusts the owner of a repository (safe.directory).
 */
import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { DepweightError } from '../errors.ts';
import type { RefRequest } from '../diff/parse-ref.ts';
import { nearestName } from '../nearest-name.ts';
import { findProgram } from './find-program.ts';
import { type BytesResult, runForBytes, runForBytesNow } from './run-program.ts';

/** Where git is looked for and what it is asked about. */
export interface GitPlace {
  /** Absolute: a folder of the work tree. */
  readonly folder: string;
  /** Absolute: no program is taken from below it. */
  readonly boundary: string;
  /** The variable PATH. */
  readonly searchPath: string;
  /** The variable SystemRoot, without which programs of Windows do not start; absent elsewhere. */
  readonly systemRoot?: string;
  readonly signal: AbortSignal;
}

/** A repository as one of its folders sees it. */
export interface Git {
  /** The folder relative to the top of the work tree, with `/`; '' for the top. */
  readonly prefix: string;
  /** Absolute: the top of the work tree, links resolved. */
  readonly top: string;
  /** What a command wrote; null where it failed. */
  ask(words: readonly string[]): Promise<string | null>;
  /** The whole answer of a command, with its input. */
  run(words: readonly string[], input?: string): Promise<BytesResult>;
  /** The same without waiting. */
  runNow(words: readonly string[]): BytesResult;
}

/** The commit that a name stands for. */
export interface GitCommit {
  /** Hexadecimal, of 40 or 64 digits. */
  readonly id: string;
  /** HEAD has commits that it has not, and it has some that HEAD has not. Null where that cannot be told. */
  readonly hasDiverged: boolean | null;
}

/** Of what git writes. */
const MOST_BYTES = 1_000_000_000;

const SETTINGS: readonly string[] = [
  ...[
    'core.fsmonitor=false',
    'core.untrackedCache=false',
    'core.hooksPath=/dev/null',
    'core.pager=cat',
  ],
  ...['core.quotePath=false', 'safe.bareRepository=explicit', 'protocol.allow=never'],
].flatMap((setting) => ['-c', setting]);

/** Built from nothing: GIT_DIR and the like, which hooks of git set, would point elsewhere. */
export function variablesFor({
  searchPath,
  systemRoot,
}: Pick<GitPlace, 'searchPath' | 'systemRoot'>): Readonly<Record<string, string>> {
  return {
    PATH: searchPath,
    ...(systemRoot === undefined ? {} : { SystemRoot: systemRoot }),
    HOME: homedir(),
    LC_ALL: 'C',
    GIT_NO_LAZY_FETCH: '1',
    // A git that does not know the variable above may use no transport either.
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_TERMINAL_PROMPT: '0',
    GIT_DISCOVERY_ACROSS_FILESYSTEM: '1',
  };
}

/** Opens the repository around a folder. Throws DepweightError where there is none, or no git. */
export async function openGit(place: GitPlace): Promise<Git> {
  const { folder, boundary, searchPath, signal } = place;
  const isWindows = process.platform === 'win32';
  const program = findProgram(['git'], { path: searchPath, outside: boundary, isWindows });
  if (program === null) throw new DepweightError('git-missing');
  const base = { program, cwd: folder, variables: variablesFor(place), mostBytes: MOST_BYTES };
  const run: Git['run'] = (words, input = '') =>
    runForBytes({ ...base, words: [...SETTINGS, ...words], input, signal });
  const found = await run(['rev-parse', '--is-inside-work-tree', '--show-prefix']);
  const [inside = '', ...rest] = found.stdout.toString('utf8').split('\n');
  if (found.code !== 0 || inside !== 'true') throw noRepository(folder, found.stderr);
  // A name of a folder may hold a line feed; the last one is git's.
  const prefix = rest.join('\n').replace(/\/?\n?$/, '');
  const up = prefix === '' ? [] : prefix.split('/').map(() => '..');
  return {
    prefix,
    top: resolve(realpathSync(folder), ...up),
    run,
    runNow: (words) => runForBytesNow({ ...base, words: [...SETTINGS, ...words], input: '' }),
    async ask(words) {
      const { code, stdout } = await run(words);
      return code === 0 ? stdout.toString('utf8').trim() : null;
    },
  };
}

function noRepository(path: string, stderr: string): DepweightError {
  const owned = /dubious ownership in repository at '([^']+)'/.exec(stderr)?.[1];
  if (owned !== undefined) return new DepweightError('repository-not-trusted', { path: owned });
  const [reason = ''] = stderr.replace(/^fatal: /, '').split('\n', 1);
  if (reason === '' || reason.startsWith('not a git repository'))
    return new DepweightError('not-a-repository', { path });
  return new DepweightError('git-failed', { what: path, reason });
}

// ---------------------------------------------------------------------------------------------------------------------
// Commits

/** The commit that is meant. Throws DepweightError with what to do where there is none. */
export async function findCommit(git: Git, ref: RefRequest): Promise<GitCommit> {
  const named = await commitOf(git, ref.revision);
  if (named === null) throw await unknownRef(git, ref);
  const base = await git.ask(['merge-base', named, 'HEAD']);
  if (ref.mergeBase && base === null) throw await noMergeBase(git, ref);
  const id = ref.mergeBase ? (base ?? named) : named;
  const head = ref.mergeBase ? null : await commitOf(git, 'HEAD');
  const hasDiverged = base === null ? null : base !== id && id !== head;
  return { id, hasDiverged: ref.mergeBase ? false : hasDiverged };
}

function commitOf(git: Git, revision: string): Promise<string | null> {
  return git.ask(['rev-parse', '--verify', '--quiet', `${revision}^{commit}`]);
}

async function unknownRef(git: Git, { revision }: RefRequest): Promise<DepweightError> {
  const told = await git.run(['rev-parse', '--verify', `${revision}^{commit}`]);
  if (/ambiguous/.test(told.stderr))
    return new DepweightError('unknown-ref', {
      ref: revision,
      hint: 'several commits begin so; give more of its digits',
    });
  if ((await commitOf(git, 'HEAD')) === null)
    return new DepweightError('unknown-ref', { ref: revision, hint: 'there is no commit yet' });
  const [name, suffix] = splitSuffix(revision);
  if ((await commitOf(git, name)) !== null) {
    const hint = (await isShallow(git))
      ? shallowHint('git fetch --unshallow')
      : 'the history is shorter than that';
    return new DepweightError('unknown-ref', { ref: revision, hint });
  }
  const near = await nearestRef(git, name);
  const hint = near === null ? await fetchHint(git, name) : `did you mean ${near}${suffix}?`;
  return new DepweightError('unknown-ref', { ref: revision, hint });
}

/** A branch that is only known as the remote's, as after a checkout by CI, or one that is spelt nearly so. */
async function nearestRef(git: Git, name: string): Promise<string | null> {
  const format = '--format=%(refname:strip=2)';
  const listed = await git.ask(['for-each-ref', format, 'refs/heads', 'refs/tags', 'refs/remotes']);
  const names = (listed ?? '').split('\n').filter((one) => one !== '' && !one.endsWith('/HEAD'));
  const remote = names.find((one) => one.endsWith(`/${name}`));
  if (remote !== undefined) return remote;
  // What a shallow clone lacks is more likely than a slip.
  return (await isShallow(git)) ? null : nearestName(name, names.slice(0, 5000));
}

/** `main~2` is main, and what follows. */
function splitSuffix(revision: string): readonly [string, string] {
  const at = revision.search(/[~^]|@\{/);
  return at === -1 ? [revision, ''] : [revision.slice(0, at), revision.slice(at)];
}

async function fetchHint(git: Git, name: string): Promise<string> {
  const branch = name.replace(/^(?:refs\/remotes\/)?origin\//, '');
  const fetch = `git fetch origin ${branch}`;
  return (await isShallow(git))
    ? shallowHint(fetch)
    : `where only the remote has it, \`${fetch}\` and origin/${branch}`;
}

function shallowHint(fetch: string): string {
  return `this clone is shallow: \`${fetch}\` gets it, in GitHub Actions \`fetch-depth: 0\` of actions/checkout`;
}

async function noMergeBase(git: Git, { revision }: RefRequest): Promise<DepweightError> {
  const hint = (await isShallow(git))
    ? `this clone is shallow, and its history ends before they meet: \`git fetch --unshallow\`, in GitHub Actions \`fetch-depth: 0\` of actions/checkout; or compare with ${revision} itself, without the dots`
    : `compare with ${revision} itself, without the dots`;
  return new DepweightError('no-merge-base', { ref: revision, hint });
}

async function isShallow(git: Git): Promise<boolean> {
  return (await git.ask(['rev-parse', '--is-shallow-repository'])) === 'true';
}
