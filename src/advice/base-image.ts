import { findBaseImage, findMuslBase } from '../image/base-images.ts';
import type { MuslLack } from '../image/musl-wheels.ts';
import type { WeighedGraph } from '../types.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding, placed } from './image-finding.ts';
import { countOf, listNames } from './wording.ts';

/** What the base of the image weighs, and what musl would save and cost in its place. */
export const baseImage: AdviceRule = {
  code: 'DW132',
  rule: 'base-image',
  title: 'what the base of an image weighs compressed, and what musl would save and cost',
  severity: 'info',
  evaluate: ({ image, target, graph }) => {
    if (image === null) return [];
    const { path, baseName, baseLine } = image.image;
    const row = findBaseImage(baseName, target.arch);
    const musl = row === null ? null : findMuslBase(row);
    const { withoutMusl } = image;
    if (row === null && (withoutMusl === null || image.image.base.musl !== null)) return [];
    const evidence =
      row === null
        ? []
        : [
            placed(
              path,
              baseLine,
              `${baseName}: ${row.compressedBytes} bytes compressed, ${row.date}`,
            ),
          ];
    return [
      imageFinding(baseImage, path, {
        lines: [baseLine],
        evidence,
        confidence: 'certain',
        message:
          withoutMusl === null
            ? `the base is ${baseName}, which is in no other figure`
            : `${musl === null ? 'an Alpine base (musl)' : `${musl.name}:${musl.tags[0] ?? ''}`} is smaller, ${sayCost(withoutMusl, graph)}`,
        savedInstalledBytes: null,
        savedDownloadBytes:
          row === null || musl === null || withoutMusl === null
            ? null
            : row.compressedBytes - musl.compressedBytes,
      }),
    ];
  },
};

function sayCost(lacking: readonly MuslLack[], { distributions }: WeighedGraph): string {
  if (lacking.length === 0) {
    const isWhole = distributions.every(({ file }) => file?.kind === 'wheel');
    return `and every package ${isWhole ? 'here has a wheel' : 'that has a wheel here has one'} for it`;
  }
  const [built, others] = [true, false].map((is) =>
    lacking.filter(({ hasSource }) => hasSource === is).map(({ name }) => name),
  );
  const parts = [
    ...sayLack(built ?? [], 'no wheel for it and would be built, with a compiler and headers'),
    ...sayLack(others ?? [], 'nothing for it at all'),
  ];
  return `but ${parts.join('; ')}`;
}

function sayLack(names: readonly string[], what: string): readonly string[] {
  if (names.length === 0) return [];
  const verb = names.length === 1 ? 'has' : 'have';
  return [`${countOf(names.length, 'package')} here ${verb} ${what}: ${listNames(names)}`];
}
