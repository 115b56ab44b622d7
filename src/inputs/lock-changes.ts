/** What a manifest declares otherwise than when its lock was made, for locks that keep it, or a hash of it. */
import { normalizeName } from '../pep/name.ts';
import { ParseError } from '../pep/parse-error.ts';
import { formatSpecifiers, parseSpecifiers } from '../pep/specifier.ts';
import type { LockedDeclaration, ParsedInput, RequirementGroup } from '../types.ts';
import { compareText, folderOf } from './file-access.ts';

/** Half sentences, one for each set that changed: `the extra dashboard no longer has pygwalker`. Sorted. */
export function findLockChanges(input: ParsedInput, manifest: ParsedInput): readonly string[] {
  const changes = compareDeclared(input, manifest);
  return changes.length === 0 && isHashedOtherwise(input, manifest)
    ? [`the tables of ${manifest.path} that it keeps a hash of have changed`]
    : changes;
}

function isHashedOtherwise({ kind, lock }: ParsedInput, { lockHashes }: ParsedInput): boolean {
  const hashes = lockHashes?.[kind];
  if (hashes === undefined || lock?.contentHash === undefined) return false;
  return !hashes.includes(lock.contentHash);
}

function compareDeclared({ lock }: ParsedInput, manifest: ParsedInput): readonly string[] {
  const isScript = manifest.kind === 'inline-script';
  const member = isScript ? manifest.path : folderOf(manifest.path);
  const isMember = isScript || lock?.members.some(({ folder }) => folder === member) === true;
  if (lock?.declared === undefined || !isMember) return [];
  const locked = new Map<string, LockedDeclaration[]>();
  for (const one of lock.declared) {
    if (one.member === member) locked.set(one.set, [...(locked.get(one.set) ?? []), one]);
  }
  const own = manifest.projectName === null ? null : normalizeName(manifest.projectName);
  const changes: string[] = [];
  for (const group of manifest.groups) {
    const set = keyOf(group);
    const before = locked.get(set) ?? [];
    locked.delete(set);
    // An extra of extras is unfolded in the manifest and not in the lock.
    if (before.some(({ name }) => name === own)) continue;
    changes.push(...compareSets(set, before, group));
  }
  for (const [set, before] of locked)
    changes.push(`${describeSet(set)} is gone (${namesOf(before)})`);
  return changes.toSorted(compareText);
}

function keyOf({ kind, name }: RequirementGroup): string {
  return kind === 'main' ? '' : `${kind}:${name ?? ''}`;
}

function describeSet(set: string): string {
  return set === '' ? 'the main set' : `the ${set.replace(':', ' ')}`;
}

function namesOf(entries: readonly { readonly name: string }[]): string {
  return [...new Set(entries.map(({ name }) => name))].toSorted(compareText).join(', ');
}

function compareSets(
  set: string,
  before: readonly LockedDeclaration[],
  { requirements }: RequirementGroup,
): readonly string[] {
  const now = requirements.map(({ requirement, source }) => ({
    name: requirement.name,
    specifier: source === 'index' ? formatSpecifiers(requirement.specifiers) : null,
  }));
  const gained = now.filter(({ name }) => !before.some((one) => one.name === name));
  const lost = before.filter(({ name }) => !now.some((one) => one.name === name));
  const changed = now.filter(({ name, specifier }) => {
    const same = before.filter((one) => one.name === name);
    return (
      specifier !== null &&
      same.length > 0 &&
      same.every((one) => one.specifier !== null && normalize(one.specifier) !== specifier)
    );
  });
  const subject = describeSet(set);
  return [
    ...(gained.length === 0 ? [] : [`${subject} has gained ${namesOf(gained)}`]),
    ...(lost.length === 0 ? [] : [`${subject} no longer has ${namesOf(lost)}`]),
    ...(changed.length === 0 ? [] : [`${subject} asks for other versions of ${namesOf(changed)}`]),
  ];
}

function normalize(text: string): string {
  try {
    return formatSpecifiers(parseSpecifiers(text, { repair: true }).specifiers);
  } catch (error) {
    if (error instanceof ParseError) return text;
    throw error;
  }
}
