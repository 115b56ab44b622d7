/**
 * What compose files build: the stage of a Dockerfile that a service is, and the arguments that it is built with. Read line by
 * line: of all that YAML can say, a build is written in few ways.
 */
import { decodeFile } from '../inputs/decode.ts';
import { compareText, folderOf, joinPath, type FileAccess } from '../inputs/file-access.ts';
import { substitute } from './dockerfile.ts';

/** A service that is built from a Dockerfile of the repository. */
export interface ComposeBuild {
  /** Of the compose file. */
  readonly path: string;
  /** 1-based line of its `target`, else of its `build`. */
  readonly line: number;
  readonly service: string;
  /** Relative to the root. */
  readonly dockerfile: string;
  /** Name of the stage, null for the last one. */
  readonly target: string | null;
  readonly args: ReadonlyMap<string, string>;
}

/** Builds of all compose files beside Dockerfiles and at the top, those for production first; none for development. */
export function readComposeBuilds(
  access: FileAccess,
  dockerfiles: readonly string[],
): readonly ComposeBuild[] {
  const folders = new Set(['.', ...dockerfiles.map(folderOf)]);
  const paths = [...folders].flatMap((folder) => {
    const listed = access.list(folder);
    const entries = listed.ok ? listed.entries : [];
    return entries
      .filter(({ name, kind }) => kind === 'file' && rankOf(name) !== null)
      .map(({ name }) => joinPath(folder, name));
  });
  const rank = (path: string): number => rankOf(path.slice(path.lastIndexOf('/') + 1)) ?? 9;
  return paths
    .toSorted((a, b) => rank(a) - rank(b) || compareText(a, b))
    .flatMap((path) => {
      const decoded = decodeFile(path, access.read(path));
      return decoded.ok ? parseCompose(path, decoded.file.text) : [];
    });
}

/** Null for what is no compose file, or one for development. */
function rankOf(name: string): number | null {
  const words = /^(?:docker-)?compose((?:[._-][\w-]+)*)\.ya?ml$/i.exec(name)?.[1];
  if (words === undefined) return null;
  if (/dev|test|local|override|debug|ci\b/i.test(words)) return null;
  return /prod|release/i.test(words) ? 0 : words === '' ? 1 : 2;
}

interface Line {
  readonly indent: number;
  readonly key: string;
  readonly value: string;
  /** 1-based. */
  readonly line: number;
}

/** The builds of one file, in order. */
export function parseCompose(path: string, text: string): readonly ComposeBuild[] {
  const lines = readLines(text);
  const services = lines.findIndex(({ key, indent }) => key === 'services' && indent === 0);
  if (services === -1) return [];
  return below(lines, services)
    .filter(({ indent }, _, all) => indent === all[0]?.indent)
    .flatMap((service) => {
      const inService = below(lines, lines.indexOf(service));
      const build = inService.find(
        ({ key, indent }) => key === 'build' && indent === inService[0]?.indent,
      );
      return build === undefined ? [] : [readBuild(path, service.key, lines, build)];
    });
}

function readBuild(
  path: string,
  service: string,
  lines: readonly Line[],
  build: Line,
): ComposeBuild {
  const inside = below(lines, lines.indexOf(build));
  const own = (key: string): Line | undefined =>
    inside.find((one) => one.key === key && one.indent === inside[0]?.indent);
  const context = build.value === '' ? (own('context')?.value ?? '.') : build.value;
  const args = own('args');
  const target = own('target');
  return {
    path,
    line: target?.line ?? build.line,
    service,
    dockerfile: joinPath(
      joinPath(folderOf(path), context),
      own('dockerfile')?.value ?? 'Dockerfile',
    ),
    target: target === undefined || target.value === '' ? null : target.value,
    args: new Map(
      args === undefined
        ? []
        : below(lines, lines.indexOf(args)).map(({ key, value }) => [key, value] as const),
    ),
  };
}

/** The lines that belong to one: those behind it that are indented further. */
function below(lines: readonly Line[], at: number): readonly Line[] {
  const indent = lines[at]?.indent ?? 0;
  const end = lines.findIndex((line, index) => index > at && line.indent <= indent);
  return lines.slice(at + 1, end === -1 ? undefined : end);
}

const variables: ReadonlyMap<string, string> = new Map();

// `key: value`, and `- KEY=value` as lists of arguments have it. Variables of the machine that builds have their defaults.
function readLines(text: string): readonly Line[] {
  return text.split(/\r\n|\r|\n/).flatMap((written, index): Line[] => {
    const plain = /^(\s*)(?:([\w.-]+)\s*:(?:\s+(.*))?|-\s+["']?([A-Za-z_]\w*)=(.*?)["']?)$/.exec(
      written.replace(/(?:^|\s)#.*$/, '').trimEnd(),
    );
    if (plain === null) return [];
    const [, indent = '', key, value = '', item = '', itemValue = ''] = plain;
    const said = key === undefined ? itemValue : value.replace(/^(["'])(.*)\1$/, '$2');
    return [
      {
        // An item may stand as far left as the key that it belongs to.
        indent: indent.length + (key === undefined ? 1 : 0),
        key: key ?? item,
        value: substitute(said.trim(), variables),
        line: index + 1,
      },
    ];
  });
}
