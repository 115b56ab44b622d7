/**
 * A Python script that carries its own requirements (PEP 723, see `pep/inline-metadata.ts`). It is an environment of its own:
 * read where it is named, and never found by walking, so that nothing of it gets into the sets of the project around it.
 */
import { nearestName } from '../nearest-name.ts';
import { findInlineMetadata, type FailedBlock } from '../pep/inline-metadata.ts';
import type { ParsedInput, SourceLocation, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import { emptyInput } from './empty-input.ts';
import type { Input, InputContext, InputFile } from './input.ts';
import { quoteText } from './quote.ts';
import {
  readPythonSpecifiers,
  readRequirementArray,
  type TomlReading,
} from './toml-requirements.ts';
import { field, parseToml, type TomlDocument } from './toml.ts';
import { applySources } from './uv-sources.ts';
import { readUvTables } from './uv-tables.ts';

const kind = 'inline-script';
const knownKeys: readonly string[] = ['dependencies', 'requires-python', 'tool'];

/** A script with a block `# /// script`. */
export const inlineScript: Input = {
  name: kind,
  parse: (file, context) => parseInlineScript(file, context),
};

/** What the block of a script says; without one that counts no groups and an error. Never throws for bad text. */
export async function parseInlineScript(
  file: InputFile,
  context: InputContext,
): Promise<ParsedInput> {
  const empty: ParsedInput = emptyInput(file.path, kind, file.warnings);
  const document = (await readScriptBlock(file)) ?? noBlock(file);
  if ('message' in document) return { ...empty, warnings: [...file.warnings, document] };
  const reading: TomlReading = { document, warnings: [...file.warnings] };
  const { root } = document;
  const uv = readUvTables(reading, context, null);
  const written = readRequirementArray(reading, ['dependencies'], field(root, 'dependencies'));
  const main = { kind: 'main', name: null } as const;
  const requirements = written.map((declared) => applySources(uv.sources, declared, main));
  const python = readPythonSpecifiers(reading, ['requires-python']);
  warnOfUnknownKeys(reading);
  return {
    ...empty,
    groups: [{ ...main, role: 'prod', requirements }],
    constraints: uv.constraints,
    overrides: uv.overrides,
    options: uv.options,
    requiresPython: python?.text ?? null,
    ...(python === null ? {} : { requiresPythonAt: python.location }),
    warnings: reading.warnings,
  };
}

/**
 * The document in the block of a script, the error that says why there is none though one was meant, or null for a file
 * without any.
 */
export async function readScriptBlock(file: InputFile): Promise<TomlDocument | Warning | null> {
  const { blocks, failed } = findInlineMetadata(file.text);
  const [block, second] = blocks.filter(({ type }) => type === 'script');
  if (block === undefined) {
    const meant = failed.find(({ type }) => type === 'script');
    if (meant === undefined) return null;
    return refuse(at(file, meant.line), 'no-script-block', failures[meant.reason]);
  }
  if (second !== undefined) {
    const message = `this is the second \`# /// script\`, after that in line ${block.line}; a script has one (PEP 723)`;
    return refuse(at(file, second.line), 'repeated-script-block', message);
  }
  return parseToml(file, { text: block.content, lines: block.line, columns: 2 });
}

const failures: Readonly<Record<FailedBlock['reason'], string>> = {
  unclosed: 'the block `# /// script` that starts here is never closed by `# ///`',
  empty: 'the block `# /// script` that starts here is empty, which PEP 723 does not take for one',
  inexact: 'this is not exactly `# /// script`, so that no block starts here (PEP 723)',
};

function noBlock(file: InputFile): Warning {
  const message = 'there is no block `# /// script` with requirements (PEP 723) in this file';
  return refuse(at(file, 1), 'no-script-block', message);
}

function at({ path }: InputFile, line: number): SourceLocation {
  return { path, line, column: 1 };
}

function refuse(place: SourceLocation, code: string, message: string): Warning {
  return { ...toWarning(code, place, message), severity: 'error' };
}

function warnOfUnknownKeys({ document, warnings }: TomlReading): void {
  for (const key of Object.keys(document.root)) {
    if (knownKeys.includes(key)) continue;
    const near = nearestName(key, knownKeys);
    const hint = near === null ? '' : `; did you mean ${quoteText(near)}?`;
    const message = `${quoteText(key)} is no key of a script block and is ignored${hint}`;
    warnings.push(toWarning('unknown-key', document.atKey([key]), message));
  }
}
