/**
 * `${NAME}` in files of the user. The values must appear nowhere but in a request.
 */

/** The text with the variables that are set filled in; the others are left as they stand, as pip does, and named. */
export function fillInVariables(
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
  onUnset: (name: string, written: string) => void = () => undefined,
): string {
  if (!text.includes('${')) return text;
  return text.replace(/\$\{([A-Z0-9_]+)\}/g, (written: string, name: string) => {
    const value = Object.hasOwn(variables, name) ? variables[name] : undefined;
    if (value !== undefined && value !== '') return value;
    onUnset(name, written);
    return written;
  });
}
