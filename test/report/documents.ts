import type { AuditDocument, DeclaredRow, Finding, PackageRow, Totals } from '../../src/types.ts';

/** One line per package: `name version installed download < who needs it`; `?` for an unknown size. */
export function parsePackages(text: string): readonly PackageRow[] {
  const rows = text
    .trim()
    .split('\n')
    .map((line) => {
      const [facts = '', holders = ''] = line.split(' < ');
      const [name = '', version = '', installed = '', download = ''] = facts.trim().split(' ');
      const size = (value: string): number | null => (value === '?' ? null : Number(value));
      return {
        name,
        version,
        installedBytes: size(installed),
        downloadBytes: size(download),
        requiredBy: holders.split(' ').filter((holder) => holder !== ''),
      };
    });
  return rows.map((row) => createPackage(row));
}

/** A package row; what is not given is what a plain wheel would have. */
export function createPackage(given: Partial<PackageRow> & { readonly name: string }): PackageRow {
  const { name, version = '1.0', installedBytes = 1_000_000 } = given;
  const known = installedBytes !== null;
  return {
    version,
    purl: `pkg:pypi/${name}@${version}`,
    direct: (given.requiredBy ?? []).length === 0,
    environments: ['prod'],
    extras: [],
    declaredAt: [],
    file: known
      ? { kind: 'wheel', filename: `${name}-${version}-py3-none-any.whl`, sha256: null }
      : null,
    downloadBytes: 100_000,
    diskBytes: installedBytes,
    exclusiveBytes: installedBytes,
    subtreeBytes: installedBytes,
    bytecodeBytes: known ? 1000 : null,
    from: known ? 'central-directory' : null,
    metadataFrom: 'metadata-file',
    unknownReason: known ? null : 'sdist-only',
    composition: known
      ? {
          nativeLibraries: 0,
          python: installedBytes,
          tests: 0,
          typeStubs: 0,
          headers: 0,
          sources: 0,
          staticLibraries: 0,
          sourceMaps: 0,
          docs: 0,
          data: 0,
          metadata: 0,
        }
      : null,
    requires: [],
    requiredBy: [],
    modules: [name.replaceAll('-', '_')],
    scripts: [],
    ...given,
    installedBytes,
    known,
  };
}

/** Names that stay reachable when these direct packages are asked for. */
function reach(packages: readonly PackageRow[], roots: readonly string[]): ReadonlySet<string> {
  const reached = new Set(roots);
  for (const name of reached) {
    for (const row of packages) if (row.requiredBy.includes(name)) reached.add(row.name);
  }
  return reached;
}

function sum(packages: readonly PackageRow[], names: ReadonlySet<string>): number {
  let bytes = 0;
  for (const row of packages) if (names.has(row.name)) bytes += row.installedBytes ?? 0;
  return bytes;
}

/** The rows with their exclusive and subtree bytes, given the declared names. */
export function attribute(
  packages: readonly PackageRow[],
  direct: readonly string[],
): readonly PackageRow[] {
  const all = sum(packages, reach(packages, direct));
  return packages.map((row) => {
    if (!row.known)
      return {
        ...row,
        direct: direct.includes(row.name),
        exclusiveBytes: null,
        subtreeBytes: null,
      };
    const others = reach(
      packages.filter((other) => other !== row),
      direct.filter((name) => name !== row.name),
    );
    const isHeld = row.requiredBy.length > 0 && direct.includes(row.name);
    return {
      ...row,
      direct: direct.includes(row.name),
      exclusiveBytes: isHeld ? 0 : all - sum(packages, others),
      subtreeBytes: sum(packages, reach(packages, [row.name])),
    };
  });
}

/** The totals of rows. */
export function totalsOf(packages: readonly PackageRow[]): Totals {
  const add = (pick: (row: PackageRow) => number | null): number => {
    let bytes = 0;
    for (const row of packages) bytes += pick(row) ?? 0;
    return bytes;
  };
  const unknown = packages.filter((row) => !row.known).length;
  return {
    packages: packages.length,
    downloadBytes: add((row) => row.downloadBytes),
    installedBytes: add((row) => row.installedBytes),
    diskBytes: add((row) => row.diskBytes),
    bytecodeBytes: add((row) => row.bytecodeBytes),
    unknown,
    lowerBound: unknown > 0,
  };
}

/** A whole document around packages and declarations. */
export function createDocument(given: Partial<AuditDocument> = {}): AuditDocument {
  const packages = given.packages ?? [];
  const totals = totalsOf(packages);
  return {
    schemaVersion: 1,
    tool: { name: 'depweight', version: '0.1.0' },
    command: 'audit',
    project: 'orchard',
    target: {
      python: '3.11',
      implementation: 'cp',
      os: 'linux',
      arch: 'x86_64',
      libc: 'glibc',
      platformTag: 'manylinux_2_28_x86_64',
      from: 'default',
    },
    inputs: [{ path: 'requirements.txt', kind: 'requirements-txt', role: 'prod', primary: true }],
    environments: [
      {
        id: 'prod',
        project: '.',
        inputs: ['requirements.txt'],
        totals,
        packages: packages.map((row) => `${row.name}==${row.version}`),
      },
    ],
    declared: [],
    totals,
    findings: [],
    splits: [],
    scannedFiles: 3,
    warnings: [],
    error: null,
    ...given,
    packages,
  };
}

/** A declaration with its verdict. */
export function createDeclared(
  given: Partial<DeclaredRow> & { readonly name: string },
): DeclaredRow {
  return {
    raw: given.name,
    path: 'requirements.txt',
    line: 1,
    column: 1,
    environment: 'prod',
    extras: [],
    marker: null,
    verdict: 'used',
    confidence: 'certain',
    evidence: [{ path: 'app/main.py', line: 1, note: `import ${given.name}` }],
    ...given,
  };
}

/** A finding that `unused` would make. */
export function createFinding(given: Partial<Finding> = {}): Finding {
  return {
    code: 'DW101',
    rule: 'unused',
    packages: [],
    leaves: [],
    severity: 'warning',
    confidence: 'certain',
    message: 'declared, never imported',
    locations: [],
    evidence: [],
    savedInstalledBytes: 0,
    savedDownloadBytes: 0,
    remedy: { kind: 'remove', text: 'remove the line' },
    ...given,
  };
}
