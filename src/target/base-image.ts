/**
 * What the name of a container image tells about the Python and the C library in it. Facts are rows of data/pythons.json.
 */
import pythons from '../../data/pythons.json' with { type: 'json' };

/** What an image holds, as far as its name says. */
export interface BaseImage {
  /** `3.12`, null where the name does not tell. */
  readonly python: string | null;
  /** False where it is the interpreter that the distribution would install, not one that the image is named for. */
  readonly pythonIsNamed: boolean;
  /** `2.36`, null where unknown or musl. */
  readonly glibc: string | null;
  readonly musl: string | null;
  readonly os: 'linux' | 'windows';
}

interface Distribution {
  readonly glibc?: string;
  readonly musl?: string;
  readonly python: string | null;
}

const distributions: Readonly<Record<string, Distribution>> = pythons.distributions;
const codenames: Readonly<Record<string, string>> = pythons.codenames;
const pythonImages: Readonly<Record<string, string>> = pythons.pythonImages;
const lambdaImages: Readonly<Record<string, string>> = pythons.lambdaImages;

/** Reads an image reference such as `python:3.12-slim-bookworm` or `registry.test/astral-sh/uv:python3.12-alpine`. */
export function readBaseImage(reference: string): BaseImage {
  const { path, name, tag } = splitReference(reference.toLowerCase());
  const python = findPython(path, name, tag);
  const release = findRelease(path, name, tag, python);
  const distribution = release === null ? undefined : distributions[release];
  return {
    python: python ?? distribution?.python ?? null,
    pythonIsNamed: python !== null,
    glibc: distribution?.glibc ?? null,
    musl: distribution?.musl ?? null,
    os: /windowsservercore|nanoserver|windows\//.test(`${path}:${tag}`) ? 'windows' : 'linux',
  };
}

function splitReference(reference: string): {
  readonly path: string;
  readonly name: string;
  readonly tag: string;
} {
  const withoutDigest = reference.split('@', 1)[0] ?? '';
  const slash = withoutDigest.lastIndexOf('/');
  const colon = withoutDigest.indexOf(':', slash + 1);
  const path = colon === -1 ? withoutDigest : withoutDigest.slice(0, colon);
  return {
    path,
    name: path.slice(path.lastIndexOf('/') + 1),
    tag: colon === -1 ? '' : withoutDigest.slice(colon + 1),
  };
}

function findPython(path: string, name: string, tag: string): string | null {
  // `uv:python3.12-bookworm`, `uvicorn-gunicorn:python3.11`, `azure-functions/python:4-python3.11`.
  const named = /(?:^|[-_.])(?:python|py|cp)-?(3\.\d{1,2})(?![\d])/.exec(tag);
  if (named !== null) return named[1] ?? null;
  const inName = /^python-?3\.?(\d{1,2})(?:-|$)/.exec(name);
  if (inName !== null && !/distroless/.test(path)) return `3.${inName[1]}`;
  const pypy = name === 'pypy' ? /^(3\.\d{1,2})(?![\d])/.exec(tag)?.[1] : undefined;
  if (pypy !== undefined) return `pypy${pypy}`;
  if (name !== 'python') return null;
  const version = /^(?:\d+-)?(3\.\d{1,2})(?![\d])/.exec(tag);
  if (version !== null) return version[1] ?? null;
  // `python:3`, `python:slim`, `python`: the newest there is.
  return /^(?:3(?:-|$)|latest|slim|alpine|bookworm|trixie|bullseye|$)/.test(tag)
    ? pythons.newestStable
    : null;
}

function findRelease(
  path: string,
  name: string,
  tag: string,
  python: string | null,
): string | null {
  const text = `${name}:${tag}`;
  const alpine = /alpine:?-?(3\.\d+)?/.exec(text);
  if (alpine !== null) {
    const release = `alpine${alpine[1] ?? ''}`;
    return release in distributions ? release : 'alpine';
  }
  const debian = /\b(buster|bullseye|bookworm|trixie)\b/.exec(text)?.[1];
  if (debian !== undefined) return debian;
  const numbered = /debian-?:?(1\d)/.exec(text)?.[1];
  if (numbered !== undefined) return codenames[`debian${numbered}`] ?? null;
  const ubuntu = /ubuntu-?:?(\d\d\.\d\d)/.exec(text)?.[1] ?? null;
  if (ubuntu !== null) return `ubuntu${ubuntu}`;
  const codename = /\b(bionic|focal|jammy|noble|plucky|resolute)\b/.exec(text)?.[1];
  if (codename !== undefined) return codenames[codename] ?? null;
  if (path.endsWith('lambda/python'))
    return lambdaImages[python ?? ''] ?? lambdaImages['others'] ?? null;
  if (name === 'amazonlinux')
    return tag.startsWith('2023') || tag === '' || tag === 'latest'
      ? 'amazonlinux2023'
      : 'amazonlinux2';
  const enterprise =
    /(?:ubi|rockylinux|almalinux|centos|oraclelinux|rhel|el|stream)-?:?\/?(7|8|9|10)(?![\d])/.exec(
      `${path}:${tag}`,
    )?.[1];
  if (enterprise !== undefined) return `el${enterprise}`;
  // Only tags of the official images: other images called `python` have tags of their own.
  if (name === 'python' && /^(?:3|latest|slim|$)/.test(tag))
    return pythonImages[python ?? ''] ?? pythonImages['others'] ?? null;
  return null;
}
