/** What of the build context and of other stages comes into an image: COPY, ADD, and mounts that are bound for one RUN. */
import { joinPath } from '../inputs/file-access.ts';
import { substitute, type Instruction, type Stage } from './dockerfile.ts';

/** A copy from the build context or from another stage. */
export interface CopiedPath {
  readonly from: string | null;
  readonly sources: readonly string[];
  /** As written. */
  readonly target: string;
  /** The target in the image, from its root. */
  readonly into: string;
  readonly line: number;
}

/** What an instruction copies, run in a folder of the image; empty for one that copies nothing. */
export function copiesOf(
  instruction: Instruction,
  stage: Stage,
  folder = '/',
): readonly CopiedPath[] {
  if (instruction.name !== 'COPY' && instruction.name !== 'ADD') return [];
  const text = substitute(instruction.text, stage.variables).trim();
  const words = text
    .replace(/["[\],]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length) ?? null;
  const paths = words.filter((word) => !word.startsWith('--') && !word.startsWith('<<'));
  const target = paths.at(-1) ?? '';
  const sources = paths.slice(0, -1);
  return [{ from, sources, target, into: joinPath(folder, target), line: instruction.line }];
}

/** `RUN --mount=type=bind,source=a,target=b`: there while the command runs, and in no layer. */
export function bindingsOf(
  { name, text, line }: Instruction,
  stage: Stage,
  folder = '/',
): readonly CopiedPath[] {
  if (name !== 'RUN') return [];
  return mountsIn(substitute(text, stage.variables)).flatMap((mount) => {
    const target = targetOf(mount);
    if ((mount.get('type') ?? 'bind') !== 'bind' || target === undefined) return [];
    const source = mount.get('source') ?? mount.get('src') ?? '.';
    const from = mount.get('from') ?? null;
    return [{ from, sources: [source], target, into: joinPath(folder, target), line }];
  });
}

/** Targets of all mounts of a RUN: what lies there is in no layer. */
export function mountTargets({ text }: Instruction, { variables }: Stage): readonly string[] {
  return mountsIn(substitute(text, variables)).flatMap((mount) => targetOf(mount) ?? []);
}

function targetOf(mount: ReadonlyMap<string, string>): string | undefined {
  return mount.get('target') ?? mount.get('dst') ?? mount.get('destination');
}

function mountsIn(text: string): readonly ReadonlyMap<string, string>[] {
  const options = /^(?:\s*--\w+(?:=\S+)?)*/.exec(text)?.[0] ?? '';
  return [...options.matchAll(/--mount=(\S+)/g)].map(
    ([, mount = '']) =>
      new Map(
        mount.split(',').map((pair): [string, string] => {
          const [key = '', ...value] = pair.split('=');
          return [key, value.join('=')];
        }),
      ),
  );
}
