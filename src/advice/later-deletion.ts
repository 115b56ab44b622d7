import { findLateDeletions, type LateDeletion, type WrittenCommand } from '../image/deletions.ts';
import { sumOf, type ImageFacts } from '../image/image-facts.ts';
import { cachingInstalls, installedBy } from '../image/install-layers.ts';
import type { Bytes } from '../types.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { compilingInstalls } from './compiled-bytecode.ts';
import { imageFinding } from './image-finding.ts';
import { listNames } from './wording.ts';

/** Deleted in another layer than it was written in: the image gets no smaller. */
export const laterDeletion: AdviceRule = {
  code: 'DW124',
  rule: 'later-deletion',
  title: 'deleted in a later layer of an image, which frees nothing',
  severity: 'info',
  evaluate: (context) => {
    const { image } = context;
    if (image === null) return [];
    const caching = new Set(cachingInstalls(image).map(({ layer }) => layer.line));
    return findLateDeletions(image.image, caching).map((deletion) => {
      const { at, writers, command, kind } = deletion;
      const isOne = new Set(writers.map(({ line }) => line)).size === 1;
      return imageFinding(laterDeletion, image.image.path, {
        message: `\`${command}\` frees nothing: what ${listNames(writers.map(sayPlace), 3)} wrote stays in the ${isOne ? 'layer of that line' : 'layers of these lines'}`,
        lines: [at, ...writers],
        confidence: kind === 'packages' ? 'likely' : 'certain',
        savedInstalledBytes: bytesOf(context, image, deletion),
        savedDownloadBytes: null,
        remedy: {
          kind: 'move',
          text: `delete in the RUN that writes it (${listNames(sayLines(writers), 3)})${kind === 'copy' ? ', or mount in place of the COPY' : ''}`,
        },
      });
    });
  },
};

/** `line 3`; of a script its own place, and the line that runs it. */
function sayPlace({ line, script }: WrittenCommand): string {
  return script === null ? `line ${line}` : `${script.path}:${script.line} (line ${line})`;
}

function sayLines(writers: readonly WrittenCommand[]): readonly string[] {
  return [...new Set(writers.map(({ line }) => `line ${line}`))];
}

/** Null where it cannot be told from the names of what is deleted. */
function bytesOf(
  context: AdviceContext,
  facts: ImageFacts,
  { kind, parts, writers }: LateDeletion,
): Bytes | null {
  const { graph } = context;
  const installed = (lines: Iterable<number>): ReadonlySet<string> =>
    installedBy(facts, context, new Set(lines));
  const lines = writers.map(({ line }) => line);
  if (kind === 'cache') return sumOf(graph, installed(lines), 'downloadBytes') || null;
  if (kind !== 'packages' || parts.length === 0) return null;
  // Of an environment that is copied in, it is the commands of its stage that say what there is.
  const own = new Set(facts.image.installs.map(({ line }) => line));
  const isCopied = lines.some((line) => !own.has(line));
  const compiling = compilingInstalls(facts).map(({ line }) => line);
  const names = installed(isCopied ? own : lines);
  const compiled = installed(compiling.filter((line) => isCopied || lines.includes(line)));
  let bytes = 0;
  for (const { name, weight } of graph.distributions) {
    if (!weight.known) continue;
    for (const part of parts) {
      if (part === 'bytecode') bytes += compiled.has(name) ? weight.value.bytecodeBytes : 0;
      else if (names.has(name)) bytes += weight.value.composition[part];
    }
  }
  return bytes === 0 ? null : bytes;
}
