import type { InputFile } from '../../src/inputs/input.ts';
import { formatMarker } from '../../src/pep/marker.ts';
import type { LockPin, ParsedInput } from '../../src/types.ts';

/** A decoded file. */
export function fileOf(path: string, text: string): InputFile {
  return { path, text, realPath: path, warnings: [] };
}

/** `flask==3.0 ; marker @ origin`, one per pin, with its line in front. */
export function pinsOf({ lock }: ParsedInput): readonly string[] {
  return (lock?.pins ?? []).map((pin) => `${pin.location.line} ${describePin(pin)}`);
}

/** `flask==3.0 ; marker @ origin`. */
export function describePin({ name, version, marker, source, origin }: LockPin): string {
  const condition = marker === null ? '' : ` ; ${formatMarker(marker)}`;
  const place = source === 'index' ? '' : ` @ ${source} ${origin ?? ''}`;
  return `${name}==${version?.text ?? '?'}${condition}${place}`;
}

/** `main: flask==3.0 click==8`, one per set. */
export function setsOf({ groups }: ParsedInput): readonly string[] {
  return groups.map(
    ({ kind, name, role, requirements }) =>
      `${kind}${name === null ? '' : ` ${name}`} (${role}): ${requirements.map(({ raw }) => raw).join(' | ')}`,
  );
}

/** One `[[package]]` of a lock in TOML. */
export function packageOf(name: string, version: string, rest = ''): string {
  return `[[package]]\nname = '${name}'\nversion = '${version}'\n${rest}\n`;
}
