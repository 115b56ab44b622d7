/**
 * What a build knows of the machine that the image is for: variables that the builder gives, and commands that ask the
 * machine. Both are told for one architecture, so that conditions on it can be judged.
 */

/** Values of `TARGETARCH` and its like, and answers of commands, which stand as `$(uname -m)`. */
export type BuilderFacts = ReadonlyMap<string, string>;

interface ArchitectureNames {
  /** As wheel tags and `uname -m` have it. */
  readonly machine: string;
  readonly docker: string;
  readonly debian: string;
  readonly variant?: string;
}

const architectures: readonly ArchitectureNames[] = [
  { machine: 'x86_64', docker: 'amd64', debian: 'amd64' },
  { machine: 'aarch64', docker: 'arm64', debian: 'arm64' },
  { machine: 'armv7l', docker: 'arm', debian: 'armhf', variant: 'v7' },
  { machine: 'i686', docker: '386', debian: 'i386' },
  { machine: 'ppc64le', docker: 'ppc64le', debian: 'ppc64el' },
  { machine: 's390x', docker: 's390x', debian: 's390x' },
  { machine: 'riscv64', docker: 'riscv64', debian: 'riscv64' },
];

/** The facts for an architecture by any of its names; none for one that is not known. */
export function builderFacts(architecture: string | null): BuilderFacts {
  const names = architectures.find(
    ({ machine, docker, variant }) =>
      architecture === machine ||
      architecture === docker ||
      (variant !== undefined && architecture === `${docker}/${variant}`),
  );
  if (names === undefined) return new Map();
  const { machine, docker, debian, variant = '' } = names;
  const platform = `linux/${docker}${variant === '' ? '' : `/${variant}`}`;
  return new Map([
    ['TARGETARCH', docker],
    ['TARGETOS', 'linux'],
    ['TARGETVARIANT', variant],
    ['TARGETPLATFORM', platform],
    ['$(uname -m)', machine],
    ['$(uname -p)', machine],
    ['$(arch)', machine],
    ['$(uname -s)', 'Linux'],
    ['$(uname)', 'Linux'],
    ['$(dpkg --print-architecture)', debian],
  ]);
}

/** The architecture that `FROM --platform=linux/arm64/v8` names. */
export function architectureIn(platform: string): string {
  return platform.replace(/^linux\//, '').replace(/^arm64\/.*$/, 'arm64');
}

/** Text with the answers of commands in it: `$(uname -m)` and `` `uname -m` ``. */
export function fillAnswers(text: string, known: ReadonlyMap<string, string>): string {
  if (!/\$\(|`/.test(text)) return text;
  return text.replace(
    /\$\(\s*([\w -]+?)\s*\)|`\s*([\w -]+?)\s*`/g,
    (whole: string, ...[called, quoted]: readonly (string | undefined)[]) =>
      known.get(`$(${(called ?? quoted ?? '').replace(/ +/g, ' ')})`) ?? whole,
  );
}
