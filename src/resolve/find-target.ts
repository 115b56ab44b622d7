/** Which target a project is resolved for: the platform, and the Python, which may depend on what resolves (CONTRACT.md, Python). */
import { DepweightError } from '../errors.ts';
import type { FileAccess } from '../inputs/file-access.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import { nearestName } from '../nearest-name.ts';
import type { PlatformRow } from '../pep/platform-name.ts';
import { createTarget, knownPlatformNames, parsePlatformName } from '../pep/platform-name.ts';
import { readPythonHints } from '../target/hints.ts';
import { inferPlatform } from '../target/platform.ts';
import type { PythonChoice, PythonHint } from '../target/python.ts';
import { choosePythons, isOutsideRequiresPython } from '../target/python.ts';
import type { Environment, TargetEnvironment, UnknownReason, Warning } from '../types.ts';
import type { EnvironmentOutcome, EnvironmentPorts, EnvironmentSettings } from './environment.ts';
import { resolveEnvironment } from './environment.ts';

/** A platform with where it came from. */
export interface Platform {
  readonly row: PlatformRow;
  readonly from: string;
}

/** The platform that `flag` names, else that of the project. Throws DepweightError for a name that stands for none. */
export function findPlatform(flag: string | null, project: ProjectInputs): Platform {
  const { platform, from } = inferPlatform({ flag, image: project.image });
  const row = parsePlatformName(platform);
  if (row !== null) return { row, from };
  const near = nearestName(platform, knownPlatformNames());
  const hint =
    near === null ? 'for instance linux, linux-aarch64, macos, windows' : `did you mean ${near}?`;
  throw new DepweightError('unknown-platform', { name: platform, hint });
}

// ---- Python ---------------------------------------------------------------------------------------------------------

/** The Pythons to try: the one of `flag`, else what the project says. */
export function findPythons(
  flag: string | null,
  project: ProjectInputs,
  files: FileAccess,
): PythonChoice {
  return choosePythons({
    flag,
    // An environment brings its own interpreter into an image, whatever the image is made from.
    image: project.condaPython?.isWeighed === true ? null : project.image,
    hints: pythonHints(project, files),
    requiresPython: project.requiresPython?.text ?? null,
    requiresPythonFrom: placeOfBounds(project),
  });
}

// What stands around a script was written for a project; it counts where the script admits it.
function hintsFor(
  { project, script, requiresPython }: ProjectInputs,
  files: FileAccess,
): readonly PythonHint[] {
  const hints = readPythonHints(files, project);
  if (script === null) return hints;
  return hints.filter(
    ({ python }) => !isOutsideRequiresPython(requiresPython?.text ?? null, python),
  );
}

interface Candidates {
  readonly platform: Platform;
  readonly pythons: PythonChoice;
}

/** What came of a target that was tried. */
export interface Attempt {
  readonly target: TargetEnvironment;
  readonly outcome: EnvironmentOutcome;
}

/**
 * The newest candidate for which the set resolves with a usable file for every direct requirement; failing that, the
 * newest that resolves; failing that, the first with its conflict.
 */
export async function stepDown(
  environment: Environment,
  { platform, pythons }: Candidates,
  settings: EnvironmentSettings,
  ports: EnvironmentPorts,
): Promise<Attempt> {
  const attempts: Attempt[] = [];
  let obstacle: string | null = null;
  for (const python of pythons.candidates) {
    const reason = obstacle === null ? pythons.from : `the newest that ${obstacle}`;
    const from = originOf(reason, platform.from);
    const target = createTarget({ python, platform: platform.row, from });
    const outcome = await resolveEnvironment(environment, target, settings, ports);
    const attempt = { target, outcome };
    const next = pythons.explicit ? null : obstacleOf(environment, outcome);
    if (next === null) return attempt;
    obstacle = next;
    attempts.push(attempt);
  }
  const [first] = attempts;
  const best = attempts.find(({ outcome }) => outcome.solved) ?? first;
  if (best === undefined) throw new Error('There is no candidate for the Python of the target');
  return best;
}

/** Python and platform may come from different places, and both are told then. */
function originOf(pythonFrom: string, platformFrom: string): string {
  if (pythonFrom === 'default' || pythonFrom === platformFrom) return platformFrom;
  return platformFrom === 'default' ? pythonFrom : `${pythonFrom}; platform: ${platformFrom}`;
}

/** Reasons that another Python may not have; hashes may be those of the wheels for an older one. */
const wheelless: ReadonlySet<UnknownReason> = new Set(['no-wheel-for-target', 'hash-excluded']);

/** What keeps a Python from being the target: half a sentence, null when nothing does. */
function obstacleOf(environment: Environment, outcome: EnvironmentOutcome): string | null {
  if (!outcome.solved) {
    const [first] = outcome.conflict.requirements;
    return first === undefined ? 'all requirements agree on' : `${first.raw} has a file for`;
  }
  const withoutWheel = new Set(
    outcome.graph.distributions
      .filter(({ unknownReason }) => unknownReason !== null && wheelless.has(unknownReason))
      .map(({ name }) => name),
  );
  const declared = environment.requirements.find(({ requirement }) =>
    withoutWheel.has(requirement.name),
  );
  return declared === undefined ? null : `${declared.raw} has a wheel for`;
}

/** A conda environment has no key that could be named for its bounds: the line is told. */
function placeOfBounds({ requiresPython }: ProjectInputs): string | null {
  const { path, line } = requiresPython?.location ?? { path: '', line: 0 };
  return /\.ya?ml$/i.test(path) ? `${path}:${line}` : null;
}

/** The Python of the environment that is weighed is installed with it; that of another one says what else is in use. */
function pythonHints(project: ProjectInputs, files: FileAccess): readonly PythonHint[] {
  const hints = hintsFor(project, files);
  if (project.condaPython === null) return hints;
  const { version, location, isWeighed } = project.condaPython;
  const own = { python: version, from: `${location.path}:${location.line}` };
  return isWeighed ? [own, ...hints] : [...hints, own];
}

/** A Python that was asked for outside of requires-python: worth a word, no reason to refuse. */
export function pythonWarnings(
  project: ProjectInputs,
  target: TargetEnvironment,
  pythons: PythonChoice,
): readonly Warning[] {
  const { requiresPython } = project;
  if (!pythons.explicit || requiresPython === null) return [];
  if (!isOutsideRequiresPython(requiresPython.text, target.pythonFull)) return [];
  const message = `Python ${target.python} (${pythons.from}) is outside of requires-python ${requiresPython.text}`;
  return [{ code: 'python-outside', message, ...requiresPython.location }];
}
