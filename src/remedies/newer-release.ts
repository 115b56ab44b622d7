/** Remedies by time: a newer release than pin or cap admit, whose tree may be lighter. */
import { parseVersion } from '../pep/version.ts';
import { parseSpecifiers } from '../pep/specifier.ts';
import type { DistributionName, Requirement, SpecifierOperator } from '../types.ts';
import type { RemedyContext } from './remedy-context.ts';
import type { Proposal } from './remedy.ts';

/** Each costs a resolution, and the wheels of another release to be read. */
const mostAsked = 3;
const leastBytes = 10_000_000;
const leastShare = 0.05;

const capping: ReadonlySet<SpecifierOperator> = new Set(['==', '===', '<', '<=', '~=']);

/** The heaviest directs that something holds back, each without its upper bound. */
export function proposeNewer(context: RemedyContext): readonly Proposal[] {
  const { staying, attribution } = context;
  const total = staying.reduce(
    (sum, { weight }) => sum + (weight.known ? weight.value.installedBytes : 0),
    0,
  );
  const bytesOf = (name: DistributionName): number => attribution.get(name)?.exclusiveAtLeast ?? 0;
  return context.roots
    .map(({ name }) => name)
    .filter((name) => bytesOf(name) >= Math.max(leastBytes, total * leastShare))
    .toSorted((a, b) => bytesOf(b) - bytesOf(a) || (a < b ? -1 : 1))
    .flatMap((name) => openRequirement(context, name) ?? [])
    .slice(0, mostAsked)
    .map((requirement) => ({
      rule: 'newer-lighter',
      fit: 'release',
      replacements: [{ name: requirement.name, requirement }],
      added: [],
      instead: [requirement.name],
      condition: '',
      against: [],
    }));
}

/** The requirement from the version in force on; null where nothing holds it back. */
function openRequirement(
  { lines, staying, environment }: RemedyContext,
  name: DistributionName,
): Requirement | null {
  const own = lines.filter(({ requirement }) => requirement.name === name);
  const [first] = own;
  const version = staying.find((one) => one.name === name)?.version;
  if (first === undefined || version === undefined || parseVersion(version) === null) return null;
  if (own.some(({ source, requirement }) => source !== 'index' || requirement.url !== null))
    return null;
  const isHeld =
    environment.pins !== undefined ||
    own.some(({ requirement }) =>
      requirement.specifiers.some(({ operator }) => capping.has(operator)),
    );
  if (!isHeld) return null;
  const { specifiers } = parseSpecifiers(`>=${version.replace(/\+.*$/, '')}`);
  return { ...first.requirement, specifiers, marker: null, markerText: null };
}
