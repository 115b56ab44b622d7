/**
 * The services of a compose file, with what they extend and what the file includes, as Docker Compose puts them together.
 *
 * Traps: paths of a file that is extended or included start from the folder of that file; files may extend each other in a
 * circle; values come from `.env` beside the file, and what only a machine sets is not asked.
 */
import { entriesOf, itemsOf, textOf, textsOf } from '../ci/yaml-values.ts';
import { toWarning } from '../inputs/declare.ts';
import { decodeFile, readText } from '../inputs/decode.ts';
import { folderOf, joinPath } from '../inputs/file-access.ts';
import type { InputContext } from '../inputs/input.ts';
import { quoteText } from '../inputs/quote.ts';
import { entryOf, parseYaml, type YamlNode } from '../inputs/yaml.ts';
import type { SourceLocation, Warning } from '../types.ts';
import type { ComposeService } from './compose-service.ts';
import { interpolate } from './interpolate.ts';
import {
  extendService,
  parseService,
  toService,
  type Surroundings,
  type WrittenService,
} from './parse-service.ts';

/** What was read of a compose file. */
export interface ComposeFile {
  /** In the order of the file, those of included files behind them. */
  readonly services: readonly ComposeService[];
  readonly warnings: readonly Warning[];
  /** False where the file has no `services` at all. */
  readonly isCompose: boolean;
}

/** Files that one leads to, and what a few lines of aliases may stand for. */
const MOST_STEPS = 20;
const MOST_FILES = 200;
const MOST_VALUES = 200_000;

/** Reads a compose file. Never throws; what cannot be followed is a warning. */
export async function readServices(
  path: string,
  context: Pick<InputContext, 'read'>,
): Promise<ComposeFile> {
  const reading: Reading = { context, warnings: [], files: new Map(), opened: new Set() };
  const root = await readFile(reading, path, null);
  const services =
    root === null ? [] : await servicesOf(reading, { path, folder: folderOf(path), root }, 0);
  const found = new Map<string, ComposeService>();
  for (const service of services) if (!found.has(service.name)) found.set(service.name, service);
  return {
    services: [...found.values()],
    warnings: reading.warnings,
    isCompose: root !== null && entryOf(root, 'services') !== undefined,
  };
}

interface Reading {
  readonly context: Pick<InputContext, 'read'>;
  readonly warnings: Warning[];
  readonly files: Map<string, YamlNode | null>;
  /** Files whose services were read, each with the folder that its paths start from. */
  readonly opened: Set<string>;
}

interface OpenFile {
  readonly path: string;
  /** That paths in it start from. */
  readonly folder: string;
  readonly root: YamlNode;
}

/** `at`: where it is named; null for the file that was asked for. */
async function readFile(
  { context, warnings, files }: Reading,
  path: string,
  at: SourceLocation | null,
): Promise<YamlNode | null> {
  const known = files.get(path);
  if (known !== undefined) return known;
  const decoded = decodeFile(path, context.read(path));
  let root: YamlNode | null = null;
  if (decoded.ok) {
    const parsed = await parseYaml(decoded.file);
    warnings.push(...parsed.warnings);
    const isTooLarge = parsed.root !== null && parsed.root.size > MOST_VALUES;
    root = isTooLarge ? null : parsed.root;
    const place = at ?? { path, line: 1, column: 1 };
    if (isTooLarge) say(warnings, place, `aliases make ${path} too large to be read`);
  } else if (at === null) warnings.push(decoded.warning);
  else
    say(warnings, at, `${quoteText(path)} cannot be read, so what it says of services is missing`);
  files.set(path, root);
  return root;
}

function say(warnings: Warning[], at: SourceLocation, message: string): void {
  warnings.push(toWarning('compose-unread', at, message));
}

async function servicesOf(
  reading: Reading,
  file: OpenFile,
  depth: number,
): Promise<readonly ComposeService[]> {
  const services: ComposeService[] = [];
  const key = `${file.folder} ${file.path}`;
  if (reading.opened.has(key)) return [];
  reading.opened.add(key);
  const values = valuesIn(reading, file.folder);
  for (const entry of file.root.kind === 'table' ? file.root.entries : []) {
    if (entry.key !== 'services' || entry.value.kind !== 'table') continue;
    for (const { key, value, place } of entry.value.entries) {
      const around = { folder: file.folder, valueOf: (name: string) => values.get(name) };
      const written = await withExtended(reading, { file, node: value, around }, new Set());
      services.push(toService(key, place, written, file.folder));
    }
  }
  for (const item of itemsOf(entryOf(file.root, 'include'))) {
    // With a folder of its own each time a file is another one.
    if (depth >= MOST_STEPS || reading.opened.size > MOST_FILES) break;
    services.push(...(await includedBy(reading, file, item, depth + 1)));
  }
  return services;
}

/** `include: [a.yml]`, and in its long form with a folder of its own. */
async function includedBy(
  reading: Reading,
  { folder }: OpenFile,
  item: YamlNode,
  depth: number,
): Promise<readonly ComposeService[]> {
  const values = valuesIn(reading, folder);
  const fill = (text: string): string =>
    interpolate(text, { valueOf: (name) => values.get(name), onUnset: () => undefined });
  const paths = item.kind === 'table' ? textsOf(entryOf(item, 'path')) : textsOf(item);
  const project = fill(textOf(entryOf(item, 'project_directory')));
  const services: ComposeService[] = [];
  for (const written of paths) {
    const path = joinPath(folder, fill(written));
    const root = await readFile(reading, path, item.place);
    const own = project === '' ? folderOf(path) : joinPath(folder, project);
    if (root !== null)
      services.push(...(await servicesOf(reading, { path, folder: own, root }, depth)));
  }
  return services;
}

interface OpenService {
  readonly file: OpenFile;
  readonly node: YamlNode;
  readonly around: Surroundings;
}

/** `extends: base`, `extends: {file: common.yml, service: base}`. */
async function withExtended(
  reading: Reading,
  { file, node, around }: OpenService,
  seen: ReadonlySet<string>,
): Promise<WrittenService> {
  const own = parseService(node, around);
  const written = entryOf(node, 'extends');
  if (written === undefined) return own;
  const name = textOf(written.kind === 'table' ? entryOf(written, 'service') : written);
  const other = textOf(entryOf(written, 'file'));
  const path = other === '' ? file.path : joinPath(file.folder, other);
  const key = `${path} ${name}`;
  if (seen.has(key) || seen.size > MOST_STEPS) return own;
  const root = other === '' ? file.root : await readFile(reading, path, written.place);
  if (root === null) return own;
  const base = entryOf(entryOf(root, 'services'), name);
  if (base === undefined) {
    const message = `there is no service ${quoteText(name)} in ${path} that could be extended`;
    say(reading.warnings, written.place, message);
    return own;
  }
  const folder = other === '' ? file.folder : folderOf(path);
  const below = await withExtended(
    reading,
    { file: { path, folder, root }, node: base, around: { ...around, folder } },
    new Set([...seen, key]),
  );
  return extendService(placed(below, folder), own);
}

/** A build without a context starts from the folder of the file that says so. */
function placed(service: WrittenService, folder: string): WrittenService {
  const { build } = service;
  return build === undefined || build.context !== undefined
    ? service
    : { ...service, build: { ...build, context: folder } };
}

/** What nobody wants to see asked of an index or in a report; what is installed hardly hangs on it. */
const secretName = /token|secret|passw|passphrase|credential|api_?key|private|auth/i;

/** `.env` in the folder of the project, without what is secret by its name. */
function valuesIn({ context }: Reading, folder: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  const text = readText(context, joinPath(folder, '.env')) ?? '';
  for (const line of text.split(/\r\n|\r|\n/)) {
    const [, name = '', value = ''] =
      /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    const quoted = /^(["'])(.*)\1/.exec(value)?.[2];
    if (name !== '' && !secretName.test(name))
      values.set(name, quoted ?? value.replace(/\s+#.*$/, ''));
  }
  return values;
}

/** Whether a text that nobody called so is a compose file: it has services that are made of something. */
export async function looksLikeCompose(text: string, path: string): Promise<boolean> {
  const { root } = await parseYaml({ path, text, realPath: path, warnings: [] });
  return entriesOf(entryOf(root, 'services')).some(({ value }) =>
    entriesOf(value).some(({ key }) => key === 'build' || key === 'image'),
  );
}
