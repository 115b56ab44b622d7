/**
 * Lambda functions in a zip, of other tools than SAM and Serverless. Traps: a function may be a container image, for which the
 * limit does not hold; `slim_handler` packs dependencies a second time and unpacks them to /tmp at run time, which evades it.
 */
import { describeFunction } from './functions.ts';
import type { PlaceKind, Sign } from './place.ts';
import { findLine, signAt, usualRuntime } from './place.ts';

const PRESET = 'aws-lambda-zip';

/** Zappa. Stages may differ. */
export const zappa: PlaceKind = {
  matches: /(?:^|\/)zappa_settings\.(?:json|ya?ml|toml)$/,
  mentions: '',
  isBeside: true,
  find({ lines }) {
    if (findLine(lines, /slim_handler["']?\s*[:=]\s*true/i) > 0) return [];
    const arm = findLine(lines, /architecture["']?\s*[:=]\s*\[?\s*["']?arm64/) > 0;
    const processor = arm ? 'arm64' : '';
    const named = lines.flatMap((text, index): readonly Sign[] => {
      const runtime = /^\s*[{\s]*["']?runtime["']?\s*[:=]\s*["']?(python3\.\d+)/.exec(text)?.[1];
      if (runtime === undefined) return [];
      return [
        { preset: PRESET, line: index + 1, runtime: describeFunction({ runtime, processor }) },
      ];
    });
    if (named.length > 0) return named;
    const app = /(?:app_function|django_settings)["']?\s*[:=]/;
    // It packs what is installed where it is called.
    const runtime = {
      ...usualRuntime(null),
      arch: describeFunction({ runtime: '', processor }).arch,
    };
    return signAt(PRESET, lines, app, runtime);
  },
};

/** AWS Chalice. */
export const chalice: PlaceKind = {
  matches: /(?:^|\/)\.chalice\/config\.json$/,
  mentions: 'app_name',
  isBeside: true,
  find: ({ lines }) => signAt(PRESET, lines, /"app_name"\s*:/, usualRuntime(null)),
};

/**
 * Terraform: a function of an image has no `runtime`. A module may bring the code of a small function of its own, so that
 * what is packed has to lie outside of it, or the file at the top of the project.
 */
export const terraform: PlaceKind = {
  matches: /\.tf$/,
  mentions: 'function',
  find({ lines }, { isProject }) {
    const packed =
      /^\s*(?:source_dir|source_path|source_file|filename|local_existing_package)\s*=.*(?:\.\.\/|path\.(?:root|cwd))/;
    if (!isProject && findLine(lines, packed) === 0) return [];
    return blocksOf(lines).flatMap(({ head, line, body }) => {
      const runtime = findLine(body, /^\s*runtime\s*=\s*"python/);
      const preset = /\bgoogle_cloudfunctions_function"/.test(head)
        ? 'gcf-gen1'
        : /"aws_lambda_function"/.test(head) ||
            findLine(body, /terraform-aws-modules\/lambda\/aws/) > 0
          ? PRESET
          : null;
      if (runtime === 0 || preset === null) return [];
      const words = {
        runtime: valueOf(body, 'runtime'),
        processor: preset === PRESET ? valueOf(body, 'architectures') : '',
      };
      return [{ preset, line: line + runtime - 1, runtime: describeFunction(words) }];
    });
  },
};

/** A block at the top of a file of Terraform. */
interface Block {
  readonly head: string;
  /** 1-based. */
  readonly line: number;
  /** All of its lines, the head first. */
  readonly body: readonly string[];
}

function blocksOf(lines: readonly string[]): readonly Block[] {
  const starts = lines.flatMap((text, index) =>
    /^(?:resource|module)\s/.test(text) ? [index] : [],
  );
  return starts.map((start) => {
    const length = lines.slice(start).findIndex((text) => text.startsWith('}'));
    const body = lines.slice(start, length < 0 ? undefined : start + length + 1);
    return { head: lines[start] ?? '', line: start + 1, body };
  });
}

/** `arm64` of `architectures = ["arm64"]`; an expression as it stands. */
function valueOf(body: readonly string[], key: string): string {
  const written = new RegExp(`^\\s*${key}\\s*=\\s*(.*?)\\s*$`);
  const [value = ''] = body.flatMap((text) => written.exec(text)?.[1] ?? []);
  return value.replace(/^\[\s*|\s*\]$/g, '').replace(/^"([^"]*)"$/, '$1');
}
