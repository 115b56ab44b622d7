import { mainSetOf } from '../inputs/related-files.ts';
import type { ImageFacts } from '../image/image-facts.ts';
import type { DistributionName, Finding, ParsedInput } from '../types.ts';
import { savingWithout } from '../weigh/attribution.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { imageFinding, placed } from './image-finding.ts';
import { listNames, locationsOf } from './wording.ts';

/** What one command leaves out of the image, a later one that installs the project itself brings in again. */
export const comesBack: AdviceRule = {
  code: 'DW120',
  rule: 'comes-back',
  title: 'left out of the requirements file of an image, and installed by a later command',
  severity: 'info',
  evaluate: (context) => {
    const { image } = context;
    if (image === null || !image.isWeighed) return [];
    return image.steps.flatMap((_, at) => findingAt(context, image, at) ?? []);
  },
};

const manifests: ReadonlySet<string> = new Set(['pyproject', 'setup-py', 'setup-cfg']);

function findingAt(context: AdviceContext, facts: ImageFacts, at: number): Finding | null {
  const { steps, inputs } = facts;
  const { path } = facts.image;
  const inputAt = (index: number): ParsedInput | undefined =>
    inputs.find((input) => input.path === steps[index]?.path);
  const manifest = inputAt(at);
  const step = steps[at];
  if (step === undefined || manifest === undefined || !manifests.has(manifest.kind)) return null;
  if (!step.withMain) return null;
  const earlier = steps.slice(0, at).flatMap((_, index) => inputAt(index) ?? []);
  const file = earlier.find(({ kind }) => kind === 'requirements-txt');
  if (file === undefined) return null;
  const there = new Set(earlier.flatMap(namesOf));
  const roots = new Set(context.graph.roots.map(({ name }) => name));
  const installedFiles = new Set(steps.map((one) => one.path));
  const leftOut = new Set(
    inputs
      .filter(({ kind, path: other }) => kind === 'requirements-txt' && !installedFiles.has(other))
      .flatMap(namesOf),
  );
  const unused = new Set(
    context.usages
      .filter(({ verdict, confidence }) => verdict === 'unused' && confidence !== 'possible')
      .map(({ name }) => name),
  );
  const names = namesOf(manifest).filter(
    (name) =>
      roots.has(name) &&
      !there.has(name) &&
      (isReduced(file) || leftOut.has(name) || unused.has(name)),
  );
  if (names.length === 0) return null;
  const saving = savingWithout(context.graph, context.held, new Set(names));
  const fileStep = steps.find((one) => one.path === file.path)?.line ?? step.line;
  const them = names.length === 1 ? 'it' : 'them';
  return imageFinding(comesBack, path, {
    packages: names.toSorted(),
    leaves: saving.leaves,
    confidence: 'certain',
    message: `the project itself is installed here, which brings in ${listNames(names.toSorted())}: ${file.path} (line ${fileStep}) leaves ${them} out, ${manifest.path} still declares ${them}`,
    lines: [step],
    evidence: locationsOf(context.declared, names)
      .filter((place) => place.path === manifest.path)
      .map((place) => placed(place.path, place.line, 'declared here')),
    savedInstalledBytes: saving.installedBytes,
    savedDownloadBytes: saving.downloadBytes,
    remedy: {
      kind: 'remove',
      text: `take ${them} out of ${manifest.path}, or install the project with --no-deps`,
    },
  });
}

function namesOf(input: ParsedInput): readonly DistributionName[] {
  return [...new Set(mainSetOf(input).map(({ requirement }) => requirement.name))];
}

/** A file that says by its name, or by who wrote it, that something was taken out. */
function isReduced({ path, writtenByDepweight }: ParsedInput): boolean {
  return (
    writtenByDepweight === true ||
    /(?:^|[-_./])(?:slim|min|minimal|light|lite|prod|production)(?:[-_.]|$)/i.test(path)
  );
}
