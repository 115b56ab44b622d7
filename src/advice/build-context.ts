import type { ContextPart, CopiedContext } from '../image/build-context.ts';
import type { Finding, FindingPart } from '../types.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding, placed } from './image-finding.ts';
import { listNames } from './wording.ts';

const leastBytes = 1_000_000;
/** What the code names is told where it is worth a look all the same. */
const leastKeptBytes = 10_000_000;

/** A copy of a whole folder that takes in what the product does not need. */
export const buildContext: AdviceRule = {
  code: 'DW130',
  rule: 'build-context',
  title: 'files of the repository that are copied into an image without need',
  severity: 'info',
  evaluate: ({ image }) => {
    if (image === null) return [];
    const { path } = image.image;
    return image.contexts.flatMap((context) => {
      const leaving = context.parts.filter(({ need }) => need !== 'kept');
      const kept = context.parts.filter(({ need }) => need === 'kept');
      const bytes = sumOf(leaving);
      if (bytes < leastBytes) return sumOf(kept) < leastKeptBytes ? [] : [ofKept(context, path)];
      return [ofLeaving(context, leaving, path)];
    });
  },
};

function sumOf(parts: readonly ContextPart[]): number {
  return parts.reduce((sum, { bytes }) => sum + bytes, 0);
}

function ofLeaving(context: CopiedContext, leaving: readonly ContextPart[], path: string): Finding {
  const { line, isPartial, ignoreFile, ignorePath, ignoreLines } = context;
  const namesOf = (need: ContextPart['need']): readonly string[] =>
    leaving.filter((part) => part.need === need).map((part) => part.path);
  const [needless, unnamed] = [namesOf('needless'), namesOf('unnamed')];
  const what = [
    ...(needless.length > 0 ? [`what the product does not need: ${listNames(needless, 3)}`] : []),
    ...(unnamed.length > 0
      ? [`what no code or setting in the image names: ${listNames(unnamed, 3)}`]
      : []),
  ];
  const unsure = unnamed.length > 0 ? ', as far as nothing reads it by another name' : '';
  return imageFinding(buildContext, path, {
    confidence: unnamed.length > 0 ? 'possible' : 'likely',
    message: `this COPY takes in ${what.join('; and ')}${isPartial ? '; maybe more' : ''}; ${sayRules(context)}`,
    lines: [line],
    evidence: ignoreFile === null ? [] : [placed(ignoreFile, 1, 'what is left out')],
    savedInstalledBytes: sumOf(leaving),
    savedDownloadBytes: null,
    parts: toParts(context.parts),
    remedy: {
      kind: 'add',
      text: `copy the folders that the product needs, or add to ${ignorePath}${unsure}:`,
      snippet: { path: ignorePath, lines: ignoreLines },
    },
  });
}

/** Nothing to leave out, but heavy: who builds the image shall know it. */
function ofKept(context: CopiedContext, path: string): Finding {
  return imageFinding(buildContext, path, {
    message: 'these come into the image with this COPY; something there names them',
    lines: [context.line],
    parts: toParts(context.parts.filter(({ need }) => need === 'kept')),
  });
}

function toParts(parts: readonly ContextPart[]): readonly FindingPart[] {
  return parts.map((part) => ({ path: part.path, bytes: part.bytes, kept: part.why }));
}

function sayRules({ ignoreFile }: CopiedContext): string {
  return ignoreFile === null ? 'there is no .dockerignore' : `${ignoreFile} does not leave it out`;
}
