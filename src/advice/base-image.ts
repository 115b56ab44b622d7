import { findBaseImage, findMuslBase } from '../image/base-images.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding, placed } from './image-finding.ts';
import { countOf, listNames } from './wording.ts';

/** What the base of the image weighs, and what musl would save and cost in its place. */
export const baseImage: AdviceRule = {
  code: 'DW132',
  rule: 'base-image',
  title: 'what the base of an image weighs compressed, and what musl would save and cost',
  severity: 'info',
  evaluate: ({ image, target }) => {
    if (image === null) return [];
    const { path, baseName, baseLine } = image.image;
    const row = findBaseImage(baseName, target.arch);
    if (row === null) return [];
    const evidence = [
      placed(path, baseLine, `${baseName}: ${row.compressedBytes} bytes compressed, ${row.date}`),
    ];
    const musl = findMuslBase(row);
    const lacking = image.withoutMusl;
    const plain = { lines: [baseLine], evidence, confidence: 'certain' as const };
    if (musl === null || lacking === null || target.libc !== 'glibc') {
      const message = `the base is ${baseName}, which is in no other figure`;
      return [imageFinding(baseImage, path, { ...plain, message, savedInstalledBytes: null })];
    }
    const cost =
      lacking.length === 0
        ? 'and every package here has a wheel for musl'
        : `but ${countOf(lacking.length, 'package')} here ${lacking.length === 1 ? 'has' : 'have'} no wheel for musl and would be built, with a compiler and headers: ${listNames(lacking)}`;
    return [
      imageFinding(baseImage, path, {
        ...plain,
        message: `${musl.name}:${musl.tags[0] ?? ''} is the smaller base to download, ${cost}`,
        savedInstalledBytes: null,
        savedDownloadBytes: row.compressedBytes - musl.compressedBytes,
      }),
    ];
  },
};
