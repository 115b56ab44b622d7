/** Commands of an image that install packages of its distribution, and what they leave in their layers: apt and apk. */
import type { ProductImage } from '../target/product-image.ts';
import type { ShellCommand } from '../target/shell-lines.ts';
import { textsOf } from '../target/shell-pieces.ts';

/** What a command leaves behind, or does in vain. */
export interface PackageRemains {
  readonly at: Pick<ShellCommand, 'line' | 'script'>;
  readonly kind: 'apt-lists' | 'apt-upgrade' | 'apk-index';
}

/** In the order of the commands; the first of a kind in each instruction. Those of stages that are only copied from are not told. */
export function findRemains({ layers }: ProductImage): readonly PackageRemains[] {
  const own = layers.filter(({ isInImage }) => isInImage);
  return own.flatMap((layer, at) => {
    const { commands, mounts } = layer;
    const first = (
      kind: PackageRemains['kind'],
      does: (command: ShellCommand) => boolean,
    ): readonly PackageRemains[] => {
      const command = commands.find(does);
      return command === undefined ? [] : [{ at: command, kind }];
    };
    const keeps = (place: string): boolean =>
      !mounts.some((mount) => covers(mount, place)) && !commands.some((one) => clears(one, place));
    // What a later instruction deletes in vain is told there.
    const isToldLater = own
      .slice(at + 1)
      .some((later) => later.commands.some((one) => clears(one, aptLists)));
    // Of this stage or of one that stands on it: without them it would find nothing.
    const isReadLater = layers.some(
      ({ line, commands: later }) =>
        line > layer.line && later.some(installsByApt) && !later.some(updatesApt),
    );
    return [
      ...(keeps(aptLists) && !isToldLater && !isReadLater ? first('apt-lists', updatesApt) : []),
      ...first('apt-upgrade', upgradesApt),
      ...(keeps(apkCache) ? first('apk-index', keepsApkIndex) : []),
    ];
  });
}

function installsByApt({ words }: ShellCommand): boolean {
  const [name = '', ...rest] = textsOf(words);
  return isApt(name) && rest.includes('install');
}

const aptLists = '/var/lib/apt/lists';
const apkCache = '/var/cache/apk';

/** `rm -rf /var/lib/apt/lists/*`, `/var/lib/apt`, `/var/lib/{apt,dpkg}`; `find /var/lib/apt/lists -delete`. */
function clears({ words }: ShellCommand, place: string): boolean {
  const [name = '', ...rest] = textsOf(words);
  if (name !== 'rm' && name !== 'find') return false;
  return rest.some(
    (word) =>
      word.startsWith('/var') &&
      (covers(word.replace(/\/?\*?$/, ''), place) ||
        (/[{*?]/.test(word) && /apt|apk|cache/.test(word))),
  );
}

function covers(folder: string, place: string): boolean {
  const plain = folder.replace(/\/+$/, '');
  return place === plain || place.startsWith(`${plain}/`);
}

function updatesApt({ words }: ShellCommand): boolean {
  const [name = '', ...rest] = textsOf(words);
  return isApt(name) && rest.includes('update');
}

function upgradesApt({ words }: ShellCommand): boolean {
  const [name = '', ...rest] = textsOf(words);
  return isApt(name) && rest.some((word) => /^(?:upgrade|dist-upgrade|full-upgrade)$/.test(word));
}

function isApt(name: string): boolean {
  return /^apt(?:-get)?$/.test(name);
}

function keepsApkIndex({ words }: ShellCommand): boolean {
  const [name, ...rest] = textsOf(words);
  if (name !== 'apk' || rest.includes('--no-cache')) return false;
  return rest.includes('add') || rest.includes('update') || rest.includes('upgrade');
}

/** A command that adds packages of Alpine, without what the same instruction takes out again. */
export interface ApkInstall {
  readonly at: Pick<ShellCommand, 'line' | 'script'>;
  readonly packages: readonly string[];
}

/** In order; of the image itself. */
export function findApkInstalls({ layers }: ProductImage): readonly ApkInstall[] {
  return layers
    .filter(({ isInImage }) => isInImage)
    .flatMap((layer) => {
      const removed = new Set(layer.commands.flatMap(deletedByApk));
      return layer.commands.flatMap((command) => {
        const { packages, group } = addedByApk(command);
        const staying = packages.filter((name) => !removed.has(name));
        if (staying.length === 0 || (group !== null && removed.has(group))) return [];
        return [{ at: command, packages: staying }];
      });
    });
}

/** `group`: of `--virtual .build-deps`, by which all of them go at once. */
function addedByApk({ words }: ShellCommand): {
  readonly packages: readonly string[];
  readonly group: string | null;
} {
  const [name, ...rest] = textsOf(words);
  const at = rest.indexOf('add');
  if (name !== 'apk' || at === -1) return { packages: [], group: null };
  const given = (index: number): boolean =>
    /^(?:--virtual|-t|-X|--repository)$/.test(rest[index] ?? '');
  const group =
    rest.find((_, index) => index > 0 && /^(?:--virtual|-t)$/.test(rest[index - 1] ?? '')) ??
    rest.find((word) => word.startsWith('--virtual='))?.slice('--virtual='.length) ??
    null;
  const packages = rest.filter(
    (word, index) => index > at && !word.startsWith('-') && !given(index - 1),
  );
  return { packages: packages.map((word) => word.replace(/[=<>~@].*$/, '')), group };
}

function deletedByApk({ words }: ShellCommand): readonly string[] {
  const [name, ...rest] = textsOf(words);
  return name === 'apk' && rest.includes('del')
    ? rest.filter((word) => word !== 'del' && !word.startsWith('--'))
    : [];
}

/** Compilers, what builds are made with, and packages of headers: nothing needs them at run time, whatever distribution. */
export function isBuildPackage(name: string): boolean {
  return (
    buildNames.has(name) ||
    /^(?:gcc|g\+\+|clang|llvm|gfortran)-?\d*$/.test(name) ||
    headers.test(name)
  );
}

const headers = /^[a-z0-9][a-z0-9.+-]*-dev(?:el)?$|^linux-headers/;
const buildNames: ReadonlySet<string> = new Set([
  'build-essential',
  'build-base',
  'alpine-sdk',
  'dpkg-dev',
  'make',
  'cmake',
  'ninja-build',
  'meson',
  'autoconf',
  'automake',
  'libtool',
  'pkg-config',
  'pkgconf',
  'pkgconfig',
  'bison',
  'flex',
  'cargo',
  'rust',
  'rustc',
  'nvidia-cuda-toolkit',
  'swig',
]);
