/** Which files are those of Docker Compose, by their names. */

/** `compose.yml`, `docker-compose.prod.yaml`. */
export function isComposeName(name: string): boolean {
  return wordsOf(name) !== undefined;
}

/** Whether a text may be a compose file, whatever it is called. */
export function mayBeCompose(text: string): boolean {
  return /^["']?services["']?\s*:/m.test(text);
}

/** Those for production come first; null for what is no compose file, or one for development. */
export function rankOfCompose(name: string): number | null {
  const words = wordsOf(name);
  if (words === undefined || /dev|test|local|override|debug|ci\b/i.test(words)) return null;
  return /prod|release/i.test(words) ? 0 : words === '' ? 1 : 2;
}

/** What stands between the name and its ending: `.prod`. */
function wordsOf(name: string): string | undefined {
  return /^(?:docker-)?compose((?:[._-][\w-]+)*)\.ya?ml$/i.exec(name)?.[1];
}
