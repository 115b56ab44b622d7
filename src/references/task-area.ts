/** What a task of a runner (a target of make, a recipe of just, a script of package.json) is for, by its name. */

import type { SourceArea } from '../types.ts';
import type { CommandText } from './named.ts';

const AREA_WORDS: readonly (readonly [RegExp, SourceArea])[] = [
  [/^(?:tests?|testing|unittests?|pytest|tox|nox|cov|coverage|e2e|doctests?)$/, 'test'],
  [/^(?:docs?|documentation|apidocs?|sphinx|mkdocs)$/, 'docs'],
  [/^(?:bench|benchmarks?|benchmarking)$/, 'benchmark'],
  [
    /^(?:lint|linting|linters?|fmt|format|formatting|style|checks?|typechecks?|types|typing|mypy|pyright|ruff|flake8|pylint|black|isort|precommit|ci)$/,
    'tool',
  ],
];

/** The area of a task, undefined for one that may well run the product: `serve`, `migrate`, `dev`. */
export function areaOfTask(name: string): SourceArea | undefined {
  const words = name
    .toLowerCase()
    .replace(/pre-commit/g, 'precommit')
    .split(/[^a-z0-9]+/);
  return AREA_WORDS.find(([word]) => words.some((one) => word.test(one)))?.[1];
}

/** Commands with the area of the task that they belong to; `taskAt` gives its name for a 1-based line. */
export function withTasks(
  commands: readonly CommandText[],
  taskAt: (line: number) => string | undefined,
): readonly CommandText[] {
  return commands.map((command) => {
    const task = taskAt(command.line);
    const area = task === undefined ? undefined : areaOfTask(task);
    return area === undefined ? command : { ...command, area };
  });
}
