/** What only wraps a command: `sudo`, `timeout 60`, `A=b`, `python3 -m`, `poetry run`. */
import { textsOf, type ShellWord } from './shell-pieces.ts';

/** Shells, by name or path. */
export const shell: RegExp = /^(?:.*\/)?(?:ba|da|z)?sh$/;

/** Programs that run what follows them, to how many words of their own come first. */
const wrappers: ReadonlyMap<string, number> = new Map([
  ['sudo', 0],
  ['exec', 0],
  ['time', 0],
  ['!', 0],
  ['env', 0],
  ['command', 0],
  ['eval', 0],
  ['nice', 0],
  ['nohup', 0],
  ['ionice', 0],
  ['sfw', 0],
  ['stdbuf', 0],
  ['xvfb-run', 0],
  ['timeout', 1],
  ['gosu', 1],
  ['su-exec', 1],
  ['runuser', 0],
  ['--', 0],
]);
/** Their options that take a value: `sudo -u app`, `nice -n 5`, `timeout -k 5`. */
const wrapperValue = /^-[ugnkshCpT]$/;

/** The words behind wrappers, and the variables that are set for them: `VARIABLE=value sudo -E pip install x`. */
export function unwrap(words: readonly ShellWord[]): {
  readonly rest: readonly ShellWord[];
  readonly variables: ReadonlyMap<string, string>;
} {
  const variables = new Map<string, string>();
  let isWrapped = false;
  let index = 0;
  while (index < words.length) {
    const word = words[index]?.text ?? '';
    const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(word);
    const own = wrappers.get(word.slice(word.lastIndexOf('/') + 1));
    if (assignment !== null) variables.set(assignment[1] ?? '', assignment[2] ?? '');
    else if (isWrapped && word.startsWith('-') && word !== '--')
      index += wrapperValue.test(word) ? 1 : 0;
    else if (own === undefined) break;
    else {
      isWrapped = true;
      // The words of its own come behind its options.
      let skipped = own;
      while (skipped > 0 && index + 1 < words.length) {
        index++;
        const next = words[index]?.text ?? '';
        if (!next.startsWith('-')) skipped--;
        else if (wrapperValue.test(next)) index++;
      }
    }
    index++;
  }
  return { rest: words.slice(index).filter(({ text }) => text !== ''), variables };
}

/**
 * A command by the name of its program; null for what cannot be one that installs. Handles `python3 -m pip install`,
 * `/opt/venv/bin/pip install`, `poetry run …`.
 */
export function dropInterpreter(words: readonly ShellWord[]): readonly ShellWord[] | null {
  const [first, ...rest] = words;
  if (first === undefined) return null;
  const name = first.text.slice(first.text.lastIndexOf('/') + 1);
  const texts = textsOf(rest);
  if (/^(?:python|pypy)[\d.]*$/.test(name)) {
    const module = texts.indexOf('-m');
    if (module !== -1) return rest.slice(module + 1);
    return texts[0] === 'setup.py' ? rest : null;
  }
  if (name === 'pyenv' && texts[0] === 'exec') return dropInterpreter(rest.slice(1));
  if (shell.test(name)) return null;
  if (/^(?:poetry|pdm|pipenv|uv|hatch|conda|mamba|micromamba)$/.test(name) && texts[0] === 'run') {
    const at = texts.findIndex((text, index) => index > 0 && startsInstaller(text));
    return at === -1 ? null : dropInterpreter(rest.slice(at));
  }
  return [{ ...first, text: name }, ...rest];
}

// The options of `conda run -n NAME` and the like may take values; what counts is the program behind them.
function startsInstaller(text: string): boolean {
  return /(?:^|\/)(?:python[\d.]*|pip[\d.]*|uv|poetry|pdm)$/.test(text);
}
