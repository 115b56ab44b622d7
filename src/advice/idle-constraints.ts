import { isConstraining } from '../image/copied-constraints.ts';
import { fileNameOf } from '../inputs/file-access.ts';
import { mainSetOf } from '../inputs/related-files.ts';
import { specifierContains } from '../pep/specifier.ts';
import { parseVersion } from '../pep/version.ts';
import type { DeclaredRequirement, ParsedInput, WeighedGraph } from '../types.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding, placed } from './image-finding.ts';
import { listNames } from './wording.ts';

/** A file of constraints that is copied into an image where no command installs with it. */
export const idleConstraints: AdviceRule = {
  code: 'DW123',
  rule: 'idle-constraints',
  title: 'constraints that are copied into an image and used by no command',
  severity: 'info',
  evaluate: ({ image: facts, graph }) => {
    if (facts === null) return [];
    const { image, inputs } = facts;
    return facts.constraints
      .filter(({ input }) => !isConstraining(input.path, image, inputs))
      .map(({ input, line }) => {
        const broken = brokenIn(input, graph);
        const says = broken.map(({ text }) => text);
        const but = broken.length === 0 ? '' : `; it says ${listNames(says, 3)}`;
        const option = `-c ${fileNameOf(input.path)}`;
        return imageFinding(idleConstraints, image.path, {
          confidence: 'certain',
          message: `${input.path} is copied here, but no command installs with \`${option}\`, so that it holds nothing${but}`,
          lines: [line],
          evidence: broken.map(({ declared: { location, raw } }) =>
            placed(location.path, location.line, raw),
          ),
          savedInstalledBytes: 0,
          savedDownloadBytes: 0,
          remedy: {
            kind: 'replace',
            text: `add \`${option}\` to the commands that install, or delete the file`,
          },
        });
      });
  },
};

function brokenIn(
  input: ParsedInput,
  { distributions }: WeighedGraph,
): readonly { readonly declared: DeclaredRequirement; readonly text: string }[] {
  const versions = new Map(distributions.map(({ name, version }) => [name, version]));
  return [...mainSetOf(input), ...input.constraints].flatMap((declared) => {
    const { name, specifiers } = declared.requirement;
    const installed = versions.get(name);
    const version = parseVersion(installed ?? '');
    if (version === null || specifierContains(specifiers, version)) return [];
    return [{ declared, text: `${declared.raw} where ${installed ?? ''} is installed` }];
  });
}
