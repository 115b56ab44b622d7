import { findDevelopmentInstalls, type DevelopmentInstall } from '../image/development-installs.ts';
import type { Finding, Verdict } from '../types.ts';
import { savingWithout } from '../weigh/attribution.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';
import { listNames } from './wording.ts';

/** What is for development by its own name, installed where the product runs. */
export const devInImage: AdviceRule = {
  code: 'DW128',
  rule: 'dev-in-image',
  title: 'requirements for development that the image of the product installs',
  severity: 'info',
  evaluate: (context) => {
    const { image } = context;
    if (image === null || !image.isWeighed) return [];
    return findDevelopmentInstalls(image).flatMap((install) =>
      ofInstall(context, image.image.path, install),
    );
  },
};

/** A file, extra or group, without what the product turns out to use of it. */
function ofInstall(
  { graph, held, usages }: AdviceContext,
  path: string,
  { at, what, names, remedy }: DevelopmentInstall,
): readonly Finding[] {
  const needed = new Set<string>(
    usages.filter(({ verdict }) => usedVerdicts.has(verdict)).map(({ name }) => name),
  );
  const installed = graph.roots.map(({ name }) => name).filter((name) => names.has(name));
  const dropped = installed.filter((name) => !needed.has(name));
  if (dropped.length === 0) return [];
  const kept = installed.filter((name) => needed.has(name)).toSorted();
  const saving = savingWithout(graph, held, new Set(dropped));
  const first =
    kept.length === 0
      ? ''
      : `; ${listNames(kept)}, which the product needs, ${kept.length === 1 ? 'has' : 'have'} to stand elsewhere`;
  return [
    imageFinding(devInImage, path, {
      packages: dropped.toSorted(),
      leaves: saving.leaves,
      message: `${what} is for development, and the image of the product installs it${first}`,
      lines: [at],
      savedInstalledBytes: saving.installedBytes,
      savedDownloadBytes: saving.downloadBytes,
      remedy: { kind: 'remove', text: remedy },
    }),
  ];
}

const usedVerdicts: ReadonlySet<Verdict> = new Set(['used', 'optional', 'type-only', 'indirect']);
