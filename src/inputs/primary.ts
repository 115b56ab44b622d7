/**
 * Which dependency file of a project is weighed (CONTRACT.md, Primary source).
 */
import type { ProductImage } from '../target/product-image.ts';
import type { ParsedInput } from '../types.ts';
import { compareText, fileNameOf, folderOf } from './file-access.ts';
import { sayArrived, sayMissing, sayUnread } from './image-messages.ts';
import { chooseByImage, withImage, type ChoiceByImage } from './image-source.ts';
import { nothing, only, type PrimaryQuestion, type PrimarySource } from './primary-source.ts';
import { isDevelopmentRole, isNamedForProduction } from './roles.ts';

/** Chooses the primary source; no inputs where no file declares a main set. */
export function choosePrimary(question: PrimaryQuestion): PrimarySource {
  const source = chooseAmong(question);
  const image = source.image ?? question.images[0];
  if (image === undefined) return source;
  const said = [...sayUnread(image), ...sayArrived(image, source.inputs)];
  return said.length === 0 ? source : { ...source, warnings: [...source.warnings, ...said] };
}

function chooseAmong(question: PrimaryQuestion): PrimarySource {
  const left: { readonly image: ProductImage; readonly choice: ChoiceByImage }[] = [];
  for (const image of question.images) {
    const choice = chooseByImage(question, image);
    if (choice.source !== null) return choice.source;
    left.push({ image, choice });
  }
  const own = left.filter(({ choice }) => !choice.isForOthers);
  const chosen = chooseWithoutImage(question);
  const images = own.map(({ image }) => image);
  const source = withImage(question, images, chosen) ?? chosen;
  const [first = []] = own.map(({ choice }) => choice.missing).filter(({ length }) => length > 0);
  const said = first.map((one) => sayMissing(one, source.inputs, 'instead'));
  return { ...source, warnings: [...source.warnings, ...said] };
}

function chooseWithoutImage(question: PrimaryQuestion): PrimarySource {
  const { lock } = question;
  if (lock !== null) {
    const what = lock.manifest?.path ?? 'the project';
    return { ...only(lock.lock, `${lock.lock.path} locks ${what}`), lock };
  }
  return chooseByName(question);
}

// ---------------------------------------------------------------------------------------------------------------------
// By name

function chooseByName(question: PrimaryQuestion): PrimarySource {
  const manifest = question.inputs.find(
    ({ kind, groups }) => kind === 'pyproject' && groups.some((group) => group.kind === 'main'),
  );
  const files = question.inputs.filter(
    ({ kind, role }) => kind === 'requirements-txt' && role === 'prod',
  );
  const usable = files.filter(({ path }) => !question.compiled.has(path));
  if (manifest !== undefined && manifest.mainSetElsewhere !== true) {
    const compiled = question.compiled.get(manifest.path);
    if (compiled !== undefined)
      return only(compiled, `${compiled.path} is compiled from ${manifest.path}`);
    return only(manifest, `${manifest.path} declares the dependencies`);
  }
  const setup = findSetup(question);
  // A file of another name than `requirements.txt` and its like may be for anything; a manifest is for the product.
  const wellNamed = usable.filter((file) => setup === undefined || rankOf(question, file) < 6);
  const chosen = chooseRequirements(question, wellNamed);
  if (chosen !== null) return chosen;
  if (
    manifest !== undefined &&
    manifest.groups.some(({ kind, requirements }) => kind === 'main' && requirements.length > 0)
  ) {
    return only(manifest, `${manifest.path} declares the dependencies`);
  }
  if (setup !== undefined) return only(setup, `${setup.path} declares the dependencies`);
  const environment = chooseCondaEnvironment(question);
  if (environment !== null) return environment;
  const first = question.inputs.find(
    ({ kind, role }) => kind === 'requirements-txt' && role !== 'constraints',
  );
  if (first !== undefined && manifest === undefined)
    return only(first, `${first.path} is the only kind of dependency file here`);
  if (manifest !== undefined) return only(manifest, `${manifest.path} declares no dependencies`);
  const [any] = question.inputs.filter(({ groups }) => groups.length > 0);
  if (any !== undefined) return only(any, `${any.path} is the only dependency file`);
  return nothing;
}

// Only where no other file says what the product needs: beside one, environment.yml is how to work on it.
function chooseCondaEnvironment({ inputs, project }: PrimaryQuestion): PrimarySource | null {
  const isPipfile = inputs.some(
    ({ kind, groups }) =>
      kind === 'pipfile' &&
      groups.some((group) => group.kind === 'main' && group.requirements.length > 0),
  );
  const environments = inputs.filter(
    ({ kind, role, groups }) =>
      kind === 'conda-environment' && role === 'prod' && groups.length > 0,
  );
  const rank = ({ path }: ParsedInput): number => {
    const inFolder = folderOf(path) === project ? 0 : 2;
    return inFolder + (/^(?:environment|conda)\.ya?ml$/i.test(fileNameOf(path)) ? 0 : 1);
  };
  const [first] = environments.toSorted((a, b) => rank(a) - rank(b) || compareText(a.path, b.path));
  if (first === undefined || isPipfile) return null;
  return only(first, `${first.path} declares the dependencies`);
}

// setup.py before setup.cfg: what both give, setuptools takes from setup.py.
function findSetup({ inputs, project }: PrimaryQuestion): ParsedInput | undefined {
  const declaring = inputs.filter(
    ({ kind, path, groups }) =>
      isSetupKind(kind) &&
      folderOf(path) === project &&
      groups.some((group) => group.kind === 'main' && group.requirements.length > 0),
  );
  return declaring.find(({ kind }) => kind === 'setup-py') ?? declaring[0];
}

function isSetupKind(kind: string): boolean {
  return kind === 'setup-py' || kind === 'setup-cfg';
}

const baseNames: readonly string[] = [
  'requirements',
  'requirement',
  'reqs',
  'main',
  'base',
  'common',
  'core',
  'default',
  'app',
  'all',
  'install',
];

function chooseRequirements(
  question: PrimaryQuestion,
  files: readonly ParsedInput[],
): PrimarySource | null {
  const ranked = files.toSorted(
    (a, b) => rankOf(question, a) - rankOf(question, b) || compareText(a.path, b.path),
  );
  const [first] = ranked;
  if (first === undefined) return null;
  const source = manifestOf(question, first);
  const compiledNote = source === null ? '' : `, compiled from ${source}`;
  // requirements.txt that only leads on to the development set: what production needs stands in a file of its own.
  const development = first.includes
    .map((path) => question.inputs.find((input) => input.path === path))
    .filter((input) => input !== undefined && isDevelopmentRole(input.role));
  const product = ranked.find(
    (input) =>
      input !== first &&
      development.some((included) => included?.includes.includes(input.path) === true),
  );
  if (product !== undefined && development[0] !== undefined) {
    return only(
      product,
      `${first.path} includes ${development[0].path} and is the development set; ${product.path} is what it builds on`,
    );
  }
  const production = ranked.find(
    (input) => isNamedForProduction(input.path) && input.includes.includes(first.path),
  );
  if (production !== undefined)
    return only(
      production,
      `${production.path} is named for production and includes ${first.path}`,
    );
  return only(first, `${first.path} declares the dependencies${compiledNote}`);
}

function manifestOf(question: PrimaryQuestion, input: ParsedInput): string | null {
  for (const [manifest, compiled] of question.compiled) if (compiled === input) return manifest;
  return null;
}

// requirements.txt in the project's own folder, then what is named for production, then `base` and its like.
function rankOf(question: PrimaryQuestion, { path }: ParsedInput): number {
  const name = fileNameOf(path).toLowerCase();
  const inFolder = folderOf(path) === question.project;
  if (name === 'requirements.txt') return inFolder ? 0 : 2;
  // What `split --compat --keep-original` left of it.
  if (name === 'requirements-original.txt' && inFolder) return 0.5;
  if (name === 'requirements.in') return inFolder ? 1 : 3;
  if (isNamedForProduction(path)) return 4;
  if (baseNames.includes(name.replace(/\.\w+$/, ''))) return 5;
  return inFolder ? 6 : 7;
}
