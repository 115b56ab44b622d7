/** URLs of databases and brokers, and the distributions that serve their schemes. */

import featureNeeds from '../../data/feature-needs.json' with { type: 'json' };
import type { PythonToken } from '../imports/python-tokens.ts';
import type { DistributionName } from '../types.ts';
import type { FeatureUse, Place } from './feature-needs.ts';

/** Schemes of URLs to the distributions that serve them. */
export const DRIVERS: Readonly<Record<string, readonly string[]>> = featureNeeds.drivers;

/** `postgresql+asyncpg://…` in a string, or the scheme alone where it names a driver (`scheme="postgresql+psycopg"`). */
export function findDrivers(
  tokens: readonly PythonToken[],
  schemes: readonly string[],
  names: ReadonlySet<DistributionName>,
  at: Place,
): readonly FeatureUse[] {
  if (schemes.length === 0) return [];
  const found: FeatureUse[] = [];
  for (const token of tokens) {
    if (token.kind !== 'string' || token.value.length > 2000) continue;
    for (const scheme of schemesIn(
      token.value,
      token.value.includes('+') && schemes.includes(token.value),
    ))
      found.push(
        ...driversOf(scheme, names).map((name) => ({
          name,
          ...driverNote(scheme),
          ...at(token.line),
        })),
      );
  }
  return found;
}

/** What a URL says of its driver. */
export function driverNote(scheme: string): Pick<FeatureUse, 'note' | 'named'> {
  const note = `${scheme}:// needs a driver`;
  return scheme.includes('+') ? { note, named: true } : { note };
}

/** The schemes of the URLs in a text; the text itself where it is one. */
export function schemesIn(text: string, isScheme: boolean): readonly string[] {
  if (isScheme) return [text];
  return [...text.matchAll(/(?<![\w+.-])([a-z][a-z0-9]*(?:\+[a-z0-9_]+)?):\/\//gi)].map((match) =>
    (match[1] ?? '').toLowerCase(),
  );
}

/** Distributions asked about that serve a scheme. A driver named after `+` is meant alone. */
export function driversOf(
  scheme: string,
  names: ReadonlySet<DistributionName>,
): readonly DistributionName[] {
  const drivers = Object.hasOwn(DRIVERS, scheme) ? (DRIVERS[scheme] ?? []) : [];
  return [...names].filter((name) => drivers.includes(name));
}
