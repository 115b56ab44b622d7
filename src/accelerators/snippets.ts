/**
 * What each tool has to be told for a build of torch. Traps: pip has no index for one package, so the label in the pin makes
 * the choice; uv and poetry ask an explicit index only for what names it; torchvision and torchaudio have to be of the same
 * build, or they bring the other one back.
 */
import type { BuildSnippets } from '../types.ts';

/** A package of the family, in the version that is there. */
export interface FamilyMember {
  readonly name: string;
  /** Without a label. */
  readonly version: string;
}

/** A build to be told of. */
export interface SnippetSubject {
  /** `cpu`, `cu121`, `rocm6.1`; null for the one on the default index. */
  readonly label: string | null;
  /** Of its index; null where nobody configured one. */
  readonly address: string | null;
  readonly family: readonly FamilyMember[];
}

/** In place of an address that is not known; where to find it, the report says. */
export const ADDRESS = 'ADDRESS';

/** Lines for a requirements file, for uv and for poetry. */
export function snippetsFor({ label, address, family }: SnippetSubject): BuildSnippets {
  if (label === null) {
    const pins = family.map(({ name, version }) => `${name}==${version}`);
    return {
      pip: pins,
      uv: [`uv add ${pins.join(' ')}`],
      poetry: [`poetry add ${pins.join(' ')}`],
    };
  }
  const place = address ?? ADDRESS;
  const index = `pytorch-${label}`;
  const pins = family.map(({ name, version }) => `${name}==${version}+${label}`);
  return {
    pip: [`--extra-index-url ${place}`, ...pins],
    uv: [
      '[[tool.uv.index]]',
      `name = "${index}"`,
      `url = "${place}"`,
      'explicit = true',
      '[tool.uv.sources]',
      ...family.map(({ name }) => `${name} = { index = "${index}" }`),
    ],
    poetry: [
      `poetry source add --priority=explicit ${index} ${place}`,
      `poetry add --source ${index} ${pins.join(' ')}`,
    ],
  };
}
