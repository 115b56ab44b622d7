/** What files say of a function of AWS Lambda, whichever of its tools they are for. */
import { joinPath } from '../inputs/file-access.ts';
import { readBaseImage } from '../target/base-image.ts';
import type { PlaceRuntime, Sign, Surroundings } from './place.ts';
import { pythonOf } from './place.ts';

/** As written; '' where nothing is. */
export interface FunctionWords {
  /** `python3.12`. */
  readonly runtime: string;
  /** `arm64`. */
  readonly processor: string;
}

/** The machine of a function. Lambda runs it on x86_64 where nothing is said. */
export function describeFunction({ runtime, processor }: FunctionWords): PlaceRuntime {
  const python = pythonOf(runtime);
  const isArm = processor === 'arm64';
  const isKnown = isArm || processor === 'x86_64' || processor === '';
  return {
    python,
    arch: isArm ? 'aarch64' : 'x86_64',
    open: [
      ...(python === null
        ? ['its Python is not written there, so that of this report is taken']
        : []),
      ...(isKnown ? [] : ['its processor is not written there, so x86_64 is taken']),
    ],
  };
}

/** A function that is a container image. */
export interface ImageWords {
  readonly line: number;
  readonly words: FunctionWords;
  /** Folder of its build, from that of the file. */
  readonly context: string;
  /** The Dockerfile in it, '' for the usual name. */
  readonly file: string;
}

/** The sign of an image whose Dockerfile starts from one with Python, or that has a runtime of Python; none for any other. */
export function imageSign(
  { line, words, context, file }: ImageWords,
  { paths, linesOf, folder }: Surroundings,
): readonly Sign[] {
  const path = joinPath(joinPath(folder.replace(/\/$/, '') || '.', context), file || 'Dockerfile');
  const preset = 'aws-lambda-image';
  if (!paths.has(path)) {
    const runtime = describeFunction(words);
    return runtime.python === null ? [] : [{ preset, line, runtime }];
  }
  const bases = linesOf(path).flatMap((text) => {
    const base = /^\s*FROM\s+(?:--\S+\s+)*(\S+)/i.exec(text)?.[1];
    return base === undefined ? [] : [base];
  });
  const last = bases.at(-1) ?? '';
  if (!bases.some((base) => /python/i.test(base))) return [];
  const { python, pythonIsNamed } = readBaseImage(last);
  const { arch, open } = describeFunction({
    ...words,
    runtime: pythonIsNamed ? `python${python}` : '',
  });
  const version = pythonIsNamed ? python : null;
  return [{ preset, line, runtime: { python: version, arch, open } }];
}
