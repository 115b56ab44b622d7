import { DepweightError } from '../errors.ts';
import type { CacheUse } from '../io/cache-commands.ts';
import { clearCache, measureCache, pruneCache } from '../io/cache-commands.ts';
import { cacheFolder } from '../io/cache-folder.ts';
import type { Options } from '../options.ts';
import { formatBytes } from '../report/format.ts';
import type { CommandContext, CommandResult } from './command.ts';

/** What was not used for this long goes with `prune`. */
const pruneAgeDays = 30;

/** `depweight cache dir|info|prune|clear` */
export async function run(options: Options, context: CommandContext): Promise<CommandResult> {
  const folder = options.cache.directory ?? cacheFolder(context.variables);
  const describe = ({ files, bytes }: CacheUse): string =>
    `${files} ${files === 1 ? 'file' : 'files'}, ${formatBytes(bytes, options.units)}`;
  switch (options.cacheAction) {
    case 'dir':
      return textResult(folder);
    case 'info':
      return textResult(`${folder}\n${describe(measureCache(folder))}`);
    case 'prune': {
      const before = context.now() - pruneAgeDays * 24 * 60 * 60 * 1000;
      return textResult(
        `deleted ${describe(pruneCache(folder, before))} not used for ${pruneAgeDays} days`,
      );
    }
    case 'clear':
      return textResult(`deleted ${describe(clearCache(folder))}`);
    case null:
      break;
  }
  throw new DepweightError('wrong-call', {
    message: 'cache needs an action',
    hint: 'dir, info, prune or clear',
  });
}

function textResult(text: string): CommandResult {
  return { document: null, text: `${text}\n` };
}
