/** pip in an environment of conda: what installs the `pip:` section, and is imported by nobody. */
import { normalizeName } from '../pep/name.ts';
import type { DistributionName } from '../types.ts';
import type { Judgement } from './judgement.ts';
import type { Court } from './usage-facts.ts';

const installer = normalizeName('pip');

/** Conda has no pip but the one that it is asked for, and warns where a `pip:` section stands without it. */
export function judgeCondaInstaller(court: Court, name: DistributionName): Judgement | null {
  if (name !== installer || !court.ofConda.has(name)) return null;
  const { declared } = court.input;
  const paths = new Set(
    declared.flatMap(({ declared: { requirement, location } }) =>
      requirement.name === name ? [location.path] : [],
    ),
  );
  const ofPip = declared.map((one) => one.declared).filter(({ source }) => source !== 'conda');
  const first = ofPip.find(({ location }) => paths.has(location.path)) ?? ofPip[0];
  if (first === undefined) return null;
  const { path, line } = first.location;
  const note = 'installs what stands in the pip section';
  return { verdict: 'used', confidence: 'certain', evidence: [{ path, line, note }] };
}
