import {
  comparedBases,
  findBaseImage,
  findMuslBase,
  type BaseImageRow,
} from '../image/base-images.ts';
import type { ImageFacts } from '../image/image-facts.ts';
import { textsOf } from '../target/shell-pieces.ts';
import type { Finding, UsageEvidence } from '../types.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { imageFinding, placed } from './image-finding.ts';
import { sayBuild, sayMuslCost, sayRows, toolsFor } from './musl-wording.ts';
import { countOf, listNames } from './wording.ts';

/** What the base of the image weighs, and what musl would save and cost in its place. */
export const baseImage: AdviceRule = {
  code: 'DW132',
  rule: 'base-image',
  title: 'what the base of an image weighs compressed, and what musl would save and cost',
  severity: 'info',
  evaluate: (context) => {
    const { image, target } = context;
    if (image === null) return [];
    const { baseName, base } = image.image;
    const row = findBaseImage(baseName, target.arch);
    if (base.musl !== null) return [...ofBase(image, row), ...onMusl(context, image)];
    return image.musl === null ? ofBase(image, row) : [insteadOf(context, image, row)];
  },
};

/** What the base weighs, where nothing is to be said of another. */
function ofBase({ image }: ImageFacts, row: BaseImageRow | null): readonly Finding[] {
  if (row === null) return [];
  return [
    imageFinding(baseImage, image.path, {
      lines: [image.baseLine],
      evidence: [ofRow(image, row)],
      confidence: 'certain',
      message: `the base is ${image.baseName}, which is in no other figure`,
    }),
  ];
}

/** What musl would save in place of a base on glibc, and what it would cost. */
function insteadOf(
  { target, graph }: AdviceContext,
  { image, musl: cost }: ImageFacts,
  row: BaseImageRow | null,
): Finding {
  const musl = row === null ? null : findMuslBase(row);
  const compared = musl === null ? comparedBases(target.arch) : null;
  const lead =
    musl === null
      ? `an Alpine base (musl) may be smaller, by how much is not known for ${image.baseName.split('@', 1)[0] ?? ''}; on it`
      : `${musl.name}:${musl.tags[0] ?? ''} is smaller,`;
  const said = cost === null ? '' : sayMuslCost(cost, graph);
  return imageFinding(baseImage, image.path, {
    lines: [image.baseLine],
    evidence: [...(row === null ? [] : [ofRow(image, row)]), ...toCompare(image, compared)],
    confidence: 'certain',
    message: `${lead} ${musl === null ? said.replace(/^(?:and|but) /, '') : said}`,
    savedInstalledBytes: null,
    savedDownloadBytes:
      row === null || musl === null ? null : row.compressedBytes - musl.compressedBytes,
  });
}

/** What has to be built in an image that is on musl, and with what. */
function onMusl({ graph }: AdviceContext, { image, musl }: ImageFacts): readonly Finding[] {
  const lacking = musl?.lacking ?? [];
  if (lacking.length === 0) return [];
  const names = lacking.map(({ name }) => name);
  const built = lacking.filter(({ hasSource }) => hasSource);
  const declared = new Set<string>(graph.roots.map(({ name }) => name));
  const verb = names.length === 1 ? 'has' : 'have';
  const how =
    built.length === 0
      ? ' and nothing that it could be built from'
      : ` and ${names.length === 1 ? 'is' : 'are'} built${sayBuild(built)}`;
  return [
    imageFinding(baseImage, image.path, {
      packages: names.filter((name) => declared.has(name)).toSorted(),
      lines: [image.baseLine],
      confidence: 'certain',
      message: `on musl ${countOf(names.length, 'package')} ${verb} no wheel${how}: ${listNames(names)}${sayTools(image, toolsFor(built))}`,
    }),
  ];
}

const compilers =
  /^(?:gcc|g\+\+|clang|build-base|musl-dev|cargo|rust|gfortran|alpine-sdk)(?:[=<>~@].*)?$/;

/** `; no command installs a compiler`: the official images on Alpine hold none. */
function sayTools({ layers, baseName }: ImageFacts['image'], needed: readonly string[]): string {
  if (needed.length === 0) return '';
  const found = layers.flatMap(({ commands }) =>
    commands.flatMap(({ words, line, script }) => {
      const [name, ...rest] = textsOf(words);
      const isAdd = name === 'apk' && rest.includes('add');
      return isAdd && rest.some((word) => compilers.test(word))
        ? [script === null ? `line ${line}` : `${script.path}:${script.line}`]
        : [];
    }),
  );
  const [place] = found;
  if (place !== undefined) return `; ${place} installs a compiler for that`;
  const isOfficial = /^(?:docker\.io\/)?(?:library\/)?(?:python|alpine)(?::|@|$)/.test(baseName);
  return isOfficial ? '; no command installs a compiler, and the base has none' : '';
}

function ofRow(
  { path, baseLine, baseName }: ImageFacts['image'],
  row: BaseImageRow,
): UsageEvidence {
  return placed(
    path,
    baseLine,
    `${baseName}: ${row.compressedBytes} bytes compressed, ${row.date}`,
  );
}

/** Rows of another Python, for the order of magnitude; the report says their bytes. */
function toCompare(
  { path, baseLine }: ImageFacts['image'],
  compared: ReturnType<typeof comparedBases>,
): readonly UsageEvidence[] {
  return sayRows(compared).map((note) => placed(path, baseLine, note));
}
