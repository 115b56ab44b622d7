import { aptMeasured, findAptInstalls, rowsFor, type AptInstall } from '../image/apt.ts';
import {
  findApkInstalls,
  findRemains,
  isBuildPackage,
  type ApkInstall,
  type PackageRemains,
} from '../image/system-packages.ts';
import type { Finding } from '../types.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';
import { listNames } from './wording.ts';

/** Packages of the distribution: recommended ones that nobody asked for, what only builds need, and what installing leaves behind. */
export const aptPackages: AdviceRule = {
  code: 'DW129',
  rule: 'apt-packages',
  title:
    'packages of the distribution that an image has without need, and what installing them leaves',
  severity: 'info',
  evaluate: ({ image, graph }) => {
    if (image === null) return [];
    const { path } = image.image;
    const users = graph.distributions.map(({ name }) => name).filter((name) => compiling.has(name));
    return [
      ...findAptInstalls(image.image).flatMap((install) => [
        ...recommended(install, path),
        ...buildTools(install, path, users),
      ]),
      ...findApkInstalls(image.image).flatMap((install) => apkTools(install, path, users)),
      ...groupRemains(findRemains(image.image)).map((group) => ofRemains(group, path)),
    ];
  },
};

const leastBytes = 1_000_000;

function recommended(install: AptInstall, path: string): readonly Finding[] {
  const { packages, hasRecommends } = install;
  if (!hasRecommends) return [];
  // Of several that were not measured together, the one that recommends most is a lower bound.
  const [row] = rowsFor(packages).toSorted(
    (a, b) => b.bytesWithRecommends - b.bytes - (a.bytesWithRecommends - a.bytes),
  );
  const saved = row === undefined ? 0 : row.bytesWithRecommends - row.bytes;
  if (row === undefined || saved < leastBytes) return [];
  return [
    imageFinding(aptPackages, path, {
      message: `without --no-install-recommends ${listNames(row.packages)} ${row.packages.length === 1 ? 'brings' : 'bring'} ${row.countWithRecommends} packages in place of ${row.count} (measured on ${aptMeasured})`,
      lines: [install],
      savedInstalledBytes: saved,
      savedDownloadBytes: null,
      remedy: { kind: 'add', text: 'add --no-install-recommends, and name what of them is needed' },
    }),
  ];
}

function buildTools(
  install: AptInstall,
  path: string,
  users: readonly string[],
): readonly Finding[] {
  const { packages, hasRecommends } = install;
  const measured = rowsFor(packages.filter((name) => rowsFor([name]).some(({ build }) => build)));
  const [row] = measured;
  const own = new Set(measured.flatMap((one) => one.packages));
  const names = packages.filter((name) => own.has(name) || isBuildPackage(name));
  if (names.length === 0) return [];
  const isWhole = row !== undefined && names.every((name) => row.packages.includes(name));
  const alone = isWhole ? '' : `${listNames(row?.packages ?? [])} alone `;
  return [
    ofTools(names, {
      path,
      at: install,
      users,
      how: row === undefined ? '' : ` (${alone}measured on ${aptMeasured})`,
      bytes: row === undefined ? null : hasRecommends ? row.bytesWithRecommends : row.bytes,
    }),
  ];
}

/** What calls a compiler of C while a program runs. */
const compiling: ReadonlySet<string> = new Set(['triton', 'pytorch-triton', 'deepspeed']);

interface Tools {
  readonly path: string;
  /** What is installed and may need them at run time. */
  readonly users: readonly string[];
  readonly at: Pick<AptInstall, 'line' | 'script'>;
  /** How the bytes were found; '' for none. */
  readonly how: string;
  readonly bytes: number | null;
}

function ofTools(names: readonly string[], { path, at, users, how, bytes }: Tools): Finding {
  const isOne = names.length === 1;
  const library = names.some((name) => name.endsWith('-dev'))
    ? '; at run time a library without -dev is enough'
    : '';
  return imageFinding(aptPackages, path, {
    message: `${listNames(names)} ${isOne ? 'is' : 'are'} for building, and ${isOne ? 'stays' : 'stay'} in the image${how}${users.length === 0 ? '' : `; ${listNames(users)}, which is there, may compile at run time and need a part of it`}`,
    ...(users.length === 0 ? {} : { confidence: 'possible' as const }),
    lines: [at],
    savedInstalledBytes: bytes,
    savedDownloadBytes: null,
    remedy: {
      kind: 'move',
      text: `build in a stage of its own and copy the environment, or take ${isOne ? 'it' : 'them'} out in the same RUN${library}`,
    },
  });
}

/** Of Alpine nothing is measured. */
function apkTools(
  { at, packages }: ApkInstall,
  path: string,
  users: readonly string[],
): readonly Finding[] {
  const names = packages.filter(isBuildPackage);
  return names.length === 0 ? [] : [ofTools(names, { path, at, users, how: '', bytes: null })];
}

const remains: Readonly<
  Record<PackageRemains['kind'], readonly [message: string, remedy: string]>
> = {
  'apt-lists': [
    'the lists of packages that apt-get update fetches stay in this layer, where nothing reads them again',
    'add rm -rf /var/lib/apt/lists/* to the same RUN, or keep them outside: RUN --mount=type=cache,target=/var/lib/apt …',
  ],
  'apt-upgrade': [
    'apt-get upgrade puts newer packages into this layer, while those that they replace stay in the layers of the base',
    'take a newer base, or upgrade by name what has to be newer',
  ],
  'apk-index': [
    'apk keeps the index that it fetches in this layer, where nothing reads it again',
    'add --no-cache',
  ],
};

/** Those of one kind together. */
function groupRemains(found: readonly PackageRemains[]): readonly (readonly PackageRemains[])[] {
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  return kinds.map((kind) => found.filter((one) => one.kind === kind));
}

function ofRemains(group: readonly PackageRemains[], path: string): Finding {
  const [message, text] = remains[group[0]?.kind ?? 'apt-lists'];
  const others = group.slice(1).map(({ at }) => sayPlace(at));
  const also = others.length === 0 ? '' : `; so at ${listNames(others, 3)}`;
  return imageFinding(aptPackages, path, {
    message: `${message}${also}`,
    lines: group.map(({ at }) => at),
    confidence: 'certain',
    remedy: { kind: 'add', text },
  });
}

function sayPlace({ line, script }: PackageRemains['at']): string {
  return script === null ? `line ${line}` : `${script.path}:${script.line}`;
}
