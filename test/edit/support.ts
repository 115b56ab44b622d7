import { planSplits, type SplitProposal, type SplitRequest } from '../../src/edit/plan-splits.ts';
import { splitBlocks } from '../../src/edit/requirements-blocks.ts';
import type { DeclaredRequirement, SourceFile } from '../../src/types.ts';
import {
  declaration,
  linux,
  names,
  weighedGraph,
  type Invented,
} from '../support/weighed-graph.ts';

/** The requirements that stand in a file, read simply: these tests are about what is written. */
export function linesOf({ path, text }: SourceFile): DeclaredRequirement[] {
  return splitBlocks(text)
    .filter(({ kind, text: line }) => kind === 'item' && !line.trim().startsWith('-e'))
    .map(({ text: line, line: number }) => {
      const raw = line
        .replace(/\\(?:\r\n|\n)/g, ' ')
        .replace(/\s#.*/, '')
        .replace(/--hash.*/, '')
        .trim();
      return declaration(raw, number, path);
    });
}

/** What to make of a text. */
export interface Asked {
  readonly unused?: readonly string[];
  readonly developmentOnly?: readonly string[];
  readonly included?: Readonly<Record<string, string>>;
  readonly invented?: Readonly<Record<string, Invented>>;
  readonly path?: string;
  readonly more?: Partial<SplitRequest>;
}

/** A request for a requirements file. Distributions that are not invented weigh one byte and need nothing. */
export function requestOf(text: string, asked: Asked = {}): SplitRequest {
  const primary = { path: asked.path ?? 'requirements.txt', text };
  const included = Object.entries(asked.included ?? {}).map(([path, one]) => ({ path, text: one }));
  const lines = [primary, ...included].flatMap(linesOf);
  const plain = Object.fromEntries(lines.map(({ requirement }) => [requirement.name, {}]));
  return {
    primary,
    style: 'requirements-file',
    included,
    lines,
    compiledFor: null,
    development: null,
    unused: new Set(names(...(asked.unused ?? []))),
    developmentOnly: new Set(names(...(asked.developmentOnly ?? []))),
    graph: weighedGraph(
      lines.map(({ raw }) => raw),
      { ...plain, ...asked.invented },
    ),
    developmentGraph: null,
    target: linux,
    slim: null,
    command: 'depweight split --write',
    ...asked.more,
  };
}

/** The proposals for a text by kind. */
export function split(
  text: string,
  asked: Asked = {},
): Partial<Record<SplitProposal['kind'], SplitProposal>> {
  return Object.fromEntries(planSplits(requestOf(text, asked)).map((one) => [one.kind, one]));
}

/** A proposed file without its header and the blank line after it. */
export function body(proposal: SplitProposal | undefined): string | undefined {
  return proposal?.content.replace(/^# Written by depweight[^\r\n]*(?:\r\n|\n){2}/, '');
}
