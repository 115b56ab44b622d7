/** The target of a place: the machine that its files name, and what is known of the C library there. */
import pythons from '../../data/pythons.json' with { type: 'json' };
import { createTarget, levelAlike, parsePlatformName } from '../pep/platform-name.ts';
import { defaultPlatform } from '../target/platform.ts';
import type { TargetEnvironment } from '../types.ts';
import type { FoundPlace } from './index.ts';

const lambdaSystems: Readonly<Record<string, string>> = pythons.lambdaImages;
const distributions: Readonly<
  Record<string, { readonly glibc?: string; readonly python: unknown }>
> = pythons.distributions;

/** That of the report where the place has the same, or says nothing. */
export function targetOfPlace(
  { preset, runtime, locations }: FoundPlace,
  own: TargetEnvironment,
): TargetEnvironment {
  if (runtime === null) return own;
  const python = runtime.python ?? (own.implementation === 'cp' ? own.python : null);
  if (python === null) return own;
  const glibc = preset === 'aws-lambda-zip' ? glibcOfLambda(python) : null;
  const ownPlatform = parsePlatformName(own.platformTag);
  const name = glibc === null ? defaultPlatform : `manylinux_${glibc.replace('.', '_')}_x86_64`;
  const usual = parsePlatformName(name.replace('x86_64', runtime.arch));
  if (usual === null || ownPlatform === null) return own;
  // Whatever the place has, it is at least that: what the project itself names is nearer than a default.
  const platform = glibc === null ? levelAlike(usual, ownPlatform) : usual;
  const isOwn =
    python === own.python &&
    own.implementation === 'cp' &&
    own.freeThreaded !== true &&
    platform.platformTag === own.platformTag;
  if (isOwn) return own;
  const [first] = locations;
  const from = first === undefined ? '' : `${first.path}:${first.line}`;
  return createTarget({ python: fullOf(python, own), platform, from });
}

/** The patch of the report's own Python, where it is the same: markers may ask for it. */
function fullOf(python: string, own: TargetEnvironment): string {
  if (python !== own.python || own.implementation !== 'cp') return python;
  return own.pythonFull;
}

/** Null for Pythons before the first of the table: what those ran on is past. */
function glibcOfLambda(python: string): string | null {
  const minor = (text: string): number => Number(text.split('.')[1]);
  const first = Math.min(...Object.keys(lambdaSystems).map(minor).filter(Number.isFinite));
  const system = lambdaSystems[python] ?? lambdaSystems['others'] ?? '';
  return minor(python) < first ? null : (distributions[system]?.glibc ?? null);
}
