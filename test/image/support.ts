/** Audits of images in memory, and their findings. */
import { auditFiles, serveFor } from '../support/audit-files.ts';
import type { UniverseDistribution } from '../support/index-server.ts';
import type { AuditDocument, Finding, RuleName } from '../../src/types.ts';

/** A release with one pure module of some bytes. */
export function release(
  name: string,
  version: string,
  bytes = 100,
  requiresDist: readonly string[] = [],
): UniverseDistribution {
  const module = name.replaceAll('-', '_');
  const contents = { [`${module}.py`]: `# ${'x'.repeat(bytes - 2)}` };
  return { name, version, requiresDist, files: [{ contents }] };
}

/** The document of an audit of a folder with a Dockerfile. */
export async function auditImage(
  dockerfile: string,
  files: Readonly<Record<string, string>>,
  distributions: readonly UniverseDistribution[],
): Promise<AuditDocument> {
  const all = { Dockerfile: dockerfile, 'app.py': 'import app\n', ...files };
  return auditFiles(all, await serveFor(distributions));
}

/** The findings of one rule. */
export function findingsOf(document: AuditDocument, rule: RuleName): readonly Finding[] {
  return document.findings.filter((finding) => finding.rule === rule);
}

/** Installed bytes of packages of a universe, as an audit of them alone tells. */
export async function weightOf(
  names: readonly string[],
  distributions: readonly UniverseDistribution[],
): Promise<number> {
  const files = { 'requirements.txt': names.map((name) => `${name}\n`).join('') };
  const { totals } = await auditFiles(files, await serveFor(distributions));
  return totals.installedBytes;
}
