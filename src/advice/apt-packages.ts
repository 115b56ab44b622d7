import { aptMeasured, findAptInstalls, rowsFor, type AptInstall } from '../image/apt.ts';
import type { Finding } from '../types.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';
import { listNames } from './wording.ts';

/** Packages of the distribution: recommended ones that nobody asked for, and what only builds need. */
export const aptPackages: AdviceRule = {
  code: 'DW129',
  rule: 'apt-packages',
  title: 'packages of the distribution that an image installs without need',
  severity: 'info',
  evaluate: ({ image }) => {
    if (image === null) return [];
    const { path } = image.image;
    return findAptInstalls(image.image).flatMap((install) => [
      ...recommended(install, path),
      ...buildTools(install, path),
    ]);
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

function buildTools(install: AptInstall, path: string): readonly Finding[] {
  const { packages, hasRecommends } = install;
  const found = rowsFor(packages.filter((name) => rowsFor([name]).some(({ build }) => build)));
  const [first] = found;
  if (first === undefined) return [];
  const names = [...new Set(found.flatMap((row) => row.packages))];
  return [
    imageFinding(aptPackages, path, {
      message: `${listNames(names)} ${names.length === 1 ? 'is' : 'are'} for building, and ${names.length === 1 ? 'stays' : 'stay'} in the image (${first.packages.length === names.length ? '' : `${first.packages[0] ?? ''} alone `}measured on ${aptMeasured})`,
      lines: [install],
      savedInstalledBytes: hasRecommends ? first.bytesWithRecommends : first.bytes,
      savedDownloadBytes: null,
      remedy: {
        kind: 'move',
        text: 'build in a stage of its own and copy the environment, or take them out in the same RUN',
      },
    }),
  ];
}
