/** The images that the services of a compose file are built to. */
import { toWarning } from '../inputs/declare.ts';
import { decodeFile, readText } from '../inputs/decode.ts';
import type { FileAccess } from '../inputs/file-access.ts';
import { listNames, quoteText } from '../inputs/quote.ts';
import { findStage, parseDockerfile, type BuildSettings } from '../target/dockerfile.ts';
import { settingsOf } from '../target/hints.ts';
import { readProductImage, type ProductImage } from '../target/product-image.ts';
import type { SourceLocation, Warning } from '../types.ts';
import type { ComposeBuild, ComposeService } from './compose-service.ts';
import { isAddress } from './parse-service.ts';

/** An image with the services that run it. */
export interface ServiceImage {
  /** At least one; the one that builds it first. */
  readonly services: readonly ComposeService[];
  readonly build: ComposeBuild;
  readonly image: ProductImage;
}

/** One for each thing that is built, in the order of the file; a build that cannot be followed is a warning. */
export function imagesOfServices(
  services: readonly ComposeService[],
  access: FileAccess,
  architecture: BuildSettings['architecture'],
): { readonly images: readonly ServiceImage[]; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const found = new Map<string, ServiceImage>();
  for (const service of services) {
    const { build } = service;
    if (build === null) continue;
    const key = keyOf(build);
    const known = found.get(key);
    if (known !== undefined) {
      found.set(key, { ...known, services: [...known.services, service] });
      continue;
    }
    const read = readImage(build, access, architecture);
    warnings.push(...read.warnings);
    if (read.image !== null) found.set(key, { services: [service], build, image: read.image });
  }
  const images = [...found.values()].map((image) => withRunners(image, services));
  return { images, warnings: [...warnings, ...images.flatMap((one) => sayBase(one, services))] };
}

/** An image that stands on that of another service has what that one installs, too. */
function sayBase(
  { build, image }: ServiceImage,
  services: readonly ComposeService[],
): readonly Warning[] {
  const plain = (name: string): string => name.replace(/:latest$/, '');
  const below = services.find(
    (one) => one.build !== null && plain(one.image ?? '') === plain(image.baseName),
  );
  if (below === undefined) return [];
  const message = `the service ${build.service} stands on the image of the service ${below.name}: what that one installs is not counted here`;
  return [
    toWarning('compose-unread', { path: image.path, line: image.baseLine, column: 1 }, message),
  ];
}

/** What makes one image another. */
function keyOf({ context, dockerfile, inline, target, args, platform }: ComposeBuild): string {
  return JSON.stringify([context, dockerfile, inline, target, [...args], platform?.name ?? null]);
}

/** Services that name the image of one that builds it. */
function withRunners(one: ServiceImage, all: readonly ComposeService[]): ServiceImage {
  const names = new Set(one.services.flatMap(({ image }) => image ?? []));
  const others = all.filter(
    ({ build, image }) => build === null && image !== null && names.has(image),
  );
  return { ...one, services: [...one.services, ...others] };
}

function readImage(
  build: ComposeBuild,
  access: FileAccess,
  architecture: BuildSettings['architecture'],
): { readonly image: ProductImage | null; readonly warnings: readonly Warning[] } {
  const { service, path, line, dockerfile, target } = build;
  const at = { path, line, column: 1 };
  const who = `the service ${service}`;
  const unread = (why: string): ReturnType<typeof readImage> => ({
    image: null,
    warnings: [toWarning('compose-unread', at, `${who} is not weighed: ${why}`)],
  });
  if (isAddress(build.context))
    return unread(`it is built from ${quoteText(build.context)}, which is not in this repository`);
  const decoded = build.inline === null ? decodeFile(dockerfile, access.read(dockerfile)) : null;
  if (decoded?.ok === false) {
    const why = decoded.warning.message;
    return unread(`its Dockerfile cannot be read (${why})`);
  }
  const text = build.inline ?? (decoded?.ok === true ? decoded.file.text : '');
  const parsed = parseDockerfile(dockerfile, text, settingsOf(build, architecture));
  if (target !== null && findStage(parsed.stages, target) === undefined)
    return unread(`${dockerfile} has no stage ${quoteText(target)}`);
  const image = readProductImage(parsed, target, (file) => readText(access, file));
  if (image === null) return unread(`${dockerfile} makes no image`);
  return { image, warnings: [...sayUnset(build, at), ...sayContexts(build, at)] };
}

function sayUnset({ service, unset }: ComposeBuild, at: SourceLocation): readonly Warning[] {
  if (unset.length === 0) return [];
  const names = listNames(unset.map((name) => quoteText(`\${${name}}`)));
  const message = `${names} of the service ${service} ${unset.length === 1 ? 'has' : 'have'} no default and no value that is read here, and ${unset.length === 1 ? 'counts' : 'count'} as empty`;
  return [toWarning('compose-variable', at, message)];
}

function sayContexts({ service, contexts }: ComposeBuild, at: SourceLocation): readonly Warning[] {
  if (contexts.length === 0) return [];
  const message = `what the service ${service} takes from its additional_contexts (${listNames(contexts)}) is not followed`;
  return [toWarning('compose-unread', at, message)];
}
