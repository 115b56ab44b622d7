/**
 * What `diff REF` and `--against REF` may name: a branch, a tag, a commit, `HEAD~1`. `main` is that commit itself; `main...`
 * (or `main...HEAD`) is where this branch left main, which is what a pull request shows.
 */
import { DepweightError } from '../errors.ts';

/** A commit as it was asked for. */
export interface RefRequest {
  /** As written. */
  readonly text: string;
  /** What git is asked for: one name, without dots at its end. */
  readonly revision: string;
  /** The commit that it has in common with HEAD is meant. */
  readonly mergeBase: boolean;
}

/** Throws DepweightError for what is no name of a commit; one that begins with `-` would be an option of git. */
export function parseRef(written: string): RefRequest {
  const text = written.trim();
  if (text === '') refuse(written, 'give a branch, a tag or a commit: main, v1.2, HEAD~1');
  if (text.startsWith('-')) refuse(written, 'no name of a commit begins with -');
  if (/[\u0000-\u001f\u007f]/.test(text)) refuse(written, 'there is a control character in it');
  // `HEAD^{/fix...}` and `:/fix...` search in messages, where dots are text.
  if (/\^\{\/|^:\//.test(text)) return { text, revision: text, mergeBase: false };
  const [, revision, dots, other = ''] = /^(.*?)(\.\.\.?)([^.].*)?$/.exec(text) ?? [];
  if (revision === undefined || dots === undefined)
    return { text, revision: text, mergeBase: false };
  if (revision === '') refuse(written, 'give what comes before the dots: main...');
  if (other !== '' && other !== 'HEAD' && other !== '@')
    refuse(
      written,
      `what is compared with is the work tree: check ${other} out, then ${revision}${dots}`,
    );
  return { text, revision, mergeBase: dots === '...' };
}

function refuse(text: string, hint: string): never {
  throw new DepweightError('wrong-call', { message: `'${text}' is no git ref`, hint });
}
