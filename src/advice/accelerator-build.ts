import type { Remedy } from '../remedies/remedy.ts';
import type { DistributionName, Finding } from '../types.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { changedNames, newLines, remedyFindings, replaceText } from './remedy-finding.ts';
import { countOf, listNames } from './wording.ts';

const torch = 'torch' as DistributionName;

/** The build for GPUs is installed, and nothing asks for one. */
export const acceleratorBuild: AdviceRule = {
  code: 'DW110',
  rule: 'accelerator-build',
  title: 'built for a GPU, where the build for the CPU would do',
  severity: 'info',
  evaluate: (context) =>
    remedyFindings(acceleratorBuild, context, (remedy) =>
      remedy.replacements.length === 0
        ? {
            message: `torch is the build for CUDA; the one for the CPU comes without ${countOf(remedy.leaves.length, 'package')} (${listNames(remedy.leaves, 3)}) and is lighter itself${need(remedy)}`,
            remedy: cpuIndex(context),
            packages: holdersOf(torch, context),
          }
        : {
            message: `${listNames(changedNames(remedy))} can be ${listNames(newLines(remedy))}, with the same imports: ${remedy.condition}${need(remedy)}`,
            remedy: { kind: 'replace', text: replaceText(remedy, context) },
          },
    ),
};

function need({ against }: Remedy): string {
  return against.length === 0
    ? '; nothing here asks for a GPU'
    : '; for you where nothing runs on a GPU';
}

/** Declared names that bring it, itself included. */
function holdersOf(
  name: DistributionName,
  { graph, held }: AdviceContext,
): readonly DistributionName[] {
  const roots = graph.roots.filter((root) => root.name === name || held([root]).names.has(name));
  const own = roots.filter((root) => root.name === name);
  return [...new Set((own.length > 0 ? own : roots).map((root) => root.name))].toSorted();
}

/** PyTorch's build for the CPU is on an index of its own: how each tool is told. A transitive torch has to be declared for it. */
function cpuIndex({ graph }: AdviceContext): NonNullable<Finding['remedy']> {
  const isDirect = graph.roots.some(({ name }) => name === torch);
  const version = graph.distributions.find(({ name }) => name === torch)?.version ?? '';
  // A local version says which build it is: `2.4.1+cu121`.
  const pin = `${version.replace(/\+.*$/, '')}+cpu`;
  const declare = isDirect ? '' : 'declare torch, then ';
  return {
    kind: 'index',
    text: `${declare}take it from the index of PyTorch for the CPU (its address is under "Get started" on pytorch.org): pip: \`--extra-index-url ADDRESS\` and torch==${pin}, before anything else brings torch; uv: \`uv pip install --torch-backend=cpu\`, or an index with \`explicit = true\` and \`[tool.uv.sources] torch = {index = "NAME"}\`; poetry: a source with \`priority = "explicit"\` and \`source = "NAME"\` on torch`,
  };
}
