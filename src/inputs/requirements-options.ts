/**
 * The options of requirement files, for a whole file and for one requirement, as pip documents them.
 */
import { nearestName } from '../nearest-name.ts';

/** What an option is followed by. */
interface OptionRule {
  readonly takesValue: boolean;
  /** Its canonical long name. */
  readonly name: string;
}

const withValue = [
  'requirement',
  'constraint',
  'editable',
  'index-url',
  'extra-index-url',
  'find-links',
  'no-binary',
  'only-binary',
  'trusted-host',
  'use-feature',
  'hash',
  'config-settings',
  'global-option',
  'install-option',
  'build-option',
  'no-deps-for',
  'all-releases',
  'only-final',
] as const;
const withoutValue = [
  'no-index',
  'pre',
  'prefer-binary',
  'require-hashes',
  'no-use-pep517',
  'use-pep517',
  'no-build-isolation',
  'process-dependency-links',
  'always-unzip',
] as const;

/** Canonical name of an option that depweight knows. */
export type OptionName = (typeof withValue)[number] | (typeof withoutValue)[number];

/** Options that are known and not applied, with what that means. */
const notApplied: Readonly<Partial<Record<OptionName, string>>> = {
  'prefer-binary': 'the newest version is taken, whether or not it has a wheel',
  'trusted-host': 'certificates are checked all the same',
  'process-dependency-links': 'pip has dropped it, and no such link is followed',
  'no-deps-for': 'the needs of these names count',
  'all-releases': 'pre-releases of single names are not allowed by it; `--pre` allows all',
  'only-final': 'what `--pre` allows is not taken back',
};
/** Options that are about pip itself or about a build, neither of which is run. */
const withoutEffect: readonly OptionName[] = [
  'use-feature',
  'config-settings',
  'global-option',
  'install-option',
  'build-option',
  'no-use-pep517',
  'use-pep517',
  'no-build-isolation',
  'always-unzip',
];
/** Options that pip takes behind a requirement. */
const ofRequirements: readonly OptionName[] = [
  'hash',
  'config-settings',
  'global-option',
  'install-option',
];

/** What is to be said of an option that is not applied; null for one that is. */
export function findLimit(
  name: OptionName,
): { readonly code: 'not-honoured' | 'no-effect'; readonly message: string } | null {
  const meaning = notApplied[name];
  if (meaning !== undefined)
    return { code: 'not-honoured', message: `--${name} is not applied: ${meaning}` };
  if (!withoutEffect.includes(name)) return null;
  return { code: 'no-effect', message: `--${name} changes nothing of what is weighed` };
}

/** False for options that pip ignores behind a requirement. */
export function isRequirementOption(name: OptionName): boolean {
  return ofRequirements.includes(name);
}

const shortNames: Readonly<Record<string, OptionName>> = {
  r: 'requirement',
  c: 'constraint',
  e: 'editable',
  i: 'index-url',
  f: 'find-links',
  C: 'config-settings',
  Z: 'always-unzip',
};
const otherNames: Readonly<Record<string, OptionName>> = {
  'pypi-url': 'index-url',
  'config-setting': 'config-settings',
};

/** An option as read: its value is '' for one that takes none; `offset` is where it starts, `valueOffset` where its value does. */
export interface ReadOption {
  readonly name: OptionName;
  readonly value: string;
  readonly offset: number;
  readonly valueOffset: number;
}

/** An option that is not known or lacks its value: `problem` is a sentence. */
export interface OptionProblem {
  readonly offset: number;
  readonly problem: string;
}

/** The options in a text that starts with `-`, in order. Words that belong to no option are problems. */
export function parseOptions(
  text: string,
  base = 0,
): { readonly options: readonly ReadOption[]; readonly problems: readonly OptionProblem[] } {
  const words = splitWords(text, base);
  const options: ReadOption[] = [];
  const problems: OptionProblem[] = [];
  for (let index = 0; index < words.length; index++) {
    const word = words[index];
    if (word === undefined) break;
    const read = readOptionWord(word);
    if ('problem' in read) {
      problems.push(read);
      // The word after an unknown option is most likely its value.
      if (
        !word.text.includes('=') &&
        word.text.startsWith('-') &&
        words[index + 1]?.text.startsWith('-') === false
      )
        index++;
      continue;
    }
    const { rule, value, valueOffset } = read;
    if (!rule.takesValue || value !== null) {
      options.push({ name: toName(rule), value: value ?? '', offset: word.offset, valueOffset });
      continue;
    }
    const next = words[index + 1];
    if (next === undefined) {
      problems.push({ offset: word.offset, problem: `${word.text} lacks its value` });
      continue;
    }
    options.push({
      name: toName(rule),
      value: next.text,
      offset: word.offset,
      valueOffset: next.offset,
    });
    index++;
  }
  return { options, problems };
}

/** The offset at which the options of a requirement line start: the first word with a leading `-`, else the length. */
export function findOptionsStart(text: string): number {
  const match = /(?:^|\s)-(?=[-a-zA-Z])/.exec(text);
  if (match === null) return text.length;
  return match.index + (match[0].length - 1);
}

interface Word {
  readonly text: string;
  readonly offset: number;
}

function toName(rule: OptionRule): OptionName {
  return (
    ([...withValue, ...withoutValue] as const).find((name) => name === rule.name) ?? 'use-feature'
  );
}

function readOptionWord(
  word: Word,
):
  | { readonly rule: OptionRule; readonly value: string | null; readonly valueOffset: number }
  | OptionProblem {
  const { text, offset } = word;
  if (!text.startsWith('-')) return { offset, problem: `"${text}" belongs to no option` };
  if (!text.startsWith('--')) return readShort(word);
  const equals = text.indexOf('=');
  const written = text.slice(2, equals === -1 ? undefined : equals);
  const rule = findLongRule(written);
  if (rule === null) {
    const known = [...withValue, ...withoutValue];
    const nearest = nearestName(written, known);
    const hint = nearest === null ? '' : `; did you mean --${nearest}?`;
    return {
      offset,
      problem: `--${written} is not an option of requirement files and is ignored${hint}`,
    };
  }
  if (equals === -1) return { rule, value: null, valueOffset: offset + text.length };
  return { rule, value: text.slice(equals + 1), valueOffset: offset + equals + 1 };
}

function readShort({
  text,
  offset,
}: Word):
  | { readonly rule: OptionRule; readonly value: string | null; readonly valueOffset: number }
  | OptionProblem {
  const name = shortNames[text.charAt(1)];
  if (name === undefined)
    return { offset, problem: `${text} is not an option of requirement files and is ignored` };
  const rule = { name, takesValue: withValue.some((known) => known === name) };
  if (text.length === 2) return { rule, value: null, valueOffset: offset + 2 };
  const skip = text.charAt(2) === '=' ? 3 : 2;
  return { rule, value: text.slice(skip), valueOffset: offset + skip };
}

// optparse, which pip uses, takes any beginning of a long option that fits one alone.
function findLongRule(written: string): OptionRule | null {
  const other = otherNames[written];
  if (other !== undefined && Object.hasOwn(otherNames, written))
    return { name: other, takesValue: true };
  const all: readonly string[] = [...withValue, ...withoutValue];
  const exact = all.includes(written) ? written : null;
  const beginnings = written.length >= 3 ? all.filter((name) => name.startsWith(written)) : [];
  const name = exact ?? (beginnings.length === 1 ? beginnings[0] : undefined);
  if (name === undefined) return null;
  return { name, takesValue: withValue.some((known) => known === name) };
}

/** Words as a shell splits them: quotes group, a backslash takes the next character as it is outside single quotes. */
export function splitWords(text: string, base = 0): readonly Word[] {
  const words: Word[] = [];
  let index = 0;
  while (index < text.length) {
    if (/\s/.test(text.charAt(index))) {
      index++;
      continue;
    }
    const offset = index;
    let word = '';
    let quote = '';
    for (; index < text.length; index++) {
      const character = text.charAt(index);
      if (quote === '' && /\s/.test(character)) break;
      if (quote === '' && (character === '"' || character === "'")) quote = character;
      else if (character === quote) quote = '';
      else if (character === '\\' && quote !== "'" && /["'\\\s]/.test(text.charAt(index + 1)))
        word += text.charAt(++index);
      else word += character;
    }
    words.push({ text: word, offset: base + offset });
  }
  return words;
}
