/**
 * What a build of a source archive would take from its setup.py and setup.cfg, where that can be said without running it.
 * `requires.txt` is what the machine of the one who released it gave; a clean build may give something else.
 */
import { formatRequirement } from '../pep/requirement.ts';
import { createBuildEnvironment } from '../setup-script/build-environment.ts';
import type { CombinedSet } from '../setup-script/combine.ts';
import type { SetupScript } from '../setup-script/setup-script.ts';
import { readSetupScript } from '../setup-script/setup-script.ts';
import type { Requirement } from '../types.ts';
import { joinSections, parseSetupConfiguration } from './egg-requires.ts';
import type { RequirementSection, SetupConfiguration, StaticRequirements } from './egg-requires.ts';

/** What is known of an archive when its setup.py is asked. */
export interface ScriptQuestion {
  /** Texts of the members that were kept, by path below the top folder. */
  readonly texts: ReadonlyMap<string, string>;
  /** Paths of all members. */
  readonly paths: ReadonlySet<string>;
  /** `build-system.requires` as written. */
  readonly buildRequires: readonly string[];
}

/** Requirements of a clean build, with its python_requires. */
export interface ScriptAnswer extends StaticRequirements {
  readonly requiresPython: string | null;
}

/** Extensions of setuptools that take requirements from somewhere else. */
const requirementPlugins: ReadonlySet<string> = new Set([
  'pbr',
  'd2to1',
  'setupmeta',
  'setuptools-declarative-requirements',
]);
/** Extensions that are known to leave requirements alone. */
const harmlessPlugins: ReadonlySet<string> = new Set([
  'setuptools',
  'wheel',
  'pytest-runner',
  'setuptools-scm',
  'setuptools-git',
  'cython',
  'numpy',
  'cffi',
  'nose',
  'pytest',
  'sphinx',
  'six',
  'pybind11',
  'vcversioner',
  'setuptools-rust',
  'setuptools-markdown',
  'flake8',
  'babel',
]);

/** What the setup.py of an archive gives in a clean build; null where it has none or that cannot be said. */
export function readArchiveScript(question: ScriptQuestion): ScriptAnswer | null {
  const text = question.texts.get('setup.py');
  if (text === undefined) return null;
  const buildRequires = question.buildRequires
    .map((requirement) => normalize(/^[\w.-]+/.exec(requirement)?.[0] ?? ''))
    .filter((name) => name !== 'setuptools' && name !== 'wheel');
  const script = readSetupScript(
    text,
    createBuildEnvironment({
      read(path) {
        const content = question.texts.get(path);
        if (content !== undefined) return { text: content };
        return question.paths.has(path) ? 'unread' : 'missing';
      },
      exists: (path) =>
        question.paths.has(path) ||
        [...question.paths].some((other) => other.startsWith(`${path}/`)),
      perhaps: topModules(question.paths),
      buildRequires,
    }),
  );
  if (!isComplete(script, buildRequires)) return null;
  return joinConfiguration(script, question.texts.get('setup.cfg'), buildRequires);
}

function normalize(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

/** Modules at the top of an archive: whether a build imports them from there depends on its backend and on the modules. */
function topModules(paths: ReadonlySet<string>): ReadonlySet<string> {
  const modules = new Set<string>();
  for (const path of paths) {
    const [top = '', ...rest] = path.split('/');
    if (rest.length > 0) modules.add(top);
    else if (top.endsWith('.py')) modules.add(top.slice(0, -'.py'.length));
  }
  return modules;
}

function isComplete(script: SetupScript, buildRequires: readonly string[]): boolean {
  if (script.calledAt === null || script.extrasComputedAt !== null) return false;
  if (script.sets.some(({ computedAt }) => computedAt !== null)) return false;
  const plugins = [...script.setupRequires, ...buildRequires];
  return ![...script.keywords, ...plugins].some((name) => requirementPlugins.has(name));
}

// A value that setup.py gives wins over setup.cfg; one that is empty counts as not given.
function joinConfiguration(
  script: SetupScript,
  text: string | undefined,
  buildRequires: readonly string[],
): ScriptAnswer | null {
  const main = script.sets.filter(({ extra, lines }) => extra === null && lines.length > 0);
  const extras = script.sets.filter(({ extra }) => extra !== null);
  const needsConfiguration = text !== undefined && (main.length === 0 || extras.length === 0);
  const configuration = needsConfiguration ? parseSetupConfiguration(text) : emptyConfiguration;
  if (configuration === null) return null;
  const isBare = main.length === 0 && !configuration.hasRequirements && !script.hasRequirements;
  const plugins = [...script.setupRequires, ...buildRequires];
  // A plugin that is not known may be what gives the requirements.
  if (isBare && plugins.some((name) => !harmlessPlugins.has(name))) return null;
  const own = joinSections([...main, ...extras].flatMap(toSections));
  const fromConfiguration = configuration.requiresDist.filter((requirement) =>
    isOfExtra(requirement) ? extras.length === 0 : main.length === 0,
  );
  return {
    requiresDist: [...own.requiresDist, ...fromConfiguration],
    providesExtras: extras.length === 0 ? configuration.providesExtras : own.providesExtras,
    repairs: [...own.repairs, ...(needsConfiguration ? configuration.repairs : [])],
    requiresPython: script.requiresPython?.text ?? configuration.requiresPython,
  };
}

const emptyConfiguration: SetupConfiguration = {
  requiresDist: [],
  providesExtras: [],
  repairs: [],
  requiresPython: null,
  hasRequirements: false,
};

function isOfExtra({ markerText }: Requirement): boolean {
  return markerText !== null && /\bextra\b/.test(markerText);
}

/** `security:python_version<"3"` as a key of extras_require gives an extra and a marker. */
function toSections({ extra, lines }: CombinedSet): readonly RequirementSection[] {
  const colon = extra?.indexOf(':') ?? -1;
  const name = extra === null || colon === 0 ? null : colon < 0 ? extra : extra.slice(0, colon);
  const keyMarker = extra === null || colon < 0 ? null : extra.slice(colon + 1);
  const named: RequirementSection = { extra: name, marker: null, lines: [] };
  return [
    named,
    ...lines.map(({ text, marker }) => ({
      extra: name,
      marker: joinMarkers(keyMarker, marker),
      lines: [text],
    })),
  ];
}

function joinMarkers(first: string | null, second: string | null): string | null {
  if (first === null || second === null) return first ?? second;
  return `(${first}) and (${second})`;
}

/** Whether two readings ask for the same: the order, the writing and doubles do not matter. */
export function asksTheSame(first: StaticRequirements, second: StaticRequirements): boolean {
  const keys = ({ requiresDist }: StaticRequirements): ReadonlySet<string> =>
    new Set(requiresDist.map(keyOf));
  const [left, right] = [keys(first), keys(second)];
  return left.size === right.size && [...left].every((key) => right.has(key));
}

function keyOf(requirement: Requirement): string {
  const specifiers = requirement.specifiers.toSorted((a, b) =>
    a.operator + a.text < b.operator + b.text ? -1 : 1,
  );
  return formatRequirement({ ...requirement, displayName: requirement.name, specifiers });
}
