/** Commands of a Dockerfile: RUN, CMD, ENTRYPOINT, HEALTHCHECK and heredocs. */

import { roleOfGroup } from '../inputs/roles.ts';
import { readStringList } from './command-text.ts';
import { namesOfText, namesOfWords } from './named.ts';
import type { FoundName, Named } from './named.ts';
import { modulesOfCode } from './shell-commands.ts';

/** The names in the instructions of a Dockerfile that run something. */
export function readDockerfile(lines: readonly string[]): readonly Named[] {
  const names: Named[] = [];
  const lastStage = startOfLastStage(lines);
  for (let index = 0; index < lines.length; index++) {
    const start = index;
    let text = lines[index] ?? '';
    if (/^\s*#/.test(text)) continue;
    while (/\\\s*$/.test(text) && index + 1 < lines.length) {
      const next = lines[++index] ?? '';
      // Comment lines inside a continued instruction are dropped by Docker.
      text = /^\s*#/.test(next) ? text : `${text.replace(/\\\s*$/, '')} ${next}`;
    }
    const instruction = /^\s*(RUN|CMD|ENTRYPOINT|HEALTHCHECK|SHELL)\s+(.*)$/is.exec(text);
    if (instruction === null) continue;
    const body = (instruction[2] ?? '')
      .replace(/^(?:--[\w-]+(?:=\S+)?\s+)*/, '')
      .replace(/^CMD\s+/i, '');
    const heredoc = /<<-?\s*["']?(\w+)["']?/.exec(body);
    if (heredoc !== null) {
      const script: string[] = [];
      while (index + 1 < lines.length && (lines[++index] ?? '').trim() !== heredoc[1])
        script.push(lines[index] ?? '');
      addHeredoc(body, script, start + 1, names);
      continue;
    }
    const written = lines.slice(start, index + 1);
    const isStart = start > lastStage && /^(?:CMD|ENTRYPOINT)$/i.test(instruction[1] ?? '');
    for (const found of namesOfInstruction(body))
      names.push({
        line: start + 1 + offsetOf(found.name, written),
        kind: 'dockerfile',
        ...found,
        ...(isStart ? { starts: true } : {}),
      });
  }
  return names;
}

/** Index of the last FROM; past the end where that stage is one for tests or development by its name. */
function startOfLastStage(lines: readonly string[]): number {
  const last = lines.findLastIndex((text) => /^\s*FROM\s/i.test(text));
  const name = /\sAS\s+(\S+)\s*$/i.exec(lines[last] ?? '')?.[1];
  return name !== undefined && roleOfGroup(name) !== null ? lines.length : last;
}

/** Which of the lines of one instruction shows a name; the first where none does. */
function offsetOf(name: string, written: readonly string[]): number {
  if (written.length === 1) return 0;
  const word = new RegExp(`(?<![\\w-])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`);
  return Math.max(
    0,
    written.findIndex((text) => !/^\s*#/.test(text) && word.test(text)),
  );
}

function addHeredoc(head: string, script: readonly string[], line: number, names: Named[]): void {
  const isPython = /\bpython[\d.]*\b/.test(head) || /^#!.*python/.test(script[0] ?? '');
  const found = isPython
    ? modulesOfCode(script.join('\n')).map((name) => ({ name, module: true, imported: true }))
    : namesOfText(script.join('\n'));
  for (const named of found) names.push({ line, kind: 'dockerfile', ...named });
}

function namesOfInstruction(body: string): readonly FoundName[] {
  const list = readStringList(body);
  return list === null ? namesOfText(body) : namesOfWords(list);
}
