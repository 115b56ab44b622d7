import type { LibraryMismatch } from '../target/interpreters.ts';
import type { Finding, WeighedGraph } from '../types.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';
import { listNames } from './wording.ts';

/** Packages that were installed for one Python and are copied to another: compiled modules do not load, paths differ. */
export const pythonMismatch: AdviceRule = {
  code: 'DW131',
  rule: 'python-mismatch',
  title: 'an environment that is copied to an image with another Python or C library',
  severity: 'info',
  evaluate: ({ image, graph }) => {
    if (image === null) return [];
    const { path, mismatches, libraries = [] } = image.image;
    const interpreters = mismatches.map((one) =>
      imageFinding(pythonMismatch, path, {
        confidence: 'certain',
        message: `${one.path} was made with Python ${one.made} (line ${one.madeLine}), and the image has Python ${one.found} (line ${one.foundLine}): compiled modules do not load there`,
        lines: [one.line, one.madeLine, one.foundLine],
        savedInstalledBytes: 0,
        savedDownloadBytes: 0,
        remedy: {
          kind: 'replace',
          text: `build with Python ${one.found}, or choose a base with Python ${one.made}`,
        },
      }),
    );
    return [...interpreters, ...libraries.flatMap((one) => findingOfLibrary(one, path, graph))];
  },
};

/** None where every package that was installed runs with either. */
function findingOfLibrary(
  { line, path: copied, made, madeLine, found, foundLine }: LibraryMismatch,
  path: string,
  { distributions }: WeighedGraph,
): readonly Finding[] {
  const failing = distributions.filter(({ file }) => {
    if (file?.kind !== 'wheel') return false;
    if (file.filename.endsWith('-any.whl')) return false;
    if (found.glibc === null || made.musl !== null) return true;
    return oldestGlibc(file.filename) > minorOf(found.glibc);
  });
  if (failing.length === 0) return [];
  const names = listNames(failing.map(({ name }) => name));
  const what = failing.length === 1 ? 'the wheel' : 'the wheels';
  return [
    imageFinding(pythonMismatch, path, {
      confidence: 'certain',
      packages: failing.map(({ name }) => name),
      message: `${copied} was made with ${nameLibrary(made)} (line ${madeLine}), and the image has ${nameLibrary(found)} (line ${foundLine}): ${what} of ${names} ${failing.length === 1 ? 'does' : 'do'} not load there`,
      lines: [line, madeLine, foundLine],
      savedInstalledBytes: 0,
      savedDownloadBytes: 0,
      remedy: { kind: 'replace', text: `build on ${nameLibrary(found)}, the one of the image` },
    }),
  ];
}

function nameLibrary({ glibc, musl }: LibraryMismatch['made']): string {
  return musl === null ? `glibc ${glibc ?? ''}` : `musl ${musl}`;
}

function minorOf(version: string): number {
  return Number(version.split('.')[1] ?? 0);
}

/** The minor version of the oldest glibc that a wheel says it runs with; 0 where it says none. */
function oldestGlibc(filename: string): number {
  const levels = [...filename.matchAll(/manylinux(?:_2_(\d+)|(2014|2010|1))_/g)].map(
    ([, minor, year]) => Number(minor ?? { '2014': 17, '2010': 12, '1': 5 }[year ?? '1'] ?? 0),
  );
  return levels.length === 0 ? 0 : Math.min(...levels);
}
