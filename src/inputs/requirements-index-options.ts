/**
 * What the options of requirement files mean for the index and the choice of files.
 */
import type { IndexOptions } from '../types.ts';
import { quoteText } from './quote.ts';
import { toLocalPath } from './requirement-source.ts';
import type { OptionName } from './requirements-options.ts';

/** An option with its value, variables filled in, and the folder of the file that it stands in. */
export interface GivenOption {
  readonly name: OptionName;
  readonly value: string;
  readonly folder: string;
}

/** The options with one more applied. The last index URL stands, lists grow (pip). */
export function withOption(
  options: IndexOptions,
  { name, value, folder }: GivenOption,
): IndexOptions {
  switch (name) {
    case 'index-url':
      return { ...options, indexUrl: value };
    case 'extra-index-url':
      return { ...options, extraIndexUrls: [...(options.extraIndexUrls ?? []), value] };
    case 'find-links':
      return { ...options, findLinks: [...(options.findLinks ?? []), toLink(value, folder)] };
    case 'no-index':
      return { ...options, noIndex: true };
    case 'pre':
      return { ...options, pre: true };
    case 'require-hashes':
      return { ...options, requireHashes: true };
    case 'no-binary':
      return { ...options, noBinary: mergeFormat(options.noBinary ?? [], value) };
    case 'only-binary':
      return { ...options, onlyBinary: mergeFormat(options.onlyBinary ?? [], value) };
    default:
      // Of the others it is said what they mean here, see `findLimit`.
      return options;
  }
}

/** A place of `--find-links` written in a file of `folder`: an address, or a path relative to the root. */
export function toLink(value: string, folder: string): string {
  const isAddress = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) && !/^file:/i.test(value);
  return isAddress ? value : toLocalPath(value, folder);
}

// `:none:` empties the list, `:all:` stands for every name.
function mergeFormat(before: readonly string[], value: string): readonly string[] {
  let names = [...before];
  for (const name of value.split(',').map((part) => part.trim())) {
    if (name === ':none:') names = [];
    else if (name !== '' && !names.includes(name)) names.push(name);
  }
  return names;
}

/** Hexadecimal digits of a digest by algorithm. */
const hashLengths: Readonly<Record<string, number>> = {
  md5: 32,
  sha1: 40,
  sha224: 56,
  sha256: 64,
  sha384: 96,
  sha512: 128,
};

/** `sha256:...` in lower case, or half a sentence on why it is none. */
export function parseHash(text: string): { readonly value: string } | { readonly problem: string } {
  const [algorithm = '', digest = ''] = text.toLowerCase().split(':', 2);
  const length = Object.hasOwn(hashLengths, algorithm) ? hashLengths[algorithm] : undefined;
  if (length === undefined)
    return { problem: `the algorithm ${quoteText(algorithm)} is not known` };
  if (length === digest.length && /^[0-9a-f]+$/.test(digest))
    return { value: `${algorithm}:${digest}` };
  return { problem: `it is not a ${algorithm} digest` };
}
