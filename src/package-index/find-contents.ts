/** What is in a file: the summary of a wheel, the import modules of a source archive. */
import type {
  BuildNeeds,
  DistributionFile,
  DistributionName,
  Known,
  WheelSummary,
} from '../types.ts';
import type { Context } from './client-context.ts';
import { isBuildFact, isModuleFact, isSummary } from './facts.ts';
import { failure } from './failure.ts';
import { keepFact, readFact } from './file-facts.ts';
import type { Eventually } from './package-index.ts';
import { readArchiveModules, readBuildNeeds } from './sdist-reader.ts';
import { readWheelFacts } from './wheel-reader.ts';

/** What the central directory of a wheel says. */
export function findSummary(
  context: Context,
  name: DistributionName,
  file: DistributionFile,
): Eventually<Known<WheelSummary>> {
  const stored = readFact(context, 'w', file);
  if (isSummary(stored)) return { known: true, value: stored, from: 'central-directory' };
  if (context.options.offline) {
    return {
      known: false,
      reason: 'offline',
      detail: `the size of ${file.filename} is not in the cache`,
    };
  }
  return askForSummary(context, name, file);
}

/** Whether an earlier run has weighed the file. */
export function isWeighed(context: Context, file: DistributionFile): boolean {
  return file.sha256 !== null && isSummary(readFact(context, 'w', file));
}

async function askForSummary(
  context: Context,
  name: DistributionName,
  file: DistributionFile,
): Promise<Known<WheelSummary>> {
  try {
    const http = await context.options.http();
    const { summary } = await readWheelFacts(http, file, false);
    keepFact(context, 'w', file, summary);
    return { known: true, value: summary, from: 'central-directory' };
  } catch (error) {
    return failure(error, `the directory of ${name} ${file.version.text}`);
  }
}

/** The import modules of a source archive; unknown where it is large or does not tell them. */
export function findArchiveModules(
  context: Context,
  name: DistributionName,
  file: DistributionFile,
): Eventually<Known<readonly string[]>> {
  const stored = readFact(context, 's', file);
  if (isModuleFact(stored)) return toModules(file, stored.modules);
  if (context.options.offline)
    return { known: false, reason: 'offline', detail: `${file.filename} is not in the cache` };
  return askForArchiveModules(context, name, file);
}

async function askForArchiveModules(
  context: Context,
  name: DistributionName,
  file: DistributionFile,
): Promise<Known<readonly string[]>> {
  try {
    const modules = await readArchiveModules(context.options.http, name, file);
    keepFact(context, 's', file, { modules });
    return toModules(file, modules);
  } catch (error) {
    return failure(error, `the modules of ${name} ${file.version.text}`);
  }
}

function toModules(
  file: DistributionFile,
  modules: readonly string[] | null,
): Known<readonly string[]> {
  if (modules !== null) return { known: true, value: modules, from: 'estimate' };
  const detail = `${file.filename} is large, or does not tell its modules without being built`;
  return { known: false, reason: 'sdist-only', detail };
}

/** What building a source archive takes; unknown where it is large, broken or could not be had. */
export function findBuildNeeds(
  context: Context,
  name: DistributionName,
  file: DistributionFile,
): Eventually<Known<BuildNeeds>> {
  const stored = readFact(context, 'b', file);
  if (isBuildFact(stored)) return toNeeds(file, stored.needs);
  if (context.options.offline)
    return { known: false, reason: 'offline', detail: `${file.filename} is not in the cache` };
  return askForBuildNeeds(context, name, file);
}

async function askForBuildNeeds(
  context: Context,
  name: DistributionName,
  file: DistributionFile,
): Promise<Known<BuildNeeds>> {
  try {
    const needs = await readBuildNeeds(context.options.http, file);
    keepFact(context, 'b', file, { needs });
    return toNeeds(file, needs);
  } catch (error) {
    return failure(error, `what building ${name} ${file.version.text} takes`);
  }
}

function toNeeds(file: DistributionFile, needs: BuildNeeds | null): Known<BuildNeeds> {
  if (needs !== null) return { known: true, value: needs, from: 'metadata-file' };
  return { known: false, reason: 'sdist-only', detail: `${file.filename} is large, or broken` };
}
