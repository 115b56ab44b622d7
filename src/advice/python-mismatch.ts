import type { AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';

/** Packages that were installed for one Python and are copied to another: compiled modules do not load, paths differ. */
export const pythonMismatch: AdviceRule = {
  code: 'DW131',
  rule: 'python-mismatch',
  title: 'an environment that is copied to an image with another Python',
  severity: 'info',
  evaluate: ({ image }) => {
    if (image === null) return [];
    const { path, mismatches } = image.image;
    return mismatches.map((one) =>
      imageFinding(pythonMismatch, path, {
        confidence: 'certain',
        message: `${one.path} was made with Python ${one.made} (line ${one.madeLine}), and the image has Python ${one.found} (line ${one.foundLine}): compiled modules do not load there`,
        lines: [one.line, one.madeLine, one.foundLine],
        savedInstalledBytes: 0,
        savedDownloadBytes: 0,
        remedy: {
          kind: 'replace',
          text: `build with Python ${one.found}, or choose a base with Python ${one.made}`,
        },
      }),
    );
  },
};
