/** What one call of `setup()` says, taken down at once: the lists may change afterwards. */
import type { SetupCall } from './run.ts';
import { linesOf, partOf, type Origin, type TextValue, type Value } from './values.ts';

/** A line of requirements, with its place where it has one. */
export interface ReadLine {
  readonly text: string;
  readonly origin: Origin;
}

/** A set of requirements: `install_requires` (key null) or one of `extras_require`. */
export interface ReadSet {
  readonly lines: readonly ReadLine[];
  /** Where it stops being literal, null where all of it is. */
  readonly computedAt: number | null;
}

/** The keywords of `setup()` that matter here. */
export interface ReadSetup {
  readonly at: number;
  readonly name: string | null;
  readonly requiresPython: ReadLine | null;
  readonly main: ReadSet;
  readonly hasMain: boolean;
  readonly extras: ReadonlyMap<string, ReadSet>;
  /** Where the set of extras stops being literal. */
  readonly extrasComputedAt: number | null;
  readonly setupRequires: ReadSet;
  /** Keywords that are given, sorted. */
  readonly keywords: readonly string[];
}

const mostLines = 20_000;

/** Lines that may still be read. */
interface Budget {
  lines: number;
}

/** Takes down a call. */
export function readSetupCall(call: SetupCall): ReadSetup {
  const budget: Budget = { lines: mostLines };
  const given = (keyword: string): Value | undefined => call.keywords.get(keyword);
  // What `**` of something unknown holds may be any keyword that is not given by name.
  const absent = (keyword: string): ReadSet => ({
    lines: [],
    computedAt: call.isOpen && given(keyword) === undefined ? call.at : null,
  });
  const main = given('install_requires');
  const extras = given('extras_require');
  const setupRequires = given('setup_requires');
  const name = given('name');
  const python = given('python_requires');
  return {
    at: call.at,
    name: name?.kind === 'text' ? name.text : null,
    requiresPython:
      python?.kind === 'text' ? { text: python.text, origin: originOf(python, call.at) } : null,
    main: main === undefined ? absent('install_requires') : readSet(main, call.at, budget),
    hasMain: main !== undefined,
    extras: new Map(
      extras?.kind === 'dict'
        ? [...extras.entries].map(([key, value]) => [key, readSet(value, call.at, budget)])
        : [],
    ),
    extrasComputedAt:
      extras === undefined ? absent('extras_require').computedAt : computedAt(extras, call.at),
    setupRequires:
      setupRequires === undefined
        ? absent('setup_requires')
        : readSet(setupRequires, call.at, budget),
    keywords: [...call.keywords.keys()].toSorted(),
  };
}

function originOf({ origin }: TextValue, at: number): Origin {
  return origin ?? { path: null, offset: at };
}

function computedAt(extras: Value, at: number): number | null {
  if (extras.kind === 'dict') return extras.openAt;
  if (extras.kind === 'none') return null;
  return extras.kind === 'unknown' ? extras.at : at;
}

/** Requirements as setuptools takes them: text with one a line, or any nesting of lists of such texts. */
function readSet(value: Value, at: number, budget: Budget): ReadSet {
  const lines: ReadLine[] = [];
  let computed: number | null = null;
  const open: Value[] = [value];
  for (let count = 0; open.length > 0; count++) {
    const item = open.shift();
    if (item === undefined || item.kind === 'none') continue;
    if (budget.lines <= 0) {
      computed ??= at;
      break;
    }
    if (item.kind === 'list' && count < 1000) {
      computed ??= item.openAt;
      open.unshift(...item.items);
    } else if (item.kind === 'text') {
      for (const line of linesOf(item, false)) {
        const read = readLine(line, at);
        // An option of pip in a list of requirements: the build stops there, or reads it in a way of its own.
        if (read?.text.startsWith('-') === true) computed ??= at;
        else if (read !== null) lines.push(read);
        budget.lines--;
      }
    } else if (item.kind === 'dict' && item.openAt === null && item.entries.size === 0) continue;
    else computed ??= item.kind === 'unknown' ? item.at : at;
  }
  return { lines, computedAt: computed };
}

function readLine(line: TextValue, at: number): ReadLine | null {
  const comment = /(?:^|\s)#/.exec(line.text);
  const content = comment === null ? line.text : line.text.slice(0, comment.index);
  const from = content.length - content.trimStart().length;
  const trimmed = partOf(line, from, Math.max(from, content.trimEnd().length));
  return trimmed.text === '' ? null : { text: trimmed.text, origin: originOf(trimmed, at) };
}
