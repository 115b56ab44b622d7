/**
 * What of the installs of all stages comes into an image, by where each lies and what is copied from there.
 *
 * Traps: COPY of a folder takes what is in it, so that a place below it moves along; a copy of `bin` alone brings no packages;
 * commands may move an environment before it is copied, or pack it into something else.
 */
import { joinPath } from '../inputs/file-access.ts';
import type { CopiedPath } from './copies.ts';
import { findStage, type Stage } from './dockerfile.ts';
import type { ImageLayer } from './image-layers.ts';
import type { InstallCommand, InstallPlace } from './install-command.ts';
import type { ShellCommand } from './shell-lines.ts';
import { textsOf } from './shell-pieces.ts';

/** What a command has installed, as far as a stage has it. */
export interface Holding {
  readonly install: InstallCommand;
  /** That runs it. */
  readonly stage: Stage;
  /** Names the command among those of all stages. */
  readonly key: string;
  /** Null where nobody knows. */
  readonly places: readonly InstallPlace[] | null;
  /** The copy of which only the names of paths tell that it brings this; null where it is sure. */
  readonly guessedBy: CopiedPath | null;
}

/** Whether a path of a stage brings what is installed there: `surely` where a command makes it for that; null for no. */
export type SoundsInstalled = (stage: Stage, path: string) => 'surely' | 'perhaps' | null;

/** What each stage holds at its end. */
export interface Holdings {
  readonly of: (stage: Stage) => readonly Holding[];
  /** Whether a copy from a stage brings anything of it. */
  readonly brings: (copy: CopiedPath, stage: Stage) => boolean;
}

/** `layers`: of all stages; `sounds` decides where no place is known. */
export function createHoldings(
  stages: readonly Stage[],
  layers: readonly ImageLayer[],
  sounds: SoundsInstalled,
): Holdings {
  const known = new Map<Stage, readonly Holding[]>();
  const before = (stage: Stage): readonly Stage[] => stages.slice(0, stages.indexOf(stage));
  const moved = (copy: CopiedPath, source: Stage): readonly Holding[] =>
    of(source).flatMap((holding) => move(holding, copy, (path) => sounds(source, path)) ?? []);
  function of(stage: Stage): readonly Holding[] {
    const found = known.get(stage);
    if (found !== undefined) return found;
    const base = findStage(before(stage), stage.base);
    let held: Holding[] = base === undefined ? [] : [...of(base)];
    for (const layer of layers.filter((one) => one.stage === stages.indexOf(stage))) {
      for (const copy of [...layer.bindings, ...layer.copies]) {
        const source = copy.from === null ? undefined : findStage(before(stage), copy.from);
        if (source !== undefined) held.push(...moved(copy, source));
      }
      held.push(...holdingsOf(layer, stage));
      for (const install of layer.installs) held = held.map((one) => unpack(one, install));
      for (const command of layer.commands) held = held.map((one) => carry(one, command, layer));
    }
    known.set(stage, held);
    return held;
  }
  return { of, brings: (copy, stage) => moved(copy, stage).length > 0 };
}

/** Names an install command among those of all stages. */
export function keyOfInstall(layer: ImageLayer, at: number): string {
  return `${layer.stage}:${layer.line}:${at}`;
}

function holdingsOf(layer: ImageLayer, stage: Stage): readonly Holding[] {
  return layer.installs.map((install, at) => ({
    install,
    stage,
    key: keyOfInstall(layer, at),
    places: install.places,
    guessedBy: null,
  }));
}

/** What was built or fetched lies also where its archives are installed to. */
function unpack(holding: Holding, { archives, places }: InstallCommand): Holding {
  const own = holding.places;
  if (own === null || archives.length === 0) return holding;
  const isOf = own.some(
    (place) =>
      place.kind === 'flat' &&
      archives.some((archive) => {
        const folder = archive.slice(0, Math.max(archive.lastIndexOf('/'), 1));
        return isAtOrBelow(folder, place.path) || isAtOrBelow(place.path, folder);
      }),
  );
  if (!isOf) return holding;
  return { ...holding, places: places === null ? null : [...own, ...places] };
}

/** What comes of a holding by a copy; null where nothing does. */
function move(
  holding: Holding,
  copy: CopiedPath,
  sounds: (path: string) => ReturnType<SoundsInstalled>,
): Holding | null {
  const { places } = holding;
  if (places === null) {
    const verdicts = copy.sources.map(sounds);
    if (verdicts.includes('surely')) return holding;
    return verdicts.includes('perhaps')
      ? { ...holding, guessedBy: holding.guessedBy ?? copy }
      : null;
  }
  const moved = places.flatMap((place) =>
    copy.sources.flatMap((source) => movePlace(place, joinPath('/', source), copy.into) ?? []),
  );
  return moved.length === 0 ? null : { ...holding, places: moved };
}

/** Where a place comes to lie where a path is copied to another; null for a path that holds none of its packages. */
function movePlace(place: InstallPlace, written: string, into: string): InstallPlace | null {
  // What a pattern takes of a folder is taken for all of it.
  const source = joinPath('/', written.split(/[^/]*[*?[].*$/s)[0] ?? '');
  if (isAtOrBelow(place.path, source)) {
    const rest = place.path.slice(source === '/' ? 1 : source.length + 1);
    return { ...place, path: joinPath(into, rest) };
  }
  if (!isAtOrBelow(source, place.path)) return null;
  const below = source.slice(place.path === '/' ? 1 : place.path.length + 1);
  const holds = place.kind === 'flat' ? !/^bin(?:\/|$)/.test(below) : packages.test(below);
  return holds ? { path: into, kind: /python|packages/.test(below) ? 'flat' : place.kind } : null;
}

/** Below a prefix. */
const packages =
  /^(?:envs\/.*|(?:lib|lib64|local|share)(?:\/(?:lib|lib64))?(?:\/(?:python[\d.]*|pipx|uv)(?:\/.*)?)?)$/;

function isAtOrBelow(path: string, folder: string): boolean {
  return folder === '/' || path === folder || path.startsWith(`${folder}/`);
}

const packers =
  /^(?:venv-pack|conda-pack|pyinstaller|shiv|pex|nuitka\d?|cxfreeze|zipapp|briefcase|pyoxidizer)$/i;

/** `cp -r /venv /out` makes one place more; what packs an environment up makes an end of what is known of it. */
function carry(holding: Holding, command: ShellCommand, layer: ImageLayer): Holding {
  const { places } = holding;
  if (places === null) return holding;
  const [name = '', ...words] = textsOf(command.words);
  if (packers.test(name)) return { ...holding, places: null };
  const isCopy = /^(?:cp|mv|ln|rsync)$/.test(name);
  if (!isCopy && !/^(?:tar|zip|7z|cpio|find|install)$/.test(name)) return holding;
  const inImage = (word: string): string => joinPath(joinPath(layer.folder, command.folder), word);
  const given = words.filter((word) => !word.startsWith('-'));
  if (isCopy && given.some((word) => /[$`]/.test(word))) return { ...holding, places: null };
  const into = inImage(given.at(-1) ?? '.');
  const sources = isCopy ? given.slice(0, -1) : given;
  const touched = sources.map(inImage).flatMap((source) =>
    places.flatMap((place) => {
      const name = source.slice(source.lastIndexOf('/') + 1);
      // Whether the target is there already makes it the folder itself or one below.
      return [into, joinPath(into, name)].flatMap(
        (target) => movePlace(place, source, target) ?? [],
      );
    }),
  );
  if (touched.length === 0) return holding;
  return { ...holding, places: isCopy ? [...places, ...touched] : null };
}
