/** Files and paths as `open`, `os.path` and `pathlib` give them: nothing outside the folder of the script is seen. */
import { normalizePath } from '../inputs/file-access.ts';
import { raiseIfCaught, type Run } from './run.ts';
import { text, truth, unknown, type CallArguments, type Value } from './values.ts';

/** The path of a value as seen from the folder of the script, or null: outside of it, or unknown. */
function filePathOf(value: Value | undefined): string | null {
  const written = value?.kind === 'path' ? value.path : value?.kind === 'text' ? value.text : null;
  if (written === null || written === '') return null;
  const path = normalizePath(written);
  return path.startsWith('/') || path.startsWith('..') ? null : path;
}

/** What `open` gives. A file that is not there raises where that is caught; one that is written to is unknown. */
export function openFile(run: Run, source: Value | undefined, call: CallArguments): Value {
  const mode = call.positional[1] ?? call.keywords.get('mode');
  const path = filePathOf(source);
  if (path === null || (mode !== undefined && (mode.kind !== 'text' || /[wax+]/.test(mode.text)))) {
    run.risks++;
    return unknown(call.at);
  }
  const read = run.surroundings.read(path);
  if (read === 'missing') raiseIfCaught(run, 'FileNotFoundError');
  if (typeof read === 'string') {
    run.risks++;
    return unknown(call.at);
  }
  return { kind: 'file', text: text(read.text, { path, offset: 0 }) };
}

/** Parts joined to a path of pathlib. */
export function pathOf(parts: readonly Value[], at: number): Value {
  const joined = joinPaths(parts);
  return joined === null ? unknown(at) : { kind: 'path', path: joined };
}

function joinPaths(parts: readonly Value[]): string | null {
  let joined = '';
  for (const part of parts) {
    const shown = part.kind === 'text' ? part.text : part.kind === 'path' ? part.path : null;
    if (shown === null) return null;
    joined =
      shown.startsWith('/') || joined === '' ? shown : `${joined.replace(/\/$/, '')}/${shown}`;
  }
  return joined;
}

function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash < 0 ? '' : path.slice(0, Math.max(slash, 1));
}

/** A function of `os.path`; null for one that is not known here. */
export function callPathFunction(
  run: Run,
  name: string,
  { positional, at }: CallArguments,
): Value | null {
  const [first] = positional;
  const path = first?.kind === 'text' ? first.text : first?.kind === 'path' ? first.path : null;
  switch (name) {
    case 'join': {
      const joined = joinPaths(positional);
      return joined === null ? unknown(at) : text(joined);
    }
    case 'abspath':
    case 'realpath':
    case 'normpath':
    case 'expanduser':
    case 'relpath':
      return path === null ? null : text(path === '' ? '.' : normalizePath(path));
    case 'dirname':
      return path === null ? null : text(parentOf(path));
    case 'basename':
      return path === null ? null : text(path.slice(path.lastIndexOf('/') + 1));
    case 'exists':
    case 'isfile': {
      const target = filePathOf(first);
      return target === null ? unknown(at) : truth(run.surroundings.exists(target), at);
    }
    default:
      return null;
  }
}

/** A method of a path of pathlib; null for one that is not known here. */
export function callPathMethod(
  run: Run,
  path: string,
  name: string,
  call: CallArguments,
): Value | null {
  const self: Value = { kind: 'path', path };
  switch (name) {
    case 'read_text':
    case 'read_bytes': {
      const opened = openFile(run, self, { ...call, positional: [], keywords: new Map() });
      return opened.kind === 'file' ? opened.text : opened;
    }
    case 'open':
      return openFile(run, self, { ...call, positional: [self, ...call.positional] });
    case 'resolve':
    case 'absolute':
    case 'expanduser':
      return self;
    case 'with_name':
      return pathOf([{ kind: 'path', path: parentOf(path) || '.' }, ...call.positional], call.at);
    case 'joinpath':
      return pathOf([self, ...call.positional], call.at);
    case 'exists':
    case 'is_file': {
      const target = filePathOf(self);
      return target === null ? unknown(call.at) : truth(run.surroundings.exists(target), call.at);
    }
    default:
      return null;
  }
}

/** An attribute of a path; null for one that is not known here. */
export function pathAttribute(path: string, name: string): Value | null {
  if (name === 'parent') return { kind: 'path', path: parentOf(path) || '.' };
  return name === 'name' ? text(path.slice(path.lastIndexOf('/') + 1)) : null;
}

/** `path / 'name'`. */
export function dividePath(left: Value, right: Value, at: number): Value {
  return left.kind === 'path' || right.kind === 'path' ? pathOf([left, right], at) : unknown(at);
}
