/**
 * Sets of requirements that include each other: dependency groups (PEP 735) and self-referencing extras.
 *
 * Traps of PEP 735: names are compared normalised and must not collide; includes may form cycles, which are errors; an item is
 * a text or a table with `include-group` alone; including twice is allowed and must not double the work.
 */
import type { DeclaredRequirement, Role, SourceLocation, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import { quoteText } from './quote.ts';

/** An entry of a set: a requirement, the name (normalised) of another set, or something that could not be read. */
export type GroupItem =
  | { readonly kind: 'unread' }
  | { readonly kind: 'requirement'; readonly declared: DeclaredRequirement }
  | { readonly kind: 'include'; readonly name: string; readonly location: SourceLocation };

/** A set before its includes are followed. */
export interface RawGroup {
  /** As written. */
  readonly name: string;
  readonly items: readonly GroupItem[];
  /** What it is for where its name does not say. */
  readonly role?: Role;
}

/** How errors are worded, and whether a cycle is one (extras may refer to themselves, groups may not). */
export interface FlattenRules {
  readonly word: 'group' | 'extra';
  readonly cyclesAreErrors: boolean;
}

/** The requirements of every set, includes followed, each once, in order; keyed by normalised name. */
export function flattenGroups(
  groups: ReadonlyMap<string, RawGroup>,
  rules: FlattenRules,
): {
  readonly requirements: ReadonlyMap<string, readonly DeclaredRequirement[]>;
  /** Names of the sets of which something could not be read. */
  readonly partial: ReadonlySet<string>;
  readonly warnings: readonly Warning[];
} {
  const warnings: Warning[] = [];
  const requirements = new Map<string, readonly DeclaredRequirement[]>();
  const partial = new Set<string>();
  for (const [name, group] of groups) {
    warnings.push(...warnOfItems(name, group, groups, rules));
    const items = collect(name, groups);
    requirements.set(
      name,
      items.flatMap((item) => (item.kind === 'requirement' ? [item.declared] : [])),
    );
    if (items.some(({ kind }) => kind === 'unread')) partial.add(name);
  }
  if (rules.cyclesAreErrors) warnings.push(...findCycles(groups));
  return { requirements, partial, warnings: joinRepeated(warnings, rules) };
}

// One sentence, about the file, is enough where a whole file is written so.
function joinRepeated(warnings: readonly Warning[], { word }: FlattenRules): readonly Warning[] {
  const repeated = warnings.filter(({ code }) => code === 'repeated-include');
  const [first, second] = repeated;
  if (first === undefined || second === undefined) return warnings;
  const others = warnings.filter(({ code }) => code !== 'repeated-include');
  const message = `${repeated.length} times a ${word} includes another one twice, first in line ${first.line ?? 1}`;
  const place = { path: first.path ?? '', line: 1, column: 1 };
  return [...others, toWarning('repeated-include', place, message)];
}

// Depth first with a list of its own: thirty-one groups that include the next one twice are 31 visits, not 2**31.
function collect(
  start: string,
  groups: ReadonlyMap<string, RawGroup>,
): readonly Exclude<GroupItem, { kind: 'include' }>[] {
  const found: Exclude<GroupItem, { kind: 'include' }>[] = [];
  const seen = new Set([start]);
  const open: { readonly items: readonly GroupItem[]; next: number }[] = [
    { items: groups.get(start)?.items ?? [], next: 0 },
  ];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    const item = top.items[top.next++];
    if (item === undefined) open.pop();
    else if (item.kind !== 'include') found.push(item);
    else if (!seen.has(item.name)) {
      seen.add(item.name);
      open.push({ items: groups.get(item.name)?.items ?? [], next: 0 });
    }
  }
  return found;
}

function warnOfItems(
  name: string,
  group: RawGroup,
  groups: ReadonlyMap<string, RawGroup>,
  rules: FlattenRules,
): readonly Warning[] {
  const warnings: Warning[] = [];
  const included = new Set<string>();
  for (const item of group.items) {
    if (item.kind !== 'include') continue;
    if (!groups.has(item.name)) {
      const message = `the ${rules.word} ${quoteText(group.name)} includes ${quoteText(item.name)}, which there is not`;
      warnings.push({ ...toWarning('missing-group', item.location, message), severity: 'error' });
    } else if (included.has(item.name) && item.name !== name) {
      warnings.push(
        toWarning(
          'repeated-include',
          item.location,
          `the ${rules.word} ${quoteText(group.name)} includes ${quoteText(item.name)} twice`,
        ),
      );
    }
    included.add(item.name);
  }
  return warnings;
}

// Each cycle once, at the include of the group of it that stands first in the file.
function findCycles(groups: ReadonlyMap<string, RawGroup>): readonly Warning[] {
  const warnings: Warning[] = [];
  const done = new Set<string>();
  for (const start of groups.keys()) {
    const path: { readonly name: string; next: number }[] = [];
    if (!done.has(start)) path.push({ name: start, next: 0 });
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const item = groups.get(top.name)?.items[top.next++];
      if (item === undefined) {
        done.add(top.name);
        path.pop();
        continue;
      }
      if (item.kind !== 'include' || done.has(item.name)) continue;
      const first = path.findIndex(({ name }) => name === item.name);
      if (first === -1) {
        path.push({ name: item.name, next: 0 });
        continue;
      }
      const names = path.slice(first).map(({ name }) => name);
      const place = firstInclude(groups, names[0] ?? '', names[1] ?? item.name) ?? item.location;
      const message = `dependency groups include each other: ${[...names, item.name].map(quoteText).join(' -> ')}`;
      warnings.push({ ...toWarning('group-cycle', place, message), severity: 'error' });
    }
  }
  return warnings;
}

function firstInclude(
  groups: ReadonlyMap<string, RawGroup>,
  from: string,
  to: string,
): SourceLocation | null {
  const item = groups
    .get(from)
    ?.items.find((candidate) => candidate.kind === 'include' && candidate.name === to);
  return item?.kind === 'include' ? item.location : null;
}
