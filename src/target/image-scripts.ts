/** Which files of an image can be read: those of the repository by what copies them, and those that the Dockerfile writes out. */
import { joinPath } from '../inputs/file-access.ts';
import type { CopiedPath } from './copies.ts';
import { originsOf } from './copy-origins.ts';
import type { ScriptFiles } from './script-finder.ts';
import type { WrittenFiles } from './written-files.ts';

/** Text of a file of the repository by its path; null where there is none. */
export type ReadText = (path: string) => string | null;

/** What an image holds so far. */
export interface ImageSoFar {
  /** Folders of the repository that the build may start from, the likeliest first. */
  readonly contexts: readonly string[];
  readonly copies: readonly CopiedPath[];
  readonly files: WrittenFiles;
  readonly readText: ReadText;
}

/** The files by their paths in the image. */
export function scriptsInImage({ contexts, copies, files, readText }: ImageSoFar): ScriptFiles {
  return {
    read(path) {
      const written = files.get(path);
      if (written !== undefined && written.base !== 'copied') {
        const [first] = written.lines;
        if (written.base === 'unknown' || first === undefined) return null;
        const text = written.lines.map((line) => line.text).join('\n');
        return { path: first.script ?? null, text, line: first.line };
      }
      const origins = originsOf(copies, path);
      for (const origin of origins) {
        for (const context of contexts) {
          const place = joinPath(context, origin);
          const text = readText(place);
          if (text !== null) return { path: place, text, line: 1 };
        }
      }
      // A folder of the system gets files from elsewhere too, whatever is copied over it.
      const isOfSystem = /^\/(?:bin|etc|lib|opt|root|sbin|tmp|var|usr\/(?!src\/))/.test(path);
      return origins.length > 0 && !isOfSystem ? 'missing' : null;
    },
  };
}
