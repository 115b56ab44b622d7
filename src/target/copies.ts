/** COPY and ADD of a Dockerfile. */
import { substitute, type Instruction, type Stage } from './dockerfile.ts';

/** A copy from the build context or from another stage. */
export interface CopiedPath {
  readonly from: string | null;
  readonly sources: readonly string[];
  readonly target: string;
  readonly line: number;
}

/** What an instruction copies; empty for one that copies nothing. */
export function copiesOf(instruction: Instruction, stage: Stage): readonly CopiedPath[] {
  if (instruction.name !== 'COPY' && instruction.name !== 'ADD') return [];
  const text = substitute(instruction.text, stage.variables).trim();
  const words = text
    .replace(/["[\],]/g, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
  const from = words.find((word) => word.startsWith('--from='))?.slice('--from='.length) ?? null;
  const paths = words.filter((word) => !word.startsWith('--') && !word.startsWith('<<'));
  return [
    { from, sources: paths.slice(0, -1), target: paths.at(-1) ?? '', line: instruction.line },
  ];
}
