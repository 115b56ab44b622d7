/**
 * Text of one requirement, from any input format, to a declared requirement or a warning that says what to do.
 */
import { normalizeName } from '../pep/name.ts';
import { ParseError } from '../pep/parse-error.ts';
import { parseRequirement } from '../pep/requirement.ts';
import { isLinkLocalUrl, redactUrl } from '../settings/redact-url.ts';
import type { DeclaredRequirement, Requirement, SourceLocation, Warning } from '../types.ts';
import { escapeHidden, quoteText } from './quote.ts';
import {
  isPointedRequirement,
  parsePointedRequirement,
  sourceOfUrl,
  toLocalPath,
} from './requirement-source.ts';

/** A requirement as a file says it. */
export interface RequirementText {
  /** Without comment and options, trimmed. */
  readonly text: string;
  /** The same with `${NAME}` replaced; never shown. */
  readonly expanded?: string;
  /** Folder of the file, for relative paths. */
  readonly folder: string;
  /** Place of a 0-based offset in `text`. */
  readonly at: (offset: number) => SourceLocation;
  readonly editable?: boolean;
  readonly hashes?: readonly string[];
  readonly index?: string | null;
  /** As `readKeepComment` gives it. */
  readonly keep?: string | null;
}

/** What became of it: `declared` is null where it cannot be used at all; the warnings then hold an error. */
export interface Declaration {
  readonly declared: DeclaredRequirement | null;
  readonly warnings: readonly Warning[];
}

/** Longer than any requirement; what is longer is not text written by people. */
const longestRequirement = 1_000_000;
const longestName = 300;
const unnamedLocal = 'local-project';

/** Parses one requirement. Never throws. */
export function declareRequirement(source: RequirementText): Declaration {
  const { text } = source;
  if (text.length > longestRequirement) {
    return fail(source, 0, `the line has ${text.length} characters, which no requirement has`);
  }
  if (source.editable === true || isPointedRequirement(text)) return declarePointed(source);
  const parsed = parseNamed(source.expanded ?? text);
  if ('problem' in parsed) return fail(source, parsed.offset, explain(text, parsed.problem));
  const { requirement } = parsed;
  if (requirement.name.length > longestName) {
    return fail(source, 0, `a name of ${requirement.name.length} characters cannot be right`);
  }
  const warnings =
    parsed.repaired === null ? [] : [warn(source, 'repaired-requirement', parsed.repaired)];
  if (requirement.url === null)
    return { declared: toDeclared(source, requirement, 'index'), warnings };
  return declareUrl(source, requirement, requirement.url, warnings);
}

function declareUrl(
  source: RequirementText,
  requirement: Requirement,
  url: string,
  warnings: readonly Warning[],
): Declaration {
  const kind = sourceOfUrl(url);
  const final =
    kind === 'local' ? { ...requirement, url: toLocalUrl(url, source.folder) } : requirement;
  return {
    declared: toDeclared(source, final, kind),
    warnings: [...warnings, ...warnOfUrl(source, kind, url)],
  };
}

/** A fragment may hold the hash of an archive. */
function toLocalUrl(url: string, folder: string): string {
  const [path = '', ...fragment] = url.split('#');
  return [`file:${toLocalPath(path, folder)}`, ...fragment].join('#');
}

function declarePointed(source: RequirementText): Declaration {
  if (/^[a-z]:[\\/]/i.test(source.text)) {
    return {
      declared: null,
      warnings: [
        warn(
          source,
          'local-path',
          `${quoteText(source.text)} is a path on a Windows machine; it is left out`,
        ),
      ],
    };
  }
  const pointed = parsePointedRequirement(source.expanded ?? source.text, source.folder);
  // `.` has no name of its own; who can read the folder names it.
  const name = pointed.name ?? (pointed.source === 'local' ? unnamedLocal : null);
  if (name === null) {
    return fail(
      source,
      0,
      `${quoteText(source.text)} does not say which distribution it is; write \`NAME @ ADDRESS\``,
    );
  }
  const extras = pointed.extras.length === 0 ? '' : `[${pointed.extras.join(',')}]`;
  const parsed = parseNamed(
    `${name}${extras}${pointed.marker === null ? '' : `; ${pointed.marker}`}`,
  );
  if ('problem' in parsed) return fail(source, 0, explain(source.text, parsed.problem));
  const url = pointed.source === 'local' ? `file:${pointed.target}` : pointed.target;
  const requirement = { ...parsed.requirement, url };
  const warnings = warnOfUrl(source, pointed.source, pointed.target);
  if (pointed.nameIsCertain && pointed.source === 'url') {
    const shown = escapeHidden(requirement.displayName);
    warnings.push(
      warn(
        source,
        'unnamed-url',
        `the name ${shown} is read from the address; write \`${shown} @ ADDRESS\``,
      ),
    );
  }
  if (!pointed.nameIsCertain && pointed.source !== 'local') {
    const shown = escapeHidden(requirement.displayName);
    warnings.push(
      warn(
        source,
        'guessed-name',
        `the name ${shown} is guessed from the address; write \`${shown} @ ADDRESS\``,
      ),
    );
  }
  return { declared: toDeclared(source, requirement, pointed.source), warnings };
}

function warnOfUrl(source: RequirementText, kind: 'url' | 'vcs' | 'local', url: string): Warning[] {
  if (kind === 'vcs') {
    return [
      warn(
        source,
        'vcs-requirement',
        `${quoteText(source.text)} is installed from version control: its size and needs are unknown`,
      ),
    ];
  }
  if (kind === 'url' && isLinkLocalUrl(url)) {
    return [
      warn(
        source,
        'link-local-address',
        `${quoteText(source.text)} points at this machine's own network and is not asked`,
      ),
    ];
  }
  return [];
}

function toDeclared(
  source: RequirementText,
  requirement: Requirement,
  kind: DeclaredRequirement['source'],
): DeclaredRequirement {
  return {
    requirement,
    raw: redactUrl(source.text),
    location: source.at(0),
    source: kind,
    editable: source.editable ?? false,
    hashes: source.hashes ?? [],
    index: source.index ?? null,
    keep: source.keep ?? null,
  };
}

type Parsed =
  | { readonly requirement: Requirement; readonly repaired: string | null }
  | { readonly problem: string; readonly offset: number };

function parseNamed(text: string): Parsed {
  const strict = tryParse(text, false);
  if ('requirement' in strict) {
    return /,\s*(?:;|$)/.test(text.slice(-2000)) && /[<>=~!]/.test(text)
      ? { ...strict, repaired: `${quoteText(text)} ends its specifiers with a comma` }
      : strict;
  }
  // Repairs are for what older tools let pass; a quoted line never worked anywhere.
  const head = text.split(';', 1)[0] ?? '';
  if (/["']/.test(head) || !/[<>=~!]\s*\d/.test(head)) return strict;
  const lenient = tryParse(text, true);
  if ('problem' in lenient) return strict;
  return {
    ...lenient,
    repaired: `${quoteText(text)} is no valid requirement (${escapeHidden(strict.problem)}); read as uv repairs it`,
  };
}

function tryParse(text: string, repair: boolean): Parsed {
  try {
    return { requirement: parseRequirement(text, { repair }), repaired: null };
  } catch (error) {
    if (error instanceof ParseError) return { problem: error.message, offset: error.offset };
    throw error;
  }
}

// What people really mean by the lines that fail most often; the parser's own words otherwise.
function explain(text: string, problem: string): string {
  const quoted = quoteText(text);
  if (/^(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)/.test(text))
    return `${quoted} is a conflict marker that git left; resolve the conflict`;
  if (text.includes('\ufffd'))
    return `${quoted} has bytes that are not UTF-8; save the file as UTF-8`;
  if (text.includes('\0')) return `${quoted} has a NUL byte`;
  if (/^["']/.test(text)) return `${quoted} stands in quotes; requirement files take none`;
  if (/^[\w.-]+=[\w.!+]+=[\w.]+$/.test(text))
    return `${quoted} is a line of \`conda list --export\`, not of pip; write \`${conda(text)}\``;
  const single = /^([\w.-]+)\s*=\s*([\w.!+*]+)$/.exec(text);
  if (single !== null)
    return `${quoted} has a single \`=\`; did you mean \`${single[1]}==${single[2]}\`?`;
  if (/\^\s*\d/.test(text))
    return `${quoted} uses \`^\`, which only Poetry reads; write \`>=\` and \`<\``;
  if (/^(?:WARNING|ERROR|DEPRECATION|Requirement already)\b/.test(text))
    return `${quoted} is a message of pip, not a requirement; remove the line`;
  if (/^(?:pip|pip3|python|uv|poetry|conda)\s/.test(text))
    return `${quoted} is a command; leave only the requirement`;
  if (/[^\u0020-\u007e\s]/.test(text.split(';', 1)[0] ?? ''))
    return `${quoted} has characters that no name has (${escapeHidden(problem)})`;
  return `${quoted}: ${escapeHidden(problem.length > 200 ? `${problem.slice(0, 200)}...` : problem)}`;
}

function conda(text: string): string {
  const [name = '', version = ''] = text.split('=');
  return `${name}==${version}`;
}

function fail(source: RequirementText, offset: number, message: string): Declaration {
  const place = source.at(Math.min(offset, source.text.length));
  return {
    declared: null,
    warnings: [{ ...toWarning('invalid-requirement', place, message), severity: 'error' }],
  };
}

function warn(source: RequirementText, code: string, message: string): Warning {
  return toWarning(code, source.at(0), message);
}

/** A warning at a place; the message is led by it, `requirements.txt:3: ...`. */
export function toWarning(code: string, place: SourceLocation, message: string): Warning {
  return {
    code,
    message: `${escapeHidden(place.path)}:${place.line}: ${message}`,
    path: place.path,
    line: place.line,
    column: place.column,
  };
}

/** A name that nothing in a file said: of a local folder whose own metadata does not tell. */
export function nameAnew(requirement: Requirement, name: string): Requirement {
  return { ...requirement, name: normalizeName(name), displayName: name };
}
