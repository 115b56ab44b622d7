/** One invented universe for the wishes of users, in the shapes of what they had, and projects that are run in it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AuditDocument, Finding, RuleName } from '../../src/types.ts';
import type { Universe, UniverseDistribution } from '../support/index-server.ts';
import type { Run } from './support.ts';
import { createProject, documentOf, removeProject, runDepweight } from './support.ts';

/** Contents of files, by path. */
export type Files = Readonly<Record<string, string>>;

/** A run, and the requirements files and manifest that it left. */
export interface Outcome extends Run {
  readonly after: Files;
  /** What people see, where the run wrote that to `report.txt`. */
  readonly report: string;
}

/** Words for a document on stdout, and beside it the report for people. */
export const both: readonly string[] = ['--json', '--output', 'table:report.txt'];

/** Runs the command in a project of these files, for Python 3.11 unless the words say another. */
export async function runIn(
  files: Files,
  words: readonly string[],
  indexUrl: string,
): Promise<Outcome> {
  const folder = createProject(files);
  try {
    const python = words.includes('--python') ? [] : ['--python', '3.11'];
    const run = await runDepweight([...words, '--index-url', indexUrl, ...python], { cwd: folder });
    const names = readdirSync(folder).filter((name) => /^requirements.*\.txt$|\.toml$/.test(name));
    const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
    const after = Object.fromEntries(names.map((name) => [name, read(name)]));
    return {
      ...run,
      after,
      report: existsSync(join(folder, 'report.txt')) ? read('report.txt') : '',
    };
  } finally {
    removeProject(folder);
  }
}

/** The findings of one rule. */
export function findingsOf(run: Run, rule: RuleName): readonly Finding[] {
  return documentOf(run).findings.filter((finding) => finding.rule === rule);
}

/** The row of one package. */
export function packageOf(run: Run, name: string): AuditDocument['packages'][number] {
  const row = documentOf(run).packages.find((one) => one.name === name);
  if (row === undefined) throw new Error(`${name} is not installed`);
  return row;
}

const MB = 1_000_000;

interface PureParts {
  readonly needs?: readonly string[];
  readonly module?: string;
  /** A command that it installs. */
  readonly script?: string;
}

/** A release with a pure wheel of so many megabytes, the module named as the distribution unless told. */
function pure(
  name: string,
  version: string,
  megabytes: number,
  { needs = [], module = name.replaceAll('-', '_'), script }: PureParts = {},
): UniverseDistribution {
  const contents = { [`${module}/__init__.py`]: '', [`${module}/data.bin`]: bytes(megabytes) };
  const entryPoints = script === undefined ? '' : `[console_scripts]\n${script} = ${module}:main\n`;
  return { name, version, requiresDist: needs, files: [{ contents, entryPoints }] };
}

/** A release with a wheel for each tag, each of so many megabytes. */
function native(
  name: string,
  version: string,
  sizes: Readonly<Record<string, number>>,
  needs: readonly string[] = [],
): UniverseDistribution {
  const module = name.replaceAll('-', '_');
  const files = Object.entries(sizes).map(([tags, megabytes]) => ({
    tags,
    contents: { [`${module}/__init__.py`]: '', [`${module}/lib/core.so`]: bytes(megabytes) },
  }));
  return { name, version, requiresDist: needs, files };
}

function bytes(megabytes: number): Uint8Array {
  return new Uint8Array(megabytes * MB);
}

const x86 = 'cp311-cp311-manylinux_2_17_x86_64';
const arm = 'cp311-cp311-manylinux_2_17_aarch64';

/** Web, speech, a dashboard with heavy widgets, and what tests need. */
export const studio: Universe = {
  distributions: [
    pure('webframe', '1.0', 0.4, { needs: ['router>=1', 'shapes>=2'] }),
    pure('router', '1.4', 0.1),
    pure('router', '1.5', 0.1),
    pure('listener', '4.0', 0.1, { needs: ['torch>=2.4', 'router>=1.5'] }),
    pure('shapes', '2.6', 1.5),
    pure('webserver', '1.0', 0.2, { script: 'webserver' }),
    pure('config-reader', '2.3', 0.1, { module: 'confread' }),
    pure('fetcher', '2.32', 0.2),
    pure('sounds', '0.25', 0.1),
    { name: 'watch-folders', version: '0.2', sdist: {} },
    pure('testtool', '7.4', 0.3, { needs: ['pluggable'] }),
    pure('pluggable', '1.0', 0.1),
    pure('covertool', '4.1', 0.1, { script: 'cover' }),
    // Speech: two that hold the same tensors, and one that has its own engine.
    native('heavy-tensors', '2.1.0', { [x86]: 12, [arm]: 4 }, [
      'gpu-blobs; platform_machine == "x86_64"',
    ]),
    native('gpu-blobs', '12.1', { [x86]: 14 }),
    native('tensor-audio', '2.1.0', { [x86]: 1, [arm]: 1 }, ['heavy-tensors==2.1.0']),
    pure('speech-text', '1.0', 1, { needs: ['heavy-tensors'] }),
    pure('diarizer', '4.0', 2, { needs: ['heavy-tensors'] }),
    native('fast-speech', '1.2', { [x86]: 11 }),
    // A dashboard.
    pure('dash-ui', '1.40', 2, { needs: ['colframe'] }),
    pure('colframe', '1.0', 6),
    pure('grid-view', '0.4', 3, { needs: ['quack-db', 'dash-ui'] }),
    native('quack-db', '1.1', { [x86]: 12 }),
    pure('widget-bag', '0.7.8', 1, { needs: ['dash-ui', 'snow-link', 'cloud-kit'] }),
    pure('widget-bag', '1.6.0', 1, { needs: ['dash-ui'] }),
    pure('snow-link', '3.0', 9),
    pure('cloud-kit', '1.34', 8),
    pure('rich-text', '13.0', 0.5),
    pure('page-shots', '1.0', 1, { needs: ['rich-text'] }),
    pure('slide-maker', '1.0', 3),
    { ...native('old-numbers', '1.24.3', { [x86]: 1, [arm]: 1 }), sdist: {} },
    // What the tables of lighter builds and implicit users speak of, by their real names.
    native('torch', '2.4.1', { [x86]: 10 }, ['nvidia-blas-cu12', 'triton']),
    native('nvidia-blas-cu12', '12.1', { [x86]: 11 }),
    native('triton', '3.0', { [x86]: 5 }),
    pure('google-generativeai', '0.8.5', 1, {
      needs: ['google-api-python-client'],
      module: 'google/generativeai',
    }),
    pure('google-api-python-client', '2.1', 12, { module: 'googleapiclient' }),
    pure('google-genai', '1.0', 2, { module: 'google/genai' }),
    pure('fastapi', '0.110', 0.5),
    pure('python-multipart', '0.0.9', 0.1, { module: 'multipart' }),
  ],
};
