import { sumOf, type ImageFacts } from '../image/image-facts.ts';
import { installedBy } from '../image/install-layers.ts';
import { installsSomething } from '../inputs/dockerfile.ts';
import type { InstallCommand } from '../target/install-command.ts';
import { textsOf } from '../target/shell-pieces.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';

/** pip compiles what it installs, asked or not, and the .pyc files come on top of what the wheels hold. */
export const compiledBytecode: AdviceRule = {
  code: 'DW127',
  rule: 'compiled-bytecode',
  title: '.pyc files that pip adds to an image unasked',
  severity: 'info',
  evaluate: (context) => {
    const { image } = context;
    // Whoever compiles on purpose has programs that start faster for these bytes, which the totals state apart.
    if (image === null || isAskedFor(image)) return [];
    const installs = compilingInstalls(image);
    const bytes = sumOf(
      context.graph,
      installedBy(image, context, new Set(installs.map(({ line }) => line))),
      'bytecodeBytes',
    );
    if (bytes === 0) return [];
    const isSet = image.image.layers.some(({ variables }) =>
      variables.has('PYTHONDONTWRITEBYTECODE'),
    );
    const but = isSet ? '; PYTHONDONTWRITEBYTECODE does not keep it from that' : '';
    return [
      imageFinding(compiledBytecode, image.image.path, {
        message: `pip compiles what it installs: these .pyc files, whose size is estimated, come on top of all other figures${but}`,
        lines: installs,
        savedInstalledBytes: bytes,
        savedDownloadBytes: 0,
        remedy: {
          kind: 'add',
          text: 'add --no-compile where size counts more than how fast programs start',
        },
      }),
    ];
  },
};

/** Some command or variable of the image asks for bytecode. */
function isAskedFor({ image }: ImageFacts): boolean {
  return image.layers.some(
    ({ installs, commands, variables }) =>
      installs.some(({ options }) => options.some((option) => asking.has(option))) ||
      commands.some(({ words, isModule }) => isModule && compilesPackages(textsOf(words))) ||
      [variables, ...commands.map((command) => command.variables)].some(isOnForUv),
  );
}

/** `python -m compileall` of all that can be imported, or of a folder of packages: one of the project's own asks for no more. */
function compilesPackages([module, ...rest]: readonly string[]): boolean {
  if (module !== 'compileall') return false;
  const folders = rest.filter((word) => word === '.' || word.includes('/'));
  return (
    folders.length === 0 ||
    folders.some((folder) => /(?:site|dist)-packages|venv|^\/usr|^\/$|\/lib/.test(folder))
  );
}

const asking: ReadonlySet<string> = new Set(['--compile', '--compile-bytecode']);

function isOnForUv(variables: ReadonlyMap<string, string>): boolean {
  return /^(?:1|true|yes|on)$/i.test(variables.get('UV_COMPILE_BYTECODE') ?? '');
}

/** The commands that compile what they install, where the same instruction does not delete it again. */
export function compilingInstalls({ image }: ImageFacts): readonly InstallCommand[] {
  return image.layers.flatMap(({ installs, variables, commands }) => {
    const isCleared = commands.some(({ words }) =>
      textsOf(words).some((word) => /\.py\[?c|__pycache__/.test(word)),
    );
    if (isCleared) return [];
    return installs.filter((install) => compiles(install, variables));
  });
}

function compiles(install: InstallCommand, variables: ReadonlyMap<string, string>): boolean {
  const { tool, options, onlyFetches } = install;
  if (onlyFetches || !installsSomething(install)) return false;
  if (tool === 'uv') return options.some((option) => asking.has(option)) || isOnForUv(variables);
  if (tool !== 'pip' && tool !== 'pipx' && tool !== 'pipenv') return false;
  // pip takes the value of either variable for that of `compile`: PIP_NO_COMPILE=1 compiles.
  const isOff = ['PIP_COMPILE', 'PIP_NO_COMPILE'].some((name) =>
    /^(?:0|n|no|f|false|off)$/i.test(variables.get(name) ?? ''),
  );
  return !options.includes('--no-compile') && !isOff;
}
