/**
 * One project on several targets: its headline environment resolved and weighed for each. All of them share one index
 * client, so that each page, each metadata file and each weight is read once. A target without a solution is a row that says
 * why, and loses none of the others.
 */
import type { AuditEnv, AuditRequest } from '../audit-env.ts';
import { takeRow } from '../ci/compared-row.ts';
import { buildDocument, targetRow } from '../document.ts';
import { installersOfImage, programsOfImage } from '../inputs/installers.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import { inputRows, readInputs } from '../inputs/read-inputs.ts';
import type { EnvironmentSettings } from '../resolve/environment.ts';
import { resolveEnvironment } from '../resolve/environment.ts';
import type { Attempt } from '../resolve/find-target.ts';
import { findPlatform, findPythons, stepDown } from '../resolve/find-target.ts';
import { createOpenEnvironment } from '../resolve/open-environment.ts';
import { createPrecedents } from '../resolve/precedents.ts';
import { findHeadline, headlineWarnings, toError } from '../resolve/project.ts';
import type { OpenEnvironment } from '../resolve/project.ts';
import { warnOfStaleLocks } from '../resolve/stale-locks.ts';
import { admitsMinor } from '../target/python.ts';
import { TOOL } from '../tool.ts';
import type {
  CompareDocument,
  Environment,
  TargetComparison,
  TargetEnvironment,
  Warning,
} from '../types.ts';
import type { TargetChoice } from './choose-targets.ts';
import { chooseTargets } from './choose-targets.ts';
import type { Matrix } from './matrix-memo.ts';
import { createBasis, matrixKey, readMatrix, writeMatrix } from './matrix-memo.ts';
import { makeRow, warningsOf } from './target-rows.ts';

/** A project opened for one of its environments. */
interface Opened {
  readonly project: ProjectInputs;
  readonly headline: Environment;
  readonly world: ReturnType<OpenEnvironment>;
}

/** The document of `compare`. Throws DepweightError. */
export async function compareTargets(asked: AuditRequest, env: AuditEnv): Promise<CompareDocument> {
  const { repository, project: read } = await readInputs(asked, env);
  const { request, project: narrowed } = await narrow(asked, read);
  const headline = findHeadline(request, narrowed);
  const { project, warnings } = takeRow(narrowed, headline.id);
  const openEnvironment = await createOpenEnvironment(request, project.project, env);
  const opened = { project, headline, world: openEnvironment(headline) };
  const { targets, chosen } = await findTargets(request, opened, env);
  const matrix = await findMatrix(targets, opened);
  const { outcome, target } = await attemptAt(matrix.best, targets, opened);
  const document = buildDocument({
    toolVersion: TOOL.version,
    command: request.command,
    project: project.name,
    target,
    inputs: inputRows(project),
    environments: outcome.solved ? [{ environment: headline, graph: outcome.graph }] : [],
    headline: headline.id,
    declared: project.declared,
    warnings: [
      ...repository.warnings,
      ...project.warnings,
      ...warnings,
      ...headlineWarnings(request, project, headline),
      ...matrix.warnings,
      ...warnOfBesides(project),
      ...(outcome.solved
        ? warnOfStaleLocks([{ environment: headline, graph: outcome.graph }], target)
        : []),
    ],
    error: outcome.solved ? null : toError(outcome.conflict),
  });
  const rows = matrix.rows.map((row, at) => placeRow(row, targets[at] ?? target, opened));
  return { ...document, targets: rows, chosen };
}

/** Of several images of a compose file the one that is meant. */
async function narrow(
  request: AuditRequest,
  project: ProjectInputs,
): Promise<{ readonly request: AuditRequest; readonly project: ProjectInputs }> {
  const { services } = project;
  if (services === undefined) return { request, project };
  const { chooseWeighed } = await import('../compose/open-services.ts');
  const { wanted, weighed } = chooseWeighed(request, { ...project, services });
  return { request: wanted, project: weighed };
}

/** What depends on the order of commands is told by `audit`, for one target. */
function warnOfBesides({ weighedImage: image }: ProjectInputs): readonly Warning[] {
  if (image === null) return [];
  const [installer] = installersOfImage(image);
  const removal = image.installs.find(({ removes }) => removes.length > 0);
  const place =
    installer?.declared.location ??
    programsOfImage(image)[0]?.location ??
    (removal && { path: image.path, line: removal.line });
  if (place === undefined) return [];
  const message =
    'installers, programs of pipx, and what an uninstall leaves behind are in none of these figures: `depweight audit` has them';
  return [{ code: 'image-holds-more', message, ...place }];
}

function placeRow(
  row: Matrix['rows'][number],
  target: TargetEnvironment,
  opened: Opened,
): TargetComparison {
  const { verdict, ...rest } = row;
  const outside = outsideOf(opened, target);
  const isHeldBack = outside !== null && (verdict === 'ready' || verdict === 'build');
  return {
    target: targetRow(target),
    verdict: isHeldBack ? 'not-allowed' : verdict,
    outside,
    ...rest,
  };
}

/** Of the project and its lock the first that is not for the Python of the target. */
function outsideOf(
  { project, headline }: Pick<Opened, 'project' | 'headline'>,
  { python }: TargetEnvironment,
): TargetComparison['outside'] {
  const all = [project.requiresPython, headline.locked?.pythons];
  const bounds = all.flatMap((one) => one ?? []).find(({ text }) => !admitsMinor(text, python));
  return bounds === undefined ? null : { requiresPython: bounds.text, location: bounds.location };
}

// ---------------------------------------------------------------------------------------------------------------------
// Targets

async function findTargets(
  request: AuditRequest,
  { project, world }: Opened,
  env: AuditEnv,
): Promise<TargetChoice> {
  const { platforms = [], pythons = [], isAlone = false } = request.targets ?? {};
  const rows = platforms.map((name) => findPlatform(name, project).row);
  // Where both are named the project is not asked: its own platform and Python may not even resolve.
  if (rows.length * pythons.length > 1)
    return chooseTargets({ platforms: rows, pythons, own: null });
  const platform = findPlatform(isAlone ? (platforms[0] ?? null) : null, project);
  const python = isAlone ? (pythons[0] ?? null) : null;
  const candidates = { platform, pythons: findPythons(python, project, env.files) };
  const { target } = await stepDown(world.environment, candidates, world.settings, world.ports);
  if (isAlone) return { targets: [target], chosen: null };
  return chooseTargets({ platforms: rows, pythons, own: { target, platform: platform.row } });
}

// ---------------------------------------------------------------------------------------------------------------------
// The matrix

/** The rows of an earlier run, where the pages that they rest on are what they were; else new ones. */
async function findMatrix(targets: readonly TargetEnvironment[], opened: Opened): Promise<Matrix> {
  const { environment, settings, ports } = opened.world;
  const asked = targets.map((target) => ({ target, settings: settingsFor(target, opened) }));
  const key = settings.isLasting ? matrixKey(environment, asked) : null;
  const stored = key === null ? null : readMatrix(ports.cache, key, settings.offline);
  if (stored !== null) return stored;
  const basis = createBasis(ports.client);
  const precedents = createPrecedents();
  const world = { ...opened.world, ports: { ...ports, ...basis.ports, precedents } };
  const here = { ...opened, world };
  const attempts = await inBatches(targets.keys(), (at) => attemptAt(at, targets, here));
  const best = Math.max(
    attempts.findIndex(({ outcome }) => outcome.solved),
    0,
  );
  const reference = attempts[best]?.outcome;
  const around = {
    world,
    headline: opened.headline,
    reference: reference?.solved === true ? reference.graph : null,
  };
  const rows = await inBatches(attempts, (attempt) => makeRow(attempt, around));
  const matrix = { best, rows, warnings: warningsOf(attempts, opened.headline) };
  const stamps = basis.stamps();
  if (key !== null && stamps !== null) writeMatrix(ports.cache, key, matrix, stamps);
  return matrix;
}

/** Where all is in the cache nothing is won by more, and the state of every search under way takes room. */
const mostAtOnce = 4;

/** The first alone, as it asks for most of what the others need, then a few at a time; the answers in the same order. */
async function inBatches<Question, Answer>(
  questions: Iterable<Question>,
  ask: (question: Question) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const [first, ...rest] = questions;
  const answers: Answer[] = first === undefined ? [] : [await ask(first)];
  for (let at = 0; at < rest.length; at += mostAtOnce)
    answers.push(...(await Promise.all(rest.slice(at, at + mostAtOnce).map(ask))));
  return answers;
}

/** What comes of one of the targets; the first alone is kept by itself, as the matrix is kept as a whole. */
async function attemptAt(
  at: number,
  targets: readonly TargetEnvironment[],
  opened: Opened,
): Promise<Attempt> {
  const target = targets[at];
  if (target === undefined) throw new Error('Nothing is compared');
  const { environment, ports } = opened.world;
  const settings = settingsFor(target, opened);
  const keeping = at === 0 ? settings : { ...settings, remembers: false as const };
  const outcome = await resolveEnvironment(environment, target, keeping, ports);
  return { target, outcome };
}

/** A lock says for what Pythons it was made, and promises nothing of others. */
function settingsFor(
  target: TargetEnvironment,
  { world: { environment, settings }, ...opened }: Opened,
): EnvironmentSettings {
  if (environment.locked === undefined) return settings;
  return { ...settings, lockedPythons: outsideOf(opened, target) === null ? 'locked' : 'asked' };
}
