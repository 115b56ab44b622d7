/**
 * What the files of a project name by path, as places on this machine: folders of `--find-links`, and wheels and source
 * archives that a requirement names. Paths there are meant from the root, and do not lead out of the repository.
 */
import type { AuditEnv, LocalArchive } from '../audit-env.ts';
import { isArchiveName, toLocalPath } from '../inputs/requirement-source.ts';
import type { DeclaredRequirement, Environment, IndexOptions } from '../types.ts';

/** An environment whose paths are places on this machine, and the archives that it rests on. */
export interface LocatedEnvironment {
  readonly environment: Environment;
  readonly archives: readonly LocalArchive[];
}

type Ports = Pick<AuditEnv, 'locate' | 'listFolder' | 'warn'>;

/** Finds the places; what is not there, or may not be looked at, is a warning. */
export function locateEnvironment(environment: Environment, ports: Ports): LocatedEnvironment {
  const archives: LocalArchive[] = [];
  const locateAll = (declared: readonly DeclaredRequirement[]): readonly DeclaredRequirement[] =>
    declared.map((one) => {
      const archive = findArchive(one, ports);
      if (archive === null) return one;
      archives.push(archive);
      return toArchive(one, archive);
    });
  const located = {
    ...environment,
    requirements: locateAll(environment.requirements),
    constraints: locateAll(environment.constraints),
    overrides: locateAll(environment.overrides),
    options: locateLinks(environment.options, environment.inputs[0] ?? '', ports),
  };
  return { environment: located, archives };
}

function findArchive(declared: DeclaredRequirement, ports: Ports): LocalArchive | null {
  const { url } = declared.requirement;
  if (declared.source !== 'local' || url === null) return null;
  const path = toLocalPath(url.replace(/#.*$/, ''), '.');
  if (!isArchiveName(path)) return null;
  const place = ports.locate(path);
  const archive = place === null ? undefined : ports.listFolder(place)?.[0];
  if (archive !== undefined) return archive;
  const why =
    place === null
      ? 'lies outside the repository and is not read (--allow-outside reads it)'
      : 'is not there';
  ports.warn({
    code: 'local-archive',
    message: `${path} ${why}: its size and what it needs are unknown`,
    severity: 'incomplete',
    ...declared.location,
  });
  return null;
}

/** From here on it is an archive at an address like any other. */
function toArchive(declared: DeclaredRequirement, archive: LocalArchive): DeclaredRequirement {
  const hash = /#.*$/.exec(declared.requirement.url ?? '')?.[0] ?? '';
  const requirement = { ...declared.requirement, url: `${archive.url}${hash}` };
  return { ...declared, requirement, source: 'url' };
}

function locateLinks(options: IndexOptions, from: string, ports: Ports): IndexOptions {
  const { findLinks = [] } = options;
  if (findLinks.length === 0) return options;
  const located = findLinks.flatMap((written) => {
    if (/^https?:/i.test(written)) return [written];
    const place = ports.locate(written);
    if (place !== null && ports.listFolder(place) !== null) return [place];
    const why =
      place === null
        ? 'lies outside the repository; --allow-outside reads it'
        : 'is not there; it is left out';
    ports.warn({
      code: 'find-links',
      message: `the folder ${written} (--find-links) ${why}`,
      path: from,
    });
    return [];
  });
  return { ...options, findLinks: located };
}
