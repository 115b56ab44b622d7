/**
 * The image that a Dockerfile makes: its last stage with all that it stands on and takes over.
 */
import type { SourceLocation, Warning } from '../types.ts';
import { fileNameOf } from '../inputs/file-access.ts';
import { readBaseImage, type BaseImage } from './base-image.ts';
import { contextsOf } from './copy-origins.ts';
import { bindingsOf, copiesOf, type CopiedPath } from './copies.ts';
import { findStage, substitute, type Dockerfile, type Stage } from './dockerfile.ts';
import { readLayers, type ImageLayer, type ImageStages } from './image-layers.ts';
import type { ReadText } from './image-scripts.ts';
import type { InstallCommand } from './install-command.ts';
import {
  findMaker,
  findMismatches,
  pythonOf,
  type InterpreterMismatch,
  type LibraryMismatch,
  type Maker,
} from './interpreters.ts';
import type { UnreadScript } from './script-finder.ts';
import { createHoldings, keyOfInstall, type Holdings } from './stage-holdings.ts';

/** What the final image of a Dockerfile holds. */
export interface ProductImage {
  readonly path: string;
  /** Folder of the repository that the build starts from; absent where nothing says. */
  readonly context?: string;
  /** Of a job of CI: the folder in which the whole repository lies, for development too. Absent where it is copied. */
  readonly checkout?: string;
  readonly base: BaseImage;
  /** The image named by FROM at the end of the chain, as written after substitution. */
  readonly baseName: string;
  readonly baseLine: number;
  /** Where the Python is said, if not there: in the stage that an image without one gets it from. */
  readonly pythonLine?: number;
  /** The stage whose installers chose all that the image gets, if it stands on another base. */
  readonly maker?: Maker;
  /** `linux/arm64`, null when not said. */
  readonly platform: string | null;
  /** Where that is said, if not by a FROM. */
  readonly platformAt?: SourceLocation;
  /** Of a machine that is no container and no Linux: a name that `parsePlatformName` reads. */
  readonly system?: string;
  /** In the order they run, those of stages it copies environments from first. */
  readonly installs: readonly InstallCommand[];
  /** Mounts that are bound included. */
  readonly copies: readonly CopiedPath[];
  /** Environments that are copied to another interpreter than the one they were made with. */
  readonly mismatches: readonly InterpreterMismatch[];
  /** Those that are copied to another C library, or to an older one. */
  readonly libraries?: readonly LibraryMismatch[];
  /** Those of the stages that it takes over first, in order. */
  readonly layers: readonly ImageLayer[];
  /** What stages install that something is copied from, and that stays there. */
  readonly left?: readonly {
    readonly install: InstallCommand;
    /** As COPY names it. */
    readonly stage: string;
    readonly copy: CopiedPath;
  }[];
  /** What is taken for copied by the names of paths alone. */
  readonly guessed?: readonly { readonly install: InstallCommand; readonly copy: CopiedPath }[];
  /** Scripts that it runs, that seem to install, and that cannot be read. */
  readonly unread: readonly UnreadScript[];
  readonly warnings: readonly Warning[];
}

/**
 * The final image, or that of a stage by name; null where the file has no stage to end on. `readText`: for scripts of the
 * repository that it runs.
 */
export function readProductImage(
  dockerfile: Dockerfile,
  target: string | null = null,
  readText: ReadText = () => null,
): ProductImage | null {
  const warnings = [...dockerfile.warnings];
  const asked = target === null ? undefined : findStage(dockerfile.stages, target);
  const last = asked ?? dockerfile.stages.at(-1);
  if (last === undefined) return null;
  const chain = baseChain(dockerfile, last, warnings);
  const { path, context } = dockerfile;
  const reading = { contexts: contextsOf({ path, context }), all: dockerfile.stages, readText };
  const holdings = holdingsOf(dockerfile, last, reading);
  const taken = stagesTakenOver(dockerfile, chain, { warnings, holdings });
  const root = chain[0] ?? last;
  const base = readBaseImage(root.base);
  // Distroless and scratch images get their interpreter from the stage that built the environment.
  const named = [root, ...taken].find((stage) => readBaseImage(stage.base).pythonIsNamed);
  const python = base.pythonIsNamed || named === undefined ? root : named;
  const platform = chain.find((stage) => stage.platform !== null)?.platform ?? null;
  const read = readLayers({
    ...reading,
    used: [...taken, ...chain],
    isInImage: (stage) => chain.includes(stage),
  });
  const arrived = holdings.of(last);
  const keys = new Set(arrived.map(({ key }) => key));
  const layers = read.layers.map((layer) => (layer.isInImage ? layer : withArrived(layer, keys)));
  const { unread } = read;
  const facts = { chainOf: (stage: Stage) => baseChain(dockerfile, stage, []), holdings };
  const met = findMismatches(dockerfile, chain, facts);
  const maker = findMaker(chain, facts);
  // The path that is copied may say it, whatever the builder is called.
  const madeWith = maker?.base.python ?? met.interpreters[0]?.made ?? null;
  return {
    path,
    ...(context === null ? {} : { context }),
    base: base.pythonIsNamed ? base : { ...base, ...pythonOf(python, chain, base) },
    baseName: root.base,
    baseLine: root.baseLine,
    ...(base.pythonIsNamed || python === root ? {} : { pythonLine: python.baseLine }),
    ...(maker === null ? {} : { maker: { ...maker, base: { ...maker.base, python: madeWith } } }),
    platform: platform ?? dockerfile.platform?.name ?? platformInName(root.base),
    ...(platform === null && dockerfile.platform !== null
      ? { platformAt: dockerfile.platform.at }
      : {}),
    installs: layers.flatMap(({ installs }) => installs),
    copies: layers.flatMap(({ copies, bindings }) => [...bindings, ...copies]),
    mismatches: met.interpreters,
    libraries: met.libraries,
    layers,
    unread,
    left: leftIn(dockerfile, chain, { holdings, keys }),
    guessed: arrived.flatMap(({ install, guessedBy }) =>
      guessedBy === null ? [] : [{ install, copy: guessedBy }],
    ),
    warnings,
  };
}

/** `lambda/python:3.12-arm64`, `arm64v8/python:3.12`: an image of one machine says so itself. */
function platformInName(reference: string): string | null {
  if (/(?:^|\/)arm64v8\//.test(reference)) return 'linux/arm64';
  const [, machine = ''] = /:[^@/]*-(arm64|amd64|x86_64)(?:@|$)/.exec(reference) ?? [];
  if (machine === '') return null;
  return machine === 'arm64' ? 'linux/arm64' : 'linux/amd64';
}

type Reading = Pick<ImageStages, 'contexts' | 'all' | 'readText'>;

/** Of an image of one stage nothing has to be asked. */
function holdingsOf({ stages }: Dockerfile, last: Stage, reading: Reading): Holdings {
  const used = stages.slice(0, stages.indexOf(last) + 1);
  const isCopied = used.some((stage) =>
    stage.instructions.some((instruction) =>
      [...copiesOf(instruction, stage), ...bindingsOf(instruction, stage)].some(
        ({ from }) => from !== null,
      ),
    ),
  );
  if (!isCopied) return { of: () => [], brings: () => false };
  const { layers } = readLayers({ ...reading, used, isInImage: () => false });
  return createHoldings(stages, layers, soundsInstalled);
}

/** A layer with those of its installs that come into the image. */
function withArrived(layer: ImageLayer, keys: ReadonlySet<string>): ImageLayer {
  const installs = layer.installs.filter((_, at) => keys.has(keyOfInstall(layer, at)));
  return installs.length === layer.installs.length ? layer : { ...layer, installs };
}

/** What stages install of which something is copied, and nothing of that. */
function leftIn(
  { stages }: Dockerfile,
  chain: readonly Stage[],
  { holdings, keys }: { readonly holdings: Holdings; readonly keys: ReadonlySet<string> },
): NonNullable<ProductImage['left']> {
  return chain.flatMap((stage) =>
    stage.instructions.flatMap((instruction) =>
      copiesOf(instruction, stage).flatMap((copy) => {
        const source = copy.from === null ? undefined : findStage(stages, copy.from);
        const held = source === undefined || chain.includes(source) ? [] : holdings.of(source);
        return held
          .filter(({ key }) => !keys.has(key))
          .map(({ install }) => ({ install, copy, stage: copy.from ?? '' }));
      }),
    ),
  );
}

/** From the outermost base to the stage itself. A stage can only stand on an earlier one. */
function baseChain(dockerfile: Dockerfile, last: Stage, warnings: Warning[]): readonly Stage[] {
  const chain: Stage[] = [last];
  for (let current: Stage | undefined = last; current !== undefined;) {
    const position = dockerfile.stages.indexOf(current);
    const base: Stage | undefined = findStage(dockerfile.stages.slice(0, position), current.base);
    const later =
      base === undefined
        ? dockerfile.stages.slice(position).find(({ name }) => name === current?.base.toLowerCase())
        : undefined;
    if (later !== undefined) {
      const { path } = dockerfile;
      const message = `${path}:${current.baseLine}: FROM ${current.base} names a stage that stands later or is itself, so that the image cannot be built`;
      warnings.push({
        code: 'stage-cycle',
        message,
        path,
        line: current.baseLine,
        severity: 'error',
      });
    }
    if (base !== undefined) chain.unshift(base);
    current = base;
  }
  return chain;
}

/** Stages of which something that they install or make is copied in, with what those stand on; in the order of the file. */
function stagesTakenOver(
  dockerfile: Dockerfile,
  chain: readonly Stage[],
  { warnings, holdings }: { readonly warnings: Warning[]; readonly holdings: Holdings },
): readonly Stage[] {
  const found = new Set<Stage>();
  const open = [...chain];
  for (let stage = open.pop(); stage !== undefined; stage = open.pop()) {
    for (const instruction of stage.instructions) {
      const folders = [...copiesOf(instruction, stage), ...bindingsOf(instruction, stage)];
      for (const copy of folders) {
        if (copy.from === null) continue;
        const before = dockerfile.stages.slice(0, dockerfile.stages.indexOf(stage));
        const source = findStage(before, copy.from);
        if (source === undefined || found.has(source) || chain.includes(source)) continue;
        // Without an install it may still be the one that has the interpreter.
        const isBare = holdings.of(source).length === 0;
        const makes = (path: string): boolean =>
          exportsTo(source, path) || (isBare && holdsEnvironment(path));
        if (!holdings.brings(copy, source) && !copy.sources.some(makes)) continue;
        for (const member of baseChain(dockerfile, source, warnings)) {
          if (!found.has(member) && !chain.includes(member)) open.push(member);
          if (!chain.includes(member)) found.add(member);
        }
      }
    }
  }
  return dockerfile.stages.filter((stage) => found.has(stage));
}

/** What names of paths say, where nobody knows where a stage installs to. */
function soundsInstalled(stage: Stage, path: string): 'surely' | 'perhaps' | null {
  if (exportsTo(stage, path)) return 'surely';
  return holdsEnvironment(path) || installsTo(stage, path) ? 'perhaps' : null;
}

/** `pip install --target /layer`, `python -m venv /env`, `ENV VIRTUAL_ENV=/env`. */
function installsTo({ instructions, variables }: Stage, path: string): boolean {
  const folder = path.replace(/\/+$/, '');
  if (!/^\/./.test(folder)) return false;
  return instructions.some(({ name, text }) => {
    if (name !== 'RUN' && name !== 'ENV') return false;
    if (!/\b(?:pip[\d.]*|uv|venv|virtualenv|VIRTUAL_ENV|UV_PROJECT_ENVIRONMENT)\b/.test(text))
      return false;
    return substitute(text, variables)
      .split(/[\s="']+/)
      .some((word) => word.replace(/\/+$/, '') === folder);
  });
}

/** `poetry export -o requirements.txt`, `echo flask > requirements.txt`: what such a file names is installed later. */
function exportsTo({ instructions }: Stage, path: string): boolean {
  const file = fileNameOf(path);
  const making = /\b(?:export|compile|requirements|echo|printf|cat|tee)\b/;
  return (
    file.endsWith('.txt') &&
    instructions.some(
      ({ name, text, heredocs }) =>
        text.includes(file) && (name === 'RUN' ? making.test(text) : heredocs.length > 0),
    )
  );
}

function holdsEnvironment(path: string): boolean {
  return /site-packages|dist-packages|venv|\.local|\/usr\/local(?:\/lib.*)?\/?$|\/install|\/wheel|\.whl$|\/dist(?:\/|$)|\/opt(?:\/|$)|\/app\/?$|\/deps|\/packages|\/python|^\/$|\/root/.test(
    path,
  );
}
