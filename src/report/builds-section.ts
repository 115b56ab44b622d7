import type { AcceleratorBuild, AcceleratorBuilds } from '../types.ts';
import { formatBytes, formatCount, formatSize } from './format.ts';
import type { View } from './headline.ts';
import { displayWidth, padEnd, padStart, wrap } from './text-width.ts';

const NAMES: Readonly<Record<AcceleratorBuild['build'], string>> = {
  cuda: 'CUDA',
  cpu: 'CPU',
  rocm: 'ROCm',
};
const TOOLS = ['pip', 'uv', 'poetry'] as const;
const SYSTEMS: Readonly<Record<string, string>> = {
  linux: 'Linux',
  macos: 'macOS',
  windows: 'Windows',
};

/** `Builds of torch 2.1.0`: each with what it weighs itself, what comes beside it, and how to take it. */
export function renderBuilds(builds: AcceleratorBuilds | undefined, view: View): readonly string[] {
  if (builds === undefined) return [];
  const { options, painter } = view;
  const rows = builds.builds.map((build) => ({ build, cells: cellsOf(build, view) }));
  const head = ['', 'itself', 'together', 'beside it'];
  const width = (at: number): number =>
    Math.max(
      displayWidth(head[at] ?? ''),
      ...rows.map(({ cells }) => displayWidth(cells[at] ?? '')),
    );
  const line = (cells: readonly string[]): string =>
    `  ${padEnd(cells[0] ?? '', width(0))}  ${padStart(cells[1] ?? '', width(1))}  ${padStart(cells[2] ?? '', width(2))}  ${cells[3] ?? ''}`.trimEnd();
  const offered = builds.builds.filter(
    ({ current, build }) => !current && (options.all || build === 'cpu'),
  );
  return [
    painter.bold(`Builds of ${builds.package} ${builds.version}`),
    painter.dim(line(head)),
    ...rows.map(({ cells }) => line(cells)),
    ...wrap(describeGaps(builds, view), options.width - 2)
      .filter((text) => text !== '')
      .map((text) => painter.dim(`  ${text}`)),
    ...offered.flatMap((build) => renderSnippets(build, view)),
  ];
}

/** The same in one line, for the audit: `CUDA 1.40 GB + 3.34 GB · CPU 0.65 GB · ROCm ?`; '' where nothing is known. */
export function noteBuilds(builds: AcceleratorBuilds | undefined, view: View): string {
  if (builds === undefined) return '';
  const parts = builds.builds.map(({ build, installedBytes, beside }) => {
    const more = beside.installedBytes ?? 0;
    const and = more > 0 ? ` + ${formatBytes(more, view.options.units)} beside it` : '';
    return `${NAMES[build]} ${formatSize(installedBytes, view.options.units)}${and}`;
  });
  return `builds: ${parts.join(' · ')}`;
}

function cellsOf(
  { build, version, current, installedBytes, beside }: AcceleratorBuild,
  { options }: View,
): readonly string[] {
  const [, own = build] = version.split('+', 2);
  const label = own === build ? '' : ` (${own})`;
  const together =
    installedBytes === null || beside.installedBytes === null
      ? null
      : installedBytes + beside.installedBytes;
  const packages =
    beside.packages === null
      ? '?'
      : beside.packages === 0
        ? 'nothing'
        : `${formatCount(beside.packages, 'package')}, ${formatSize(beside.installedBytes, options.units)}`;
  return [
    `${NAMES[build]}${label}`,
    formatSize(installedBytes, options.units),
    formatSize(together, options.units),
    `${packages}${current ? '  ← here' : ''}`,
  ];
}

/** Why some are `?`, and what is known instead. */
function describeGaps({ builds, elsewhere, tableDate }: AcceleratorBuilds, view: View): string {
  if (builds.every(({ installedBytes }) => installedBytes !== null)) return '';
  const places = elsewhere.map(
    ({ os, arch, installedBytes }) =>
      `${SYSTEMS[os] ?? os} ${arch} ${formatBytes(installedBytes, view.options.units)}`,
  );
  const version = elsewhere[0]?.version ?? '';
  const known =
    places.length === 0
      ? ''
      : ` CPU builds of ${version} elsewhere (${tableDate}): ${places.join(', ')}.`;
  return `What is ? is on an index of PyTorch that was not read here.${known}`;
}

function renderSnippets(build: AcceleratorBuild, view: View): readonly string[] {
  const { options, painter } = view;
  const isOpen = build.snippets.pip.some((line) => line.includes('ADDRESS'));
  const where = isOpen ? ' (ADDRESS: under "Get started" on pytorch.org)' : '';
  const title = `For the ${NAMES[build.build]} build${where}`;
  const column = 10;
  const room = options.width - column;
  const quick = build.build === 'cpu' ? ['or: uv pip install --torch-backend=cpu …'] : [];
  return [
    '',
    ...wrap(title, options.width).map((line) => painter.bold(line)),
    ...TOOLS.flatMap((tool) => {
      const lines = [...build.snippets[tool], ...(tool === 'uv' ? quick : [])];
      return lines
        .flatMap((line) => wrap(line, room))
        .map((line, index) => `  ${padEnd(index === 0 ? tool : '', column - 2)}${line}`);
    }),
  ];
}
