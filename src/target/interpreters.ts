/** Which Python the stages of an image have, and environments that are copied to another one. */
import { readBaseImage, type BaseImage } from './base-image.ts';
import { copiesOf } from './copies.ts';
import { findStage, type Dockerfile, type Stage } from './dockerfile.ts';

/** An environment that was made with one minor version of Python and runs with another. */
export interface InterpreterMismatch {
  /** 1-based line of the COPY. */
  readonly line: number;
  /** What is copied, as written. */
  readonly path: string;
  /** `3.12`: with what it was made, and where that is said. */
  readonly made: string;
  readonly madeLine: number;
  /** What the image has, and where that is said. */
  readonly found: string;
  readonly foundLine: number;
}

/** Of the stages that the image stands on, the outermost base first; `chainOf` gives that of another stage. */
export function findMismatches(
  { stages }: Dockerfile,
  chain: readonly Stage[],
  chainOf: (stage: Stage) => readonly Stage[],
): readonly InterpreterMismatch[] {
  const [root] = chain;
  const found = interpreterOf(chain);
  if (root === undefined || found === null) return [];
  return chain.flatMap((stage) =>
    stage.instructions.flatMap((instruction) =>
      copiesOf(instruction, stage).flatMap(({ from, sources, line }) => {
        const source = from === null ? undefined : findStage(stages, from);
        const path = sources.find(isEnvironment);
        if (source === undefined || path === undefined) return [];
        const theirs = chainOf(source);
        const made = /python(3\.\d{1,2})(?!\d)/.exec(path)?.[1] ?? interpreterOf(theirs);
        if (made === null || made === found) return [];
        const madeLine = theirs[0]?.baseLine ?? source.baseLine;
        return [{ line, path, made, madeLine, found, foundLine: root.baseLine }];
      }),
    ),
  );
}

/** Where packages lie that belong to one interpreter; a copy of all of /usr/local brings its own. */
function isEnvironment(path: string): boolean {
  return /site-packages|dist-packages|venv|\/lib\/python3/.test(path);
}

/** The Python of a stage, null where it has none or nothing tells. */
function interpreterOf(chain: readonly Stage[]): string | null {
  const [root] = chain;
  if (root === undefined) return null;
  const base = readBaseImage(root.base);
  if (base.pythonIsNamed) return base.python;
  // Distroless images of this name hold the Python of their Debian.
  if (/distroless\/python3/.test(root.base)) return base.python;
  return pythonOf(root, chain, base).python;
}

// `apt-get install python3.11` says which one; otherwise it is the distribution's own, where one is installed at all.
export function pythonOf(
  stage: Stage,
  chain: readonly Stage[],
  base: BaseImage,
): Pick<BaseImage, 'python' | 'pythonIsNamed'> {
  const named = readBaseImage(stage.base);
  if (named.pythonIsNamed) return { python: named.python, pythonIsNamed: true };
  const commands = chain.flatMap(({ instructions }) =>
    instructions.filter(({ name }) => name === 'RUN').map(({ text }) => text),
  );
  for (const text of commands) {
    const version =
      /\b(?:apt(?:-get)?|apk|yum|dnf|microdnf|uv|conda|mamba)\b[^&;|]*?\bpython[=]?(3\.\d{1,2})\b/.exec(
        text,
      )?.[1] ?? /\buv\s+python\s+install\s+(3\.\d{1,2})/.exec(text)?.[1];
    if (version !== undefined) return { python: version, pythonIsNamed: true };
  }
  const installsOwn = commands.some(
    (text) => /\bpython3(?![.\d])/.test(text) || /\bpython3-pip\b/.test(text),
  );
  return { python: installsOwn ? base.python : null, pythonIsNamed: false };
}
