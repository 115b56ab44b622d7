/**
 * `# depweight: keep` on the line of a requirement: the user overrules what the code says of it. Words after it are the
 * reason: `# depweight: keep (loaded by name)`, `# depweight: keep: the image runs it`.
 */
export function readKeepComment(line: string): string | null {
  const found = /#\s*depweight:\s*keep(?![\w-])([^\r\n]*)/.exec(line);
  if (found === null) return null;
  // Another comment may follow: `# depweight: keep  # noqa`.
  const reason = (found[1] ?? '')
    .replace(/\s#.*$/, '')
    .replace(/^[\s:;,–—-]+/, '')
    .trim();
  return /^\(([^()]*)\)$/.exec(reason)?.[1]?.trim() ?? reason;
}
