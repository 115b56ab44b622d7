import type {
  BesidesRow,
  Bytes,
  DifferenceBound,
  Finding,
  PackageRow,
  SourceLocation,
  TargetRow,
  Totals,
  UnknownReason,
} from '../types.ts';

/** How sizes are counted: SI (1 MB = 1,000,000 B) or IEC (1 MiB = 1,048,576 B). */
export type Units = 'si' | 'iec';

/** `5.23 GB`, `443 MB`, `1.2 MB`, `191 kB`, `12 B`; a negative count gets a minus sign. */
export function formatBytes(bytes: Bytes, units: Units): string {
  if (bytes < 0) return `−${formatBytes(-bytes, units)}`;
  const base = units === 'si' ? 1000 : 1024;
  const names = units === 'si' ? ['kB', 'MB', 'GB', 'TB'] : ['KiB', 'MiB', 'GiB', 'TiB'];
  if (bytes < base) return `${bytes} B`;
  let value = bytes / base;
  let step = 0;
  // 999.6 kB is 1.0 MB, not 1000 kB.
  while (Math.round(value) >= base && step < names.length - 1) {
    value /= base;
    step += 1;
  }
  return `${formatDigits(value, step >= 2)} ${names[step] ?? ''}`;
}

/** Below 10 one decimal; gigabytes get one more, as there the third digit is what people save. */
function formatDigits(value: number, large: boolean): string {
  const decimals = (large ? 1 : 0) + (value < 9.995 ? 1 : 0);
  const text = value.toFixed(value >= 99.95 ? 0 : decimals);
  return text === '10.0' && !large ? '10' : text;
}

/** A size that may be unknown: `?`. */
export function formatSize(bytes: Bytes | null, units: Units): string {
  return bytes === null ? '?' : formatBytes(bytes, units);
}

/** `92 %`; never 0 % or 100 % of what is not nothing or all. */
export function formatPercent(part: number, whole: number): string {
  if (whole <= 0 || part <= 0) return '0 %';
  const percent = (100 * part) / whole;
  if (percent < 0.5) return '<1 %';
  return `${part < whole ? Math.min(Math.round(percent), 99) : Math.round(percent)} %`;
}

/** What a bound is written with: `≥ +1.2 MB` is that much or more. */
export const BOUND_SIGNS: Readonly<Record<DifferenceBound, string>> = {
  exact: '',
  'at-least': '≥ ',
  'at-most': '≤ ',
  open: '~ ',
};

/** `+1.2 MB`, `−4.79 GB`, `0`; `≥ +1.2 MB` where it may be more, `~ …` where it may be more or less. */
export function formatChange(bytes: number, bound: DifferenceBound, units: Units): string {
  if (bytes === 0) return bound === 'exact' ? '0' : `${BOUND_SIGNS[bound]}0 B`;
  return `${BOUND_SIGNS[bound]}${bytes < 0 ? '−' : '+'}${formatBytes(Math.abs(bytes), units)}`;
}

/** `+3`, `−22`, `0`. */
export function formatCountChange(count: number): string {
  return count === 0 ? '0' : `${count < 0 ? '−' : '+'}${Math.abs(count)}`;
}

/** `−92 %`; nothing where there was nothing, or where one of the sides is not known. */
export function formatPercentChange(bytes: number, before: Totals, bound: DifferenceBound): string {
  if (bytes === 0 || bound !== 'exact' || before.lowerBound || before.installedBytes === 0)
    return '';
  return `${bytes < 0 ? '−' : '+'}${formatPercent(Math.abs(bytes), before.installedBytes)}`;
}

/** `1 package`, `69 packages`, `2,000 packages`. */
export function formatCount(count: number, noun: string): string {
  const digits = String(count).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${digits} ${noun}${count === 1 ? '' : 's'}`;
}

/** `requirements.txt:12`. */
export function formatLocation({ path, line }: Pick<SourceLocation, 'path' | 'line'>): string {
  return `${path}:${line}`;
}

/** `Python 3.11 · Linux x86_64 · glibc 2.28`. */
export function formatTarget(target: TargetRow): string {
  const { implementation } = target;
  const python = `${implementation === 'pp' ? 'PyPy' : 'Python'} ${formatVersion(target)}`;
  return `${python} · ${formatPlatform(target)}`;
}

/** `3.13`, and `3.13t` for the free-threaded build. */
export function formatVersion({ python, freeThreaded }: TargetRow): string {
  return freeThreaded === true ? `${python}t` : python;
}

/** `Linux x86_64 · glibc 2.28`. */
export function formatPlatform(target: TargetRow): string {
  const systems: Readonly<Record<string, string>> = {
    linux: 'Linux',
    macos: 'macOS',
    windows: 'Windows',
  };
  const system = systems[target.os] ?? target.os;
  // manylinux_2_28_x86_64, musllinux_1_2_x86_64, macosx_13_0_arm64
  const version = /^[a-z]+_(\d+)_(\d+)_/.exec(target.platformTag);
  const level = version === null ? '' : ` ${version[1]}.${version[2]}`;
  const platform = `${system}${target.os === 'macos' ? level : ''} ${target.arch}`;
  return target.libc === null ? platform : `${platform} · ${target.libc}${level}`;
}

/** Why a size is unknown, in two or three words. */
export function formatReason(reason: UnknownReason | null): string {
  return reason === null ? 'unknown' : REASONS[reason];
}

const REASONS: Readonly<Record<UnknownReason, string>> = {
  'sdist-only': 'source archive only',
  'no-wheel-for-target': 'no wheel for this target',
  vcs: 'from version control',
  url: 'from a URL',
  local: 'a local path',
  conda: 'a conda package',
  'not-on-index': 'not on the index',
  'no-usable-file': 'no usable file on the index',
  network: 'the network failed',
  'broken-wheel': 'its wheel is broken',
  'broken-metadata': 'its metadata is broken',
  offline: 'not in the cache (offline)',
  'no-binary': '--no-binary takes the source archive',
  'hash-excluded': 'no file has the given hash',
  'not-weighed': 'its weight was not asked for',
};

/** True for findings that say what can go or move, and are sure enough to be counted as a saving. */
export function isSaving(finding: Finding): boolean {
  const leaves = finding.rule === 'unused' || finding.rule === 'dev-only';
  return leaves && finding.confidence !== 'possible';
}

/** The rows of the headline environment: those that totals speak of. */
export function headlinePackages(
  packages: readonly PackageRow[],
  environment: string | undefined,
): readonly PackageRow[] {
  if (environment === undefined) return packages;
  return packages.filter((row) => row.environments.includes(environment));
}

/** True for what an image holds and no set needs. */
export function isBesides({ besides }: PackageRow): boolean {
  return besides !== undefined;
}

/** Whether a row is one of a set that an image holds besides. */
export function isOfBesides({ besides, name, version }: PackageRow, set: BesidesRow): boolean {
  return besides === set.kind && set.packages.includes(`${name}==${version}`);
}

/** `4 packages left behind by pandas`, `31 packages of poetry, which only installs`. */
export function describeBesides({ kind, names, totals }: BesidesRow): string {
  const shown =
    names.length > 3
      ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
      : names.join(', ');
  const count = formatCount(totals.packages, 'package');
  if (kind === 'left-behind') return `${count} left behind by ${shown}`;
  if (kind === 'program') return `${count} of ${shown}, in an environment of its own`;
  return `${count} of ${shown}, which only ${names.length === 1 ? 'installs' : 'install'}`;
}

/** True where conda installs a part of the set: what that holds and brings is not known, and no requirements file names it. */
export function hasCondaPackages(packages: readonly PackageRow[]): boolean {
  return packages.some(({ unknownReason }) => unknownReason === 'conda');
}
