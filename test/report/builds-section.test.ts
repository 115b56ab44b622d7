import { describe, expect, test } from 'vitest';
import type { RenderOptions } from '../../src/report/report.ts';
import { report as audit } from '../../src/report/terminal.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import { report as why } from '../../src/report/why.ts';
import { explainPackage } from '../../src/commands/explain-package.ts';
import type { AcceleratorBuild, AcceleratorBuilds } from '../../src/types.ts';
import { createFinding } from './documents.ts';
import { createTrackmaster } from './trackmaster.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};

function build(given: Partial<AcceleratorBuild>): AcceleratorBuild {
  return {
    build: 'cpu',
    version: '2.1.0+cpu',
    current: false,
    installedBytes: null,
    downloadBytes: null,
    beside: { packages: 0, installedBytes: 0, downloadBytes: 0 },
    snippets: {
      pip: ['--extra-index-url ADDRESS', 'torch==2.1.0+cpu'],
      uv: ['[[tool.uv.index]]', 'name = "pytorch-cpu"'],
      poetry: ['poetry source add --priority=explicit pytorch-cpu ADDRESS'],
    },
    ...given,
  };
}

const cuda = build({
  build: 'cuda',
  version: '2.1.0',
  current: true,
  installedBytes: 1_400_000_000,
  beside: { packages: 13, installedBytes: 3_340_000_000, downloadBytes: 2e9 },
});
const rocm = build({
  build: 'rocm',
  version: '2.1.0',
  beside: { packages: null, installedBytes: null, downloadBytes: null },
});
const open: AcceleratorBuilds = {
  package: 'torch',
  version: '2.1.0',
  builds: [cuda, build({}), rocm],
  elsewhere: [
    { os: 'linux', arch: 'aarch64', version: '2.1.0', installedBytes: 330e6, downloadBytes: 84e6 },
  ],
  tableDate: '2026-11-21',
};
const finding = createFinding({
  rule: 'accelerator-build',
  packages: ['torch'],
  message: 'torch is the build for CUDA',
  locations: [{ path: 'requirements.txt', line: 12, column: 1 }],
  savedInstalledBytes: 3_340_000_000,
  remedy: { kind: 'index', text: 'take it from the index of PyTorch for the CPU' },
});

function whyOf(accelerators: AcceleratorBuilds, options: Partial<RenderOptions> = {}): string {
  const document = { ...createTrackmaster(), findings: [finding], accelerators };
  const facts = explainPackage(document, 'torch');
  if (facts === null) throw new Error('torch is not there');
  return why.render({ ...document, command: 'why', ...facts }, { ...plain, ...options });
}

describe('why torch', () => {
  test('has the builds side by side, and how each tool is told of the one for the CPU', () => {
    const text = whyOf(open);
    expect(text).toContain('If you do need it   the build for the CPU, see below');
    expect(text.slice(text.indexOf('Builds of'))).toMatchInlineSnapshot(`
      "Builds of torch 2.1.0
               itself  together  beside it
        CUDA  1.40 GB   4.74 GB  13 packages, 3.34 GB  ← here
        CPU         ?         ?  nothing
        ROCm        ?         ?  ?
        What is ? is on an index of PyTorch that was not read here. CPU builds of
        2.1.0 elsewhere (2026-11-21): Linux aarch64 330 MB.

      For the CPU build (ADDRESS: under "Get started" on pytorch.org)
        pip     --extra-index-url ADDRESS
                torch==2.1.0+cpu
        uv      [[tool.uv.index]]
                name = "pytorch-cpu"
                or: uv pip install --torch-backend=cpu …
        poetry  poetry source add --priority=explicit pytorch-cpu ADDRESS
      "
    `);
  });

  test('has no excuse where all is measured, and no label that the name has said', () => {
    const measured = {
      ...open,
      builds: [
        cuda,
        build({ installedBytes: 650e6 }),
        build({ build: 'rocm', version: '2.1.0+rocm5.6', installedBytes: 2.1e9 }),
      ],
      elsewhere: [],
    };
    const text = whyOf(measured);
    expect(text).toMatch(/ {2}CPU +650 MB +650 MB {2}nothing\n/);
    expect(text).toMatch(/ {2}ROCm \(rocm5\.6\) +2\.10 GB/);
    expect(text).not.toContain('What is ?');
  });

  test('--all has the snippets of every other build', () => {
    expect(whyOf(open)).not.toContain('For the ROCm build');
    expect(whyOf(open, { all: true })).toContain('For the ROCm build');
  });

  test.each([60, 80, 100])('keeps within %d columns', (width) => {
    const lines = whyOf(open, { width, all: true }).split('\n');
    expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width);
  });
});

describe('the audit', () => {
  test('has them in a line below the finding', () => {
    const document = { ...createTrackmaster(), findings: [finding], accelerators: open };
    expect(audit.render(document, plain)).toContain(
      '    builds: CUDA 1.40 GB + 3.34 GB beside it · CPU ? · ROCm ?; how to take\n    one: depweight why torch\n',
    );
  });
});
