/**
 * Dockerfiles as instructions and stages. Nothing is run or fetched.
 *
 * Traps: comment and blank lines may stand inside a continued instruction; the escape character can be set to a backtick; a
 * heredoc is part of its instruction; ARG before the first FROM serves FROM alone; a stage may stand on an earlier one.
 */
import type { SourceLocation, Warning } from '../types.ts';
import { architectureIn, builderFacts } from './builder-facts.ts';
import { readHeredocs, type Heredoc } from './heredocs.ts';

/** One instruction with its continuation lines joined. */
export interface Instruction {
  /** Upper case. */
  readonly name: string;
  /** What follows the name; a line of a continued instruction is parted by a newline that `lineOf` understands. */
  readonly text: string;
  /** 1-based line of the instruction. */
  readonly line: number;
  readonly heredocs: readonly Heredoc[];
}

/** A stage: from one FROM to the next. */
export interface Stage {
  /** Lower case, null when it has none. */
  readonly name: string | null;
  /** The image or stage it stands on, variables filled in from the defaults of ARG. */
  readonly base: string;
  readonly baseLine: number;
  /** `--platform`, null when absent or left to the builder (`$BUILDPLATFORM`). */
  readonly platform: string | null;
  readonly instructions: readonly Instruction[];
  /** Values of ARG and ENV in the stage and those below it, by name, and the answers of commands (`BuilderFacts`). */
  readonly variables: ReadonlyMap<string, string>;
}

/** A Dockerfile, read. */
export interface Dockerfile {
  readonly path: string;
  readonly stages: readonly Stage[];
  readonly warnings: readonly Warning[];
  /** Folder of the repository that the build starts from; null where nothing says. */
  readonly context: string | null;
  /** What the image is for where no FROM says it. */
  readonly platform: BuildPlatform | null;
}

/** `linux/arm64`, with the place that says it. */
export interface BuildPlatform {
  readonly name: string;
  readonly at: SourceLocation;
}

const instructionNames: readonly string[] = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
];

/** What a Dockerfile is built with. */
export interface BuildSettings {
  /** `--build-arg`. */
  readonly args?: ReadonlyMap<string, string>;
  /** Of the machine that the image is for, as in wheel tags; null where several are meant. */
  readonly architecture?: string | null;
  /** Folder of the repository that it starts from, where something says. */
  readonly context?: string;
  readonly platform?: BuildPlatform;
}

/** Reads a Dockerfile; what it does not understand is a warning and the rest goes on. */
export function parseDockerfile(
  path: string,
  text: string,
  { args = new Map(), architecture = 'x86_64', context, platform }: BuildSettings = {},
): Dockerfile {
  const built = { path, context: context ?? null, platform: platform ?? null };
  const facts = builderFacts(architecture);
  const warnings: Warning[] = [];
  const instructions = readInstructions(path, text, warnings);
  const stages: Stage[] = [];
  const globals = new Map<string, string>();
  let current: {
    stage: Stage;
    instructions: Instruction[];
    variables: Map<string, string>;
  } | null = null;
  for (const instruction of instructions) {
    if (instruction.name === 'FROM') {
      const stageInstructions: Instruction[] = [];
      const variables = new Map<string, string>();
      const stage = readFrom(instruction, { globals, facts }, stageInstructions, variables);
      // What ARG and ENV set in a stage holds in those that stand on it.
      const below = findStage(stages, stage.base);
      const own = stage.platform === null ? facts : builderFacts(architectureIn(stage.platform));
      for (const [name, value] of own) if (name.startsWith('$')) variables.set(name, value);
      for (const [name, value] of below?.variables ?? []) variables.set(name, value);
      stageInstructions.push(...(below?.instructions ?? []).flatMap(deferredBy));
      stages.push(stage);
      current = { stage, instructions: stageInstructions, variables };
      continue;
    }
    if (instruction.name === 'ARG' || instruction.name === 'ENV') {
      const own = current?.stage.platform ?? null;
      const builder = own === null ? facts : builderFacts(architectureIn(own));
      const given = { globals, args, builder };
      readVariables(instruction, current?.variables ?? globals, given);
    } else if (current === null && instructionNames.includes(instruction.name)) {
      const message = `${path}:${instruction.line}: ${instruction.name} stands before any FROM: this is no Dockerfile that builds`;
      warnings.push({
        code: 'invalid-dockerfile',
        message,
        path,
        line: instruction.line,
        severity: 'error',
      });
      return { ...built, stages: [], warnings };
    }
    current?.instructions.push(instruction);
  }
  return { ...built, stages, warnings };
}

/** The stage of a name or number among earlier ones, the last of that name. */
export function findStage(stages: readonly Stage[], name: string): Stage | undefined {
  const named = stages.findLast((stage) => stage.name === name.toLowerCase());
  return named ?? (/^\d+$/.test(name) ? stages[Number(name)] : undefined);
}

/** `ONBUILD RUN x` runs in what stands on the stage, before anything else. */
function deferredBy({ name, text, line, heredocs }: Instruction): readonly Instruction[] {
  const [, own = '', rest = ''] = /^(\S+)\s+(.*)$/s.exec(text) ?? [];
  return name === 'ONBUILD' ? [{ name: own.toUpperCase(), text: rest, line, heredocs }] : [];
}

function readFrom(
  instruction: Instruction,
  { globals, facts }: Record<'globals' | 'facts', ReadonlyMap<string, string>>,
  instructions: readonly Instruction[],
  variables: ReadonlyMap<string, string>,
): Stage {
  const wordsWith = (known: ReadonlyMap<string, string>): readonly string[] =>
    substitute(instruction.text, known)
      .split(/\s+/)
      .filter((word) => word !== '');
  const platform =
    wordsWith(globals)
      .find((word) => word.startsWith('--platform='))
      ?.slice('--platform='.length) ?? null;
  const words = wordsWith(new Map([...facts, ...globals]));
  const [base = '', as = '', name = ''] = words.filter((word) => !word.startsWith('--'));
  return {
    name: as.toLowerCase() === 'as' && name !== '' ? name.toLowerCase() : null,
    base,
    baseLine: instruction.line,
    platform: platform === null || platform === '' || platform.includes('$') ? null : platform,
    instructions,
    variables,
  };
}

function readVariables(
  instruction: Instruction,
  target: Map<string, string>,
  { globals, args, builder }: Record<'globals' | 'args' | 'builder', ReadonlyMap<string, string>>,
): void {
  const assignment = /([A-Za-z_]\w*)(?:=("(?:[^"\\]|\\.)*"|'[^']*'|[^\s]*))?/g;
  const legacy = /^([A-Za-z_]\w*)\s+([^=].*)$/s.exec(instruction.text);
  if (instruction.name === 'ENV' && legacy !== null) {
    target.set(legacy[1] ?? '', substitute((legacy[2] ?? '').trim(), target));
    return;
  }
  for (const [, name = '', written] of instruction.text.matchAll(assignment)) {
    const given = instruction.name === 'ARG' ? args.get(name) : undefined;
    const value =
      given ??
      (written === undefined
        ? (globals.get(name) ?? (instruction.name === 'ARG' ? builder.get(name) : undefined))
        : substitute(written.replace(/^(["'])(.*)\1$/s, '$2'), target));
    if (value !== undefined) target.set(name, value);
  }
}

/** `$NAME`, `${NAME}`, `${NAME:-default}` and `${NAME:+other}` by their values; unknown ones become empty, as Docker does, or stay. */
export function substitute(
  text: string,
  variables: ReadonlyMap<string, string>,
  unknown: 'empty' | 'as-written' = 'empty',
): string {
  if (!text.includes('$')) return text;
  return text.replace(
    /\\\$|\$\{(\w+)(?:(:?[-+])([^}]*))?\}|\$(\w+)/g,
    (whole: string, ...groups: readonly (string | undefined)[]) => {
      const [braced, operator, other, bare] = groups;
      if (whole === '\\$') return '$';
      const name = braced ?? bare ?? '';
      const value = variables.get(name);
      if (operator?.endsWith('-') === true)
        return value === undefined || value === '' ? (other ?? '') : value;
      if (operator?.endsWith('+') === true)
        return value === undefined || value === '' ? '' : (other ?? '');
      // The platform variables are set by the builder.
      return value ?? (unknown === 'as-written' || /^(?:BUILD|TARGET)/.test(name) ? whole : '');
    },
  );
}

function readInstructions(path: string, text: string, warnings: Warning[]): readonly Instruction[] {
  const lines = text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/);
  const escape = /^\s*#\s*escape\s*=\s*`/i.test(lines[0] ?? '') ? '`' : '\\';
  const found: Instruction[] = [];
  for (let index = 0; index < lines.length; index++) {
    const first = lines[index] ?? '';
    if (first.trim() === '' || first.trimStart().startsWith('#')) continue;
    const start = index;
    const joined = [];
    for (; index < lines.length; index++) {
      const line = lines[index] ?? '';
      if (joined.length > 0 && (line.trim() === '' || line.trimStart().startsWith('#'))) {
        joined.push('');
        continue;
      }
      const trimmed = line.trimEnd();
      const continues = trimmed.endsWith(escape);
      joined.push(continues ? trimmed.slice(0, -1) : line);
      if (!continues) break;
    }
    const body = joined.join('\n').trimStart();
    const word = /^\S+/.exec(body)?.[0] ?? '';
    const name = word.toUpperCase();
    const rest = body.slice(word.length).replace(/^[ \t]+/, '');
    const heredocs =
      name === 'RUN' || name === 'COPY' || name === 'ADD'
        ? readHeredocs(rest, lines, index + 1)
        : { bodies: [], next: index + 1, open: false };
    if (heredocs.open) {
      warnings.push({
        code: 'invalid-dockerfile',
        message: `${path}:${start + 1}: the heredoc that starts here never ends`,
        path,
        line: start + 1,
      });
    }
    index = heredocs.next - 1;
    if (!instructionNames.includes(name)) {
      warnings.push({
        code: 'unknown-instruction',
        message: `${path}:${start + 1}: there is no such instruction; the line is left out`,
        path,
        line: start + 1,
      });
      continue;
    }
    found.push({ name, text: rest, line: start + 1, heredocs: heredocs.bodies });
  }
  return found;
}
