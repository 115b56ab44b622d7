import type { CopiedContext } from '../image/build-context.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding, placed } from './image-finding.ts';
import { listNames } from './wording.ts';

const leastBytes = 1_000_000;

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
      const { line, needless, isPartial, ignoreFile } = context;
      const bytes = needless.reduce((sum, part) => sum + part.bytes, 0);
      if (bytes < leastBytes) return [];
      const names = listNames(
        needless.map((part) => part.path),
        4,
      );
      return [
        imageFinding(buildContext, path, {
          confidence: 'likely',
          message: `this COPY takes in what the product does not need${isPartial ? ', and maybe more' : ''}: ${names}; ${sayRules(context)}`,
          lines: [line],
          evidence: ignoreFile === null ? [] : [placed(ignoreFile, 1, 'what is left out')],
          savedInstalledBytes: bytes,
          savedDownloadBytes: null,
          remedy: {
            kind: 'add',
            text: `leave ${needless.length === 1 ? 'it' : 'them'} out in .dockerignore, or copy the folders that the product needs`,
          },
        }),
      ];
    });
  },
};

function sayRules({ ignoreFile }: CopiedContext): string {
  return ignoreFile === null ? 'there is no .dockerignore' : `${ignoreFile} does not leave it out`;
}
