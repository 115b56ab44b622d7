import type { ProductImage } from './product-image.ts';

/** A platform by a name that `parsePlatformName` reads, with where it came from. */
export interface PlatformChoice {
  readonly platform: string;
  /** `--platform`, `Dockerfile:1`, `default`. */
  readonly from: string;
}

/** What may decide the platform, strongest first. */
export interface PlatformSources {
  /** `--platform`. */
  readonly flag?: string | null;
  readonly configuration?: PlatformChoice | null;
  readonly image?: ProductImage | null;
}

/** Used where nothing says: what most servers offer at least. */
export const defaultPlatform = 'x86_64-manylinux_2_28';

const architectures: Readonly<Record<string, string>> = {
  amd64: 'x86_64',
  x86_64: 'x86_64',
  arm64: 'aarch64',
  aarch64: 'aarch64',
  'arm/v7': 'armv7l',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  '386': 'i686',
};

/** The platform (CONTRACT.md, Platform): asked for, configured, that of the product image, else Linux x86_64 with glibc 2.28. */
export function inferPlatform(sources: PlatformSources): PlatformChoice {
  const { flag = null, configuration = null, image = null } = sources;
  if (flag !== null) return { platform: flag, from: '--platform' };
  if (configuration !== null) return configuration;
  if (image === null) return { platform: defaultPlatform, from: 'default' };
  const { base, baseLine } = libraryOf(image);
  const at = image.platformAt ?? { path: image.path, line: baseLine };
  const from = `${at.path}:${at.line}`;
  if (image.system !== undefined) return { platform: image.system, from };
  if (base.os === 'windows') return { platform: 'windows', from };
  const architecture = architectureOf(image.platform);
  if (base.musl !== null)
    return { platform: `musllinux_${base.musl.replace('.', '_')}_${architecture}`, from };
  if (base.glibc !== null)
    return { platform: `${architecture}-manylinux_${base.glibc.replace('.', '_')}`, from };
  return {
    platform: `${architecture}-manylinux_2_28`,
    from: image.platform === null ? 'default' : from,
  };
}

/** Wheels are chosen for the C library of the machine that installs them, wherever they are copied. */
function libraryOf({
  base,
  baseLine,
  maker,
}: ProductImage): Pick<ProductImage, 'base' | 'baseLine'> {
  const isKnown = maker !== undefined && (maker.base.glibc ?? maker.base.musl) !== null;
  return isKnown ? maker : { base, baseLine };
}

// `linux/arm64/v8` has a variant that changes nothing for wheels.
function architectureOf(platform: string | null): string {
  const name = platform?.replace(/^linux\//, '').replace(/^arm64\/.*$/, 'arm64') ?? 'amd64';
  return architectures[name] ?? 'x86_64';
}
