/** What packages of the distribution bring, as far as it was measured: rows of data/apt.json. */
import apt from '../../data/apt.json' with { type: 'json' };
import type { ImageLayer } from '../target/image-layers.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { ShellCommand } from '../target/shell-lines.ts';
import { textsOf } from '../target/shell-pieces.ts';
import type { Bytes } from '../types.ts';
import { comesWithBase } from './base-images.ts';

/** A measured row. */
export interface AptRow {
  readonly packages: readonly string[];
  /** Compilers, headers and the like, which nothing needs at run time. */
  readonly build: boolean;
  /** Repositories beside Debian's have packages of the name too, which are others: `nodejs` of NodeSource. */
  readonly elsewhere?: boolean;
  /** Packages and their installed bytes with --no-install-recommends. */
  readonly count: number;
  readonly bytes: Bytes;
  readonly countWithRecommends: number;
  readonly bytesWithRecommends: Bytes;
}

const { _meta: meta } = apt;

/** What was measured, for the reader: `Debian 12, 2026-11-29`. */
export const aptMeasured: string = `${meta.distribution}, ${meta.date}`;

const rows: readonly AptRow[] = apt.rows;

/** A command that installs packages of Debian or Ubuntu in the image itself. */
export interface AptInstall {
  readonly line: number;
  readonly script: ShellCommand['script'];
  readonly packages: readonly string[];
  readonly hasRecommends: boolean;
}

/** In order. What the same instruction takes out again is left out, and what the base has anyway. */
export function findAptInstalls({ layers, baseName }: ProductImage): readonly AptInstall[] {
  const own = layers.filter(({ isInImage }) => isInImage);
  const added = own.findIndex(addsRepository);
  return own.flatMap((layer, at) => {
    if (layer.commands.some(forgetsInstalls)) return [];
    const isOther = (name: string): boolean =>
      added !== -1 && at >= added && rowsFor([name]).some(({ elsewhere }) => elsewhere === true);
    const removed = new Set(layer.commands.flatMap(removedPackages));
    const isConfigured = own.slice(0, at + 1).some(configuresRecommends);
    return layer.commands.flatMap((command) => {
      const packages = installedPackages(command).filter(
        (name) => !removed.has(name) && !comesWithBase(baseName, name) && !isOther(name),
      );
      if (packages.length === 0) return [];
      const isTold = textsOf(command.words).some((word) =>
        /no-install-recommends|install-recommends=(?:0|false|no)/i.test(word),
      );
      const { line, script } = command;
      return [{ line, script, packages, hasRecommends: !isTold && !isConfigured }];
    });
  });
}

/** The row of all measured names among these, else those of the single ones, the heaviest first. */
export function rowsFor(packages: readonly string[]): readonly AptRow[] {
  const single = rows.filter(
    (row) => row.packages.length === 1 && packages.includes(row.packages[0] ?? ''),
  );
  const names = single.flatMap((row) => row.packages);
  const whole = rows.find(
    (row) =>
      row.packages.length === names.length && names.every((name) => row.packages.includes(name)),
  );
  if (whole !== undefined) return [whole];
  return single.toSorted((a, b) => b.bytes - a.bytes);
}

function installedPackages({ words }: ShellCommand): readonly string[] {
  const [name = '', ...rest] = textsOf(words);
  const at = rest.indexOf('install');
  if (!/^apt(?:-get)?$/.test(name) || at === -1) return [];
  return rest
    .slice(at + 1)
    .filter((word, index, all) => !word.startsWith('-') && !/^-[ot]$/.test(all[index - 1] ?? ''))
    .map((word) => word.replace(/[=/:].*$/, ''));
}

/** `apt-mark auto '.*'`: what follows removes all that the base had not, and keeps what the packages turn out to link. */
function forgetsInstalls({ words }: ShellCommand): boolean {
  const [name, ...rest] = textsOf(words);
  return name === 'apt-mark' && rest[0] === 'auto' && rest.includes('.*');
}

function removedPackages({ words }: ShellCommand): readonly string[] {
  const [name = '', ...rest] = textsOf(words).filter((word) => !word.startsWith('-'));
  const [verb = '', ...names] = rest;
  return /^apt(?:-get)?$/.test(name) && /^(?:auto)?(?:purge|remove)$/.test(verb) ? names : [];
}

/** `curl https://index.test/nodesource/setup_20.x | bash -`, `echo "deb ..." > /etc/apt/sources.list.d/x.list`, a copy to there. */
function addsRepository({ commands, copies }: ImageLayer): boolean {
  return (
    copies.some(({ target }) => sourcesOfApt.test(target)) ||
    commands.some(({ words }) => {
      const texts = textsOf(words);
      const [name = ''] = texts;
      if (/^(?:rm|sed|cat|grep|find|ls|chmod)$/.test(name)) return false;
      return (
        name === 'add-apt-repository' ||
        texts.some((text) => sourcesOfApt.test(text) || /nodesource/i.test(text))
      );
    })
  );
}

const sourcesOfApt = /\/etc\/apt\/sources\.list/;

/** `echo 'APT::Install-Recommends "false";' > /etc/apt/apt.conf.d/99x`. */
function configuresRecommends({ commands }: ImageLayer): boolean {
  return commands.some(({ words }) =>
    /apt::install-recommends\W+(?:0|false|no)/i.test(textsOf(words).join(' ')),
  );
}
