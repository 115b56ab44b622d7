/** One service as it is written, before what it extends is known. */
import { entriesOf, itemsOf, textOf, textsOf, valueAt } from '../ci/yaml-values.ts';
import { joinPath } from '../inputs/file-access.ts';
import { entryOf, type YamlNode } from '../inputs/yaml.ts';
import type { BuildPlatform } from '../target/dockerfile.ts';
import type { SourceLocation } from '../types.ts';
import type { ComposeService } from './compose-service.ts';
import { interpolate, type ComposeVariables } from './interpolate.ts';

/** What a service says itself; what it does not say is absent. */
export interface WrittenService {
  readonly image?: string;
  readonly platform?: BuildPlatform;
  readonly profiles: readonly string[];
  readonly build?: WrittenBuild;
  readonly unset: readonly string[];
}

interface WrittenBuild {
  readonly at: SourceLocation;
  /** From the root. */
  readonly context?: string;
  /** Relative to the context. */
  readonly dockerfile?: string;
  readonly inline?: string;
  readonly target?: string;
  readonly targetAt?: SourceLocation;
  readonly args: ReadonlyMap<string, string>;
  readonly platforms: readonly BuildPlatform[];
  readonly contexts: readonly string[];
}

/** What the text of a file stands in. */
export interface Surroundings {
  /** Folder that its paths start from. */
  readonly folder: string;
  readonly valueOf: ComposeVariables['valueOf'];
}

/** Reads a service. */
export function parseService(node: YamlNode, around: Surroundings): WrittenService {
  const unset = new Set<string>();
  const text = (value: YamlNode | undefined): string =>
    interpolate(textOf(value), {
      valueOf: around.valueOf,
      onUnset: (name) => unset.add(name),
    }).trim();
  const build = entryOf(node, 'build');
  const platform = platformIn(entryOf(node, 'platform'), text);
  const written = build === undefined ? undefined : parseBuild(build, { ...around, text });
  // A name that nobody needs is no matter of what is installed.
  const found = [...unset];
  const image = interpolate(textOf(entryOf(node, 'image')), {
    valueOf: around.valueOf,
    onUnset: () => undefined,
  });
  return {
    ...(image === '' ? {} : { image }),
    ...(platform === null ? {} : { platform }),
    ...(written === undefined ? {} : { build: written }),
    profiles: textsOf(entryOf(node, 'profiles')),
    unset: found,
  };
}

function platformIn(
  node: YamlNode | undefined,
  text: (value: YamlNode | undefined) => string,
): BuildPlatform | null {
  const name = text(node).toLowerCase();
  return node === undefined || name === '' ? null : { name, at: node.place };
}

function parseBuild(
  node: YamlNode,
  { folder, text, valueOf }: Surroundings & { readonly text: (node?: YamlNode) => string },
): WrittenBuild {
  const isShort = node.kind !== 'table';
  const context = isShort ? text(node) : text(entryOf(node, 'context'));
  const target = entryOf(node, 'target');
  const inline = entryOf(node, 'dockerfile_inline');
  const some = (name: string, value: string): Record<string, string> =>
    value === '' ? {} : { [name]: value };
  return {
    at: node.place,
    ...some('context', context === '' || isAddress(context) ? context : joinPath(folder, context)),
    ...some('dockerfile', text(entryOf(node, 'dockerfile'))),
    ...(inline?.kind === 'text' ? { inline: linesOf(inline, text) } : {}),
    ...some('target', text(target)),
    ...(target === undefined ? {} : { targetAt: target.place }),
    args: argsOf(valueAt(node, 'args'), { text, valueOf }),
    platforms: itemsOf(entryOf(node, 'platforms')).flatMap((item) => platformIn(item, text) ?? []),
    contexts: namesIn(entryOf(node, 'additional_contexts')),
  };
}

/** True for what lies in no folder: a repository or an archive. */
export function isAddress(context: string): boolean {
  return /^(?:[a-z][a-z+.-]*:|git@|github\.com\/)/i.test(context);
}

/** Each line where it stands in the compose file. */
function linesOf(
  node: YamlNode & { readonly kind: 'text' },
  text: (node: YamlNode) => string,
): string {
  return `${'\n'.repeat(node.at(0).line - 1)}${text(node)}`;
}

/** `KEY: value` and `- KEY=value`; without a value it is that of the machine, and none where nobody sets it. */
function argsOf(
  node: YamlNode | undefined,
  { text, valueOf }: Pick<Surroundings, 'valueOf'> & { readonly text: (node?: YamlNode) => string },
): ReadonlyMap<string, string> {
  const args = new Map<string, string>();
  const set = (name: string, value: string | undefined): void => {
    if (name !== '' && value !== undefined) args.set(name, value);
  };
  for (const { key, value } of entriesOf(node))
    set(key, value.kind === 'other' && value.what === 'nothing' ? valueOf(key) : text(value));
  if (node?.kind === 'list')
    for (const item of itemsOf(node)) {
      const [, name = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(text(item)) ?? [];
      set(name, value ?? valueOf(name));
    }
  return args;
}

function namesIn(node: YamlNode | undefined): readonly string[] {
  return node?.kind === 'list'
    ? textsOf(node).map((text) => text.split('=', 1)[0] ?? '')
    : entriesOf(node).map(({ key }) => key);
}

/** One service on top of another: what it says itself counts, and arguments are those of both. */
export function extendService(below: WrittenService, own: WrittenService): WrittenService {
  const [build, other] = [own.build, below.build];
  return {
    ...below,
    ...own,
    profiles: [...new Set([...below.profiles, ...own.profiles])],
    unset: [...new Set([...below.unset, ...own.unset])],
    ...(build === undefined || other === undefined
      ? {}
      : {
          build: {
            ...other,
            ...build,
            args: new Map([...other.args, ...build.args]),
            platforms: build.platforms.length > 0 ? build.platforms : other.platforms,
            contexts: [...new Set([...other.contexts, ...build.contexts])],
          },
        }),
  };
}

/** The service that is meant. `folder`: of its file, for a build that names no other. */
export function toService(
  name: string,
  place: SourceLocation,
  { image = null, platform, profiles, build, unset }: WithNulls,
  folder: string,
): ComposeService {
  if (build === undefined) return { name, place, build: null, image, profiles };
  const context = build.context ?? folder;
  const isInline = build.inline !== undefined;
  const at = build.targetAt ?? build.at;
  return {
    name,
    place,
    image,
    profiles,
    build: {
      service: name,
      path: at.path,
      line: at.line,
      context,
      dockerfile: isInline ? build.at.path : joinPath(context, build.dockerfile ?? 'Dockerfile'),
      inline: build.inline ?? null,
      target: build.target ?? null,
      args: build.args,
      platform: platform ?? usualOf(build.platforms),
      unset,
      contexts: build.contexts,
    },
  };
}

type WithNulls = Omit<WrittenService, 'image'> & { readonly image?: string | null };

/** Of several the usual one, where it is among them. */
function usualOf(platforms: WrittenBuild['platforms']): BuildPlatform | null {
  return platforms.find(({ name }) => name === 'linux/amd64') ?? platforms[0] ?? null;
}
