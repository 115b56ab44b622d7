/** Names and what they are bound to, as Python looks them up. */
import { poison, type Scope, type Value } from './values.ts';

/** The value that a name is bound to, unless it is unbound. */
export function lookUp(name: string, scope: Scope): Value | undefined {
  for (let current: Scope | null = scope; current !== null; current = current.parent) {
    if (current.globals.includes(name)) continue;
    const value = current.names.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Binds a name where assignments of this scope go. */
export function bind(name: string, value: Value, scope: Scope): void {
  let target = scope;
  while (target.globals.includes(name) && target.parent !== null) target = target.parent;
  target.names.set(name, value);
}

/** Something unseen may have bound a name anew, or changed what it is bound to. */
export function disturb(name: string, scope: Scope, at: number): void {
  const value = lookUp(name, scope);
  if (value !== undefined) poison(value, at);
}
