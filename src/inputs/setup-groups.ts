/** Requirements of setup.py and setup.cfg as groups: the main set, and extras with their keys taken apart. */
import { formatMarker, parseMarker } from '../pep/marker.ts';
import { isValidName, normalizeExtra, normalizeName } from '../pep/name.ts';
import { ParseError } from '../pep/parse-error.ts';
import { parseSpecifiers } from '../pep/specifier.ts';
import type {
  DeclaredRequirement,
  Marker,
  ParsedInput,
  RequirementGroup,
  SourceLocation,
  Warning,
} from '../types.ts';
import { declareRequirement, toWarning } from './declare.ts';
import { flattenGroups, type GroupItem, type RawGroup } from './dependency-groups.ts';
import { folderOf } from './file-access.ts';
import { quoteText } from './quote.ts';
import { roleOfGroup } from './roles.ts';

/** One requirement as a setup file has it. */
export interface SetupEntry {
  readonly text: string;
  readonly location: SourceLocation;
  /** Conditions besides its own marker. */
  readonly marker: string | null;
  readonly keep: string | null;
}

/** A set as it is keyed in `extras_require`: `name`, `name:marker`, `:marker`; null for `install_requires`. */
export interface SetupEntries {
  readonly key: string | null;
  readonly location: SourceLocation;
  readonly entries: readonly SetupEntry[];
  /** There are more, which could not be read. */
  readonly partial?: boolean;
}

/** Groups of a setup file, the main one first if `hasMain`. Never throws for bad text. */
export function toSetupGroups(
  sets: readonly SetupEntries[],
  { projectName, hasMain }: { readonly projectName: string | null; readonly hasMain: boolean },
): { readonly groups: readonly RequirementGroup[]; readonly warnings: readonly Warning[] } {
  const warnings: Warning[] = [];
  const main: DeclaredRequirement[] = [];
  const extras = new Map<string, RawGroup>();
  let isMainPartial = false;
  const own = projectName === null ? null : normalizeName(projectName);
  for (const set of sets) {
    const { name, marker } = splitKey(set.key);
    const conditions = marker === null ? null : readMarker(marker, set.location, warnings);
    if (conditions === undefined) continue;
    const isPartial = set.partial === true;
    const declared = set.entries.flatMap((entry) => declare(entry, conditions, warnings));
    if (name === null) {
      main.push(...declared);
      isMainPartial ||= isPartial;
    } else if (isValidName(name.trim()))
      addExtra(extras, name.trim(), [
        ...declared.flatMap((item) => toItems(item, own)),
        ...(isPartial ? [{ kind: 'unread' } as const] : []),
      ]);
    else warnings.push(error(set.location, `${quoteText(name)} is no valid name of an extra`));
  }
  const flat = flattenGroups(extras, { word: 'extra', cyclesAreErrors: false });
  warnings.push(...flat.warnings);
  const groups = [...extras].map(([key, { name }]): RequirementGroup => ({
    kind: 'extra',
    name: key,
    role: roleOfGroup(name) ?? 'extra',
    requirements: flat.requirements.get(key) ?? [],
    ...(flat.partial.has(key) ? { partial: true } : {}),
  }));
  const isMain = hasMain || main.length > 0 || isMainPartial;
  return {
    groups: [
      ...(isMain
        ? [
            {
              kind: 'main',
              name: null,
              role: 'prod',
              requirements: main,
              ...(isMainPartial ? { partial: true } : {}),
            } satisfies RequirementGroup,
          ]
        : []),
      ...groups,
    ],
    warnings,
  };
}

function splitKey(key: string | null): {
  readonly name: string | null;
  readonly marker: string | null;
} {
  const colon = key?.indexOf(':') ?? -1;
  if (key === null || colon < 0) return { name: key, marker: null };
  return { name: colon === 0 ? null : key.slice(0, colon), marker: key.slice(colon + 1) };
}

function addExtra(extras: Map<string, RawGroup>, name: string, items: readonly GroupItem[]): void {
  const key = normalizeExtra(name);
  const before = extras.get(key);
  extras.set(key, { name: before?.name ?? name, items: [...(before?.items ?? []), ...items] });
}

// `mine[a,b]` in an extra of `mine` stands for the extras a and b.
function toItems(declared: DeclaredRequirement, own: string | null): readonly GroupItem[] {
  if (declared.requirement.name !== own) return [{ kind: 'requirement', declared }];
  return declared.requirement.extras.map((name) => ({
    kind: 'include',
    name,
    location: declared.location,
  }));
}

function declare(
  entry: SetupEntry,
  conditions: Marker | null,
  warnings: Warning[],
): readonly DeclaredRequirement[] {
  const { text, location, keep } = entry;
  const { declared, warnings: own } = declareRequirement({
    text,
    folder: folderOf(location.path),
    at: (offset) => ({ ...location, column: location.column + offset }),
    keep,
  });
  warnings.push(...own);
  if (declared === null) return [];
  const besides = entry.marker === null ? null : parseMarker(entry.marker);
  const markers = [declared.requirement.marker, conditions, besides].filter(
    (marker) => marker !== null,
  );
  const [first = null] = markers;
  const marker: Marker | null = markers.length < 2 ? first : { kind: 'and', operands: markers };
  const markerText = marker === null ? null : formatMarker(marker);
  return [{ ...declared, requirement: { ...declared.requirement, marker, markerText } }];
}

function readMarker(text: string, place: SourceLocation, warnings: Warning[]): Marker | undefined {
  try {
    return parseMarker(text.trim());
  } catch (problem) {
    if (!(problem instanceof ParseError)) throw problem;
    warnings.push(error(place, `${quoteText(text)} is no marker; what depends on it is left out`));
    return undefined;
  }
}

/** Keywords that name distributions which no installer installs. */
export const ignoredKeywords: readonly string[] = ['tests_require', 'dependency_links'];

/** A warning for one of `ignoredKeywords`. */
export function warnOfIgnored(keyword: string, place: SourceLocation): Warning {
  const message = `${quoteText(keyword)} is read by no installer any more, and not here; an extra or a group can say the same`;
  return toWarning('ignored-keyword', place, message);
}

/** A warning of severity `error` at a place. */
export function error(place: SourceLocation, message: string): Warning {
  return { ...toWarning('invalid-value', place, message), severity: 'error' };
}

/** python_requires of a setup file, or a warning in its place. */
export function readPythonRequires(
  text: string,
  location: SourceLocation,
  warnings: Warning[],
): Pick<ParsedInput, 'requiresPython' | 'requiresPythonAt'> {
  try {
    parseSpecifiers(text, { repair: true });
    return { requiresPython: text, requiresPythonAt: location };
  } catch (problem) {
    if (!(problem instanceof ParseError)) throw problem;
    const message = `python_requires ${quoteText(text)} is no version specifier and is ignored`;
    warnings.push(toWarning('invalid-requires-python', location, message));
    return { requiresPython: null };
  }
}
