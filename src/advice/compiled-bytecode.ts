import { sumOf, type ImageFacts } from '../image/image-facts.ts';
import { installedBy } from '../image/install-layers.ts';
import { installsSomething } from '../inputs/dockerfile.ts';
import type { InstallCommand } from '../target/install-commands.ts';
import { textsOf } from '../target/shell-lines.ts';
import type { AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';

/** pip compiles what it installs, and the .pyc files come on top of what the wheels hold. */
export const compiledBytecode: AdviceRule = {
  code: 'DW127',
  rule: 'compiled-bytecode',
  title: '.pyc files that an installer adds to an image',
  severity: 'info',
  evaluate: (context) => {
    const { image } = context;
    if (image === null) return [];
    const lines = compilingLines(image);
    const [first] = lines;
    const bytes = sumOf(
      context.graph,
      installedBy(image, context, new Set(lines)),
      'bytecodeBytes',
    );
    if (first === undefined || bytes === 0) return [];
    const { tool } = image.image.installs.find(({ line }) => line === first) ?? {};
    const isUv = tool === 'uv';
    const isSet = image.image.layers.some(({ variables }) =>
      variables.has('PYTHONDONTWRITEBYTECODE'),
    );
    const but = isSet && !isUv ? '; PYTHONDONTWRITEBYTECODE does not keep it from that' : '';
    return [
      imageFinding(compiledBytecode, image.image.path, {
        message: `${isUv ? 'uv is told to compile' : 'pip compiles'} what it installs: these .pyc files come on top of all other figures${but}`,
        lines,
        savedInstalledBytes: bytes,
        savedDownloadBytes: 0,
        remedy: {
          kind: 'add',
          text: isUv
            ? 'leave out --compile-bytecode (UV_COMPILE_BYTECODE); programs then start more slowly'
            : 'add --no-compile where size counts more than how fast programs start',
        },
      }),
    ];
  },
};

/** Lines of the commands that compile what they install, where the same instruction does not delete it again. */
export function compilingLines({ image }: ImageFacts): readonly number[] {
  return image.layers.flatMap(({ installs, variables, commands }) => {
    const isCleared = commands.some(({ words }) =>
      textsOf(words).some((word) => /\.py\[?c|__pycache__/.test(word)),
    );
    if (isCleared) return [];
    return installs.filter((install) => compiles(install, variables)).map(({ line }) => line);
  });
}

function compiles(install: InstallCommand, variables: ReadonlyMap<string, string>): boolean {
  const { tool, options, onlyFetches } = install;
  if (onlyFetches || !installsSomething(install)) return false;
  if (tool === 'uv')
    return (
      options.some((option) => option === '--compile-bytecode' || option === '--compile') ||
      /^(?:1|true|yes|on)$/i.test(variables.get('UV_COMPILE_BYTECODE') ?? '')
    );
  if (tool !== 'pip' && tool !== 'pipx' && tool !== 'pipenv') return false;
  return !options.includes('--no-compile') && !variables.has('PIP_NO_COMPILE');
}
