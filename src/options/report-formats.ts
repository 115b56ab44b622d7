/** Formats of reports, and the files that they are written to. */
import { didYouMean, invalid, notBuilt } from './option-errors.ts';
import type { Reader } from './option-reader.ts';
import {
  FORMATS,
  type CommandName,
  type FormatName,
  type Options,
  type OutputRequest,
} from './option-types.ts';

const BUILT_FORMATS: readonly FormatName[] = ['table', 'json'];
/** As files of it end, and as people call it. */
const SHORT_FORMATS: Readonly<Record<string, FormatName>> = { md: 'markdown' };
/** Formats that only some commands have. */
const FORMATS_OF: Readonly<Partial<Record<CommandName, readonly FormatName[]>>> = {
  diff: ['markdown'],
  audit: ['patch'],
};

/** That of stdout. */
export function readFormat(values: Reader): FormatName {
  const text = values.text('format') ?? '';
  return SHORT_FORMATS[text] ?? values.choice('format', FORMATS, 'table');
}

const FORMAT_OF_SUFFIX: Readonly<Record<string, FormatName>> = {
  json: 'json',
  ...SHORT_FORMATS,
  html: 'html',
  sarif: 'sarif',
  csv: 'csv',
  patch: 'patch',
  diff: 'patch',
};

/** Those of `--output` and `--html`. */
export function readOutputs(values: Reader, format: FormatName): readonly OutputRequest[] {
  const outputs = values.list('output', 'files').map((text) => readOutput(text, format));
  const html = values.text('html');
  return html === null ? outputs : [...outputs, { format: 'html', file: html }];
}

/** `[FORMAT:]FILE`. Without a format the suffix of the file decides, then the format of stdout. */
function readOutput(text: string, format: FormatName): OutputRequest {
  const colon = text.indexOf(':');
  const prefix = text.slice(0, Math.max(colon, 0));
  const named = SHORT_FORMATS[prefix] ?? FORMATS.find((name) => name === prefix);
  const file = named === undefined ? text : text.slice(colon + 1);
  if (file === '') return invalid('--output', text, '[FORMAT:]FILE');
  if (named !== undefined) return { format: named, file };
  // One letter is the drive of a Windows path.
  if (/^[a-z]{2,}$/i.test(prefix)) {
    const hint = didYouMean(prefix, FORMATS) || `the formats are ${BUILT_FORMATS.join(' and ')}`;
    return invalid('--output', text, '[FORMAT:]FILE', hint);
  }
  const suffix = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? '';
  return { format: FORMAT_OF_SUFFIX[suffix] ?? format, file };
}

/** What is not built yet is said, never silently ignored. */
export function refuseWhatIsNotBuilt(
  options: Pick<Options, 'command' | 'format' | 'outputs'>,
): void {
  const formats = [options.format, ...options.outputs.map((output) => output.format)];
  const built = [...BUILT_FORMATS, ...(FORMATS_OF[options.command] ?? [])];
  const format = formats.find((name) => !built.includes(name));
  if (format !== undefined) {
    const isElsewhere = Object.values(FORMATS_OF).some((names) => names?.includes(format));
    const where = isElsewhere ? ` for \`depweight ${options.command}\`` : '';
    notBuilt(
      `the format ${format}${where}`,
      `the formats ${built.join(', ').replace(/, ([^,]*)$/, ' and $1')} are there`,
    );
  }
}
