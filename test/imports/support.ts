/** Builders for the tests of this folder: trees in memory, scans and invented graphs. */
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { createProjectScans, withProduct } from '../../src/imports/project-scan.ts';
import { scanSources } from '../../src/imports/scan-project.ts';
import type { ScanProjectOptions } from '../../src/imports/scan-project.ts';
import type { SourceAccess } from '../../src/imports/source-access.ts';
import { toSourceAccess } from '../../src/imports/source-access.ts';
import { linux } from '../support/weighed-graph.ts';
import { findPrograms } from '../../src/entry-points/entry-points.ts';
import type { ProgramNeeds } from '../../src/entry-points/program-needs.ts';
import { findNeeds } from '../../src/entry-points/program-needs.ts';
import { hostedModules } from '../../src/usage/hosted-modules.ts';
import { settleBranches } from '../../src/usage/branches.ts';
import { gatherEvidence } from '../../src/usage/source-evidence.ts';
import type { UndeclaredImport } from '../../src/usage/undeclared.ts';
import { findUndeclaredImports } from '../../src/usage/undeclared.ts';
import { collectOverrules, findStaleOverrules } from '../../src/usage/overrules.ts';
import type { DeclaredForUsage, UsageInput } from '../../src/usage/usage-facts.ts';
import { openCourt } from '../../src/usage/usage-facts.ts';
import { indexModules } from '../../src/usage/module-owners.ts';
import { judgeUsage, questionsFor } from '../../src/usage/judge-usage.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import { normalizeName } from '../../src/pep/name.ts';
import type {
  ImportScan,
  Overrule,
  Role,
  Usage,
  WeighedDistribution,
  WheelSummary,
} from '../../src/types.ts';

type Tree = Readonly<Record<string, string | Uint8Array>>;

export function memoryAccess(files: Tree): SourceAccess {
  return toSourceAccess(createMemoryFiles(files));
}

export async function scanTree(files: Tree, options?: ScanProjectOptions): Promise<ImportScan> {
  return scanSources(memoryAccess(files), options);
}

/** What an invented distribution holds. `modules: null` is one whose wheel cannot be read. */
export interface Invented {
  readonly modules?: readonly string[] | null;
  readonly scripts?: readonly string[];
  readonly entryPoints?: Readonly<Record<string, readonly string[]>>;
  readonly needs?: readonly string[];
  /** Requirements of the metadata that are not active. */
  readonly mayNeed?: readonly string[];
  /** Installed, next to none of them Python; 1 by default. */
  readonly bytes?: number;
  /** Bytes of these that are Python after all. */
  readonly python?: number;
  /** A package of conda, by conda's name: its modules and needs are unknown. */
  readonly conda?: string;
}

const NO_COMPOSITION = {
  nativeLibraries: 0,
  python: 0,
  tests: 0,
  typeStubs: 0,
  headers: 0,
  sources: 0,
  staticLibraries: 0,
  sourceMaps: 0,
  docs: 0,
  data: 0,
  metadata: 0,
} as const;

export function invent(name: string, what: Invented = {}): WeighedDistribution {
  const isConda = what.conda !== undefined;
  const modules = isConda
    ? null
    : (what.modules ?? (what.modules === null ? null : [name.replaceAll('-', '_')]));
  const summary: WheelSummary = {
    downloadBytes: 1,
    installedBytes: what.bytes ?? 1,
    diskBytes: 1,
    bytecodeBytes: 0,
    fileCount: 1,
    composition: { ...NO_COMPOSITION, python: what.python ?? 0 },
    modules: modules ?? [],
    scripts: what.scripts ?? [],
    entryPoints: what.entryPoints ?? {},
    warnings: [],
  };
  return {
    name: normalizeName(name),
    version: '1.0',
    extras: [],
    file: null,
    unknownReason: isConda ? 'conda' : null,
    ...(what.conda === undefined ? {} : { conda: what.conda }),
    requires: [...(what.needs ?? []), ...(what.mayNeed ?? [])].map((text) =>
      parseRequirement(text),
    ),
    metadataFrom: null,
    dependencies: (what.needs ?? []).map((need) => ({ name: normalizeName(need), extras: [] })),
    weight:
      modules === null
        ? { known: false, reason: isConda ? 'conda' : 'sdist-only' }
        : { known: true, value: summary, from: 'central-directory' },
  };
}

/** Declares requirements in the lines of requirements.txt; `dev: x` and `extra: x` give another role. */
export function declare(lines: readonly string[]): readonly DeclaredForUsage[] {
  return lines.map((text, index) => {
    const match =
      /^(?:(dev|test|extra|build|constraints)(?:\[(\w+)\])?: )?(.*?)(?:  # keep ?(.*))?$/.exec(
        text,
      );
    const raw = match?.[3] ?? text;
    return {
      role: roleOf(match?.[1]),
      extra: match?.[2] ?? null,
      declared: {
        requirement: parseRequirement(raw),
        raw,
        location: { path: 'requirements.txt', line: index + 1, column: 1 },
        source: 'index',
        editable: false,
        hashes: [],
        index: null,
        keep: match?.[4] ?? null,
      },
    };
  });
}

function roleOf(word: string | undefined): Role {
  switch (word) {
    case 'dev':
    case 'test':
    case 'extra':
    case 'build':
    case 'constraints':
      return word;
    default:
      return 'prod';
  }
}

export interface Scene {
  readonly files: Tree;
  readonly declared: readonly string[];
  readonly graph: Readonly<Record<string, Invented>>;
  readonly python?: string;
  readonly otherModules?: UsageInput['otherModules'];
  /** Of the configuration. */
  readonly overrules?: readonly Overrule[];
  /** Other projects of the repository, by their folders, with what they declare; judged is the one in `project`. */
  readonly others?: Readonly<Record<string, readonly string[]>>;
  readonly project?: string;
  /** What the projects above declare. */
  readonly above?: readonly string[];
  /** Names of links that point at nothing. */
  readonly lost?: readonly string[];
}

/** What a scene comes to. */
export interface SceneJudgement {
  readonly usages: readonly Usage[];
  readonly undeclared: readonly UndeclaredImport[];
  readonly staleOverrules: readonly string[];
  /** What each program does without, and needs. */
  readonly needs: readonly ProgramNeeds[];
}

/** Judges a whole invented project as the pipeline does: by imports, then with evidence for what is left. */
export async function judgeScene(scene: Scene): Promise<SceneJudgement> {
  const access = memoryAccess(scene.files);
  const { project = '.', others = {} } = scene;
  const projects = [project, ...Object.keys(others)];
  const whole = createProjectScans(await scanSources(access, { projects }), projects)(project);
  const scan = withProduct({
    ...whole,
    firstPartyModules: [...whole.firstPartyModules, ...(scene.lost ?? [])],
  });
  const declared = declare(scene.declared);
  const input: UsageInput = {
    declared,
    declaredAbove: new Set((scene.above ?? []).map(normalizeName)),
    declaredBelow: new Map(
      Object.entries(others).map(([folder, names]) => [folder, new Set(names.map(normalizeName))]),
    ),
    overrules: collectOverrules(declared, scene.overrules ?? []),
    graph: {
      roots: [],
      distributions: Object.entries(scene.graph).map(([name, what]) => invent(name, what)),
      warnings: [],
    },
    scan,
    hosted: hostedModules(scan, access),
    python: scene.python ?? '3.12',
    ...(scene.otherModules === undefined ? {} : { otherModules: scene.otherModules }),
  };
  const judged = { ...input, evidence: gatherEvidence(access, scan, questionsFor(input)) };
  const beside = { project: '.', isFirst: true, declared: new Set<never>() };
  const { signs, modules } = openCourt(judged);
  const usages = judgeUsage(judged);
  const index = indexModules([...modules.values()]);
  const { python } = input;
  return {
    usages,
    needs: findNeeds({ programs: findPrograms(scan), scan, index, usages, signs, python }),
    undeclared: settleBranches(findUndeclaredImports(judged), access, {
      ...linux.markers,
      python_version: input.python,
      python_full_version: `${input.python}.0`,
    }),
    staleOverrules: findStaleOverrules(judged, beside).map(({ message }) => message),
  };
}

/** `missing yaml app.py:1` for each module that nobody declares, with who brings it and what the import hangs on. */
export async function undeclaredIn(scene: Scene): Promise<readonly string[]> {
  const { undeclared } = await judgeScene(scene);
  return undeclared.map(({ kind, module, guarded, conditional, distributions, uses }) =>
    [
      kind,
      module,
      ...distributions,
      ...(guarded ? ['guarded'] : []),
      ...(conditional === true ? ['conditional'] : []),
      `${uses[0]?.path}:${uses[0]?.line}`,
    ].join(' '),
  );
}

/** `unused certain` by name. */
export async function verdicts(scene: Scene): Promise<Readonly<Record<string, string>>> {
  const { usages } = await judgeScene(scene);
  return Object.fromEntries(
    usages.map(({ name, verdict, confidence }) => [name, `${verdict} ${confidence}`]),
  );
}

/** `app.py:3 import x` for each place that the verdict on a name rests on. */
export async function evidenceOf(scene: Scene, name: string): Promise<readonly string[]> {
  const { usages } = await judgeScene(scene);
  return (
    usages
      .find((usage) => usage.name === name)
      ?.evidence.map(({ path, line, note }) => `${path}:${line} ${note}`) ?? []
  );
}
