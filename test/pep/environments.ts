import { createTarget, parsePlatformName } from '../../src/pep/platform-name.ts';
import type { TargetEnvironment } from '../../src/types.ts';

/** The target of a platform name; throws where the name is none. */
export function targetOf(
  platformName: string,
  python = '3.11',
  implementation: 'cp' | 'pp' = 'cp',
): TargetEnvironment {
  const platform = parsePlatformName(platformName);
  if (platform === null) throw new Error(`no platform: ${platformName}`);
  return createTarget({
    python: implementation === 'pp' ? `pypy${python}` : python,
    platform,
    from: 'test',
  });
}
