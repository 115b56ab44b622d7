import { findLateDeletions, type LateDeletion } from '../image/deletions.ts';
import { sumOf, type ImageFacts } from '../image/image-facts.ts';
import { cachingInstalls, installedBy } from '../image/install-layers.ts';
import type { Bytes } from '../types.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { compilingInstalls } from './compiled-bytecode.ts';
import { imageFinding } from './image-finding.ts';

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
      const { line, writtenAt, command, kind } = deletion;
      return imageFinding(laterDeletion, image.image.path, {
        message: `\`${command}\` frees nothing: what line ${writtenAt} wrote stays in the layer of that line`,
        lines: [line, writtenAt],
        confidence: kind === 'packages' ? 'likely' : 'certain',
        savedInstalledBytes: bytesOf(context, image, deletion),
        savedDownloadBytes: null,
        remedy: {
          kind: 'move',
          text: `delete in the RUN that writes it (line ${writtenAt})${kind === 'copy' ? ', or mount in place of the COPY' : ''}`,
        },
      });
    });
  },
};

/** Null where it cannot be told from the names of what is deleted. */
function bytesOf(
  context: AdviceContext,
  facts: ImageFacts,
  { kind, parts, writtenAt }: LateDeletion,
): Bytes | null {
  const { graph } = context;
  if (kind === 'cache') {
    const layer = facts.image.layers.find(({ line }) => line === writtenAt);
    const lines = new Set((layer?.installs ?? []).map(({ line }) => line));
    return sumOf(graph, installedBy(facts, context, lines), 'downloadBytes') || null;
  }
  if (kind !== 'packages' || parts.length === 0) return null;
  const isCompiled = compilingInstalls(facts).length > 0;
  let bytes = 0;
  for (const { weight } of graph.distributions) {
    if (!weight.known) continue;
    for (const part of parts) {
      if (part !== 'bytecode') bytes += weight.value.composition[part];
      else if (isCompiled) bytes += weight.value.bytecodeBytes;
    }
  }
  return bytes === 0 ? null : bytes;
}
