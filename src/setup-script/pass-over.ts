/**
 * Statements that may be executed or not, once or often, wholly or in part: all that they could bind or change is no longer
 * known afterwards. What they only read stays.
 */
import { bind, lookUp } from './scope.ts';
import { step, type Run } from './run.ts';
import type { Expression, Statement } from './syntax.ts';
import { poison, unknown, type Scope } from './values.ts';

type Node = Expression | Statement;

interface Walk {
  readonly run: Run;
  readonly scope: Scope;
  readonly seen: Set<unknown>;
  readonly open: unknown[];
  readonly at: number;
}

const changing: ReadonlySet<string> = new Set(
  'append extend insert remove pop popitem clear sort reverse update setdefault add discard'.split(
    ' ',
  ),
);

/** Passes over statements. A call of `setup()` among them is then hidden, unless it was followed before (`isFollowed`). */
export function passOver(
  run: Run,
  statements: readonly Statement[],
  scope: Scope,
  isFollowed = false,
): void {
  const walk: Walk = {
    run,
    scope,
    seen: new Set(),
    open: [...statements],
    at: statements[0]?.at ?? 0,
  };
  run.risks++;
  const wasHidden = run.isHidden;
  for (let node = walk.open.pop(); node !== undefined; node = walk.open.pop()) {
    if (typeof node !== 'object' || node === null || walk.seen.has(node)) continue;
    walk.seen.add(node);
    step(run);
    for (const child of Object.values(node))
      if (typeof child === 'object' && child !== null) walk.open.push(child);
    if (isNode(node)) passNode(walk, node);
  }
  if (isFollowed) run.isHidden = wasHidden;
}

function isNode(value: object): value is Node {
  return 'kind' in value && 'at' in value && typeof value.kind === 'string';
}

function passNode(walk: Walk, node: Node): void {
  switch (node.kind) {
    case 'assign':
      for (const target of node.targets) rebind(walk, target);
      share(walk, node.value);
      return;
    case 'augment':
      passAugment(walk, node.target);
      return;
    case 'for':
      rebind(walk, node.target);
      share(walk, node.source);
      return;
    case 'with':
      for (const { target } of node.items) if (target !== null) rebind(walk, target);
      return;
    case 'delete':
      for (const target of node.targets) rebind(walk, target);
      return;
    case 'import':
      for (const { bound, module } of node.names)
        rebindName(walk, bound ?? module.split('.')[0] ?? '');
      return;
    case 'function':
    case 'class':
      rebindName(walk, node.name);
      return;
    case 'return':
    case 'yield':
      if (node.value !== null) share(walk, node.value);
      return;
    case 'call':
      passCall(walk, node);
      return;
    case 'opaque':
      for (const name of node.names) {
        change(walk, name);
        rebindName(walk, name);
      }
      return;
    case 'name':
      follow(walk, node.name);
      return;
    default:
  }
}

// `x += [...]` changes a list, and binds anything else anew.
function passAugment(walk: Walk, target: Expression): void {
  const value = target.kind === 'name' ? lookUp(target.name, walk.scope) : undefined;
  if (value?.kind === 'list' && value.form === 'list') poison(value, walk.at);
  else rebind(walk, target);
}

// A function of the script that is mentioned may be called; `setup` is the call that everything is about.
function follow(walk: Walk, name: string): void {
  const value = lookUp(name, walk.scope);
  if (value?.kind === 'function') walk.open.push(value.definition);
  if (value?.kind === 'symbol' && /\bsetup$/.test(value.path)) walk.run.isHidden = true;
}

function passCall(
  walk: Walk,
  { callee, arguments: given }: Extract<Expression, { readonly kind: 'call' }>,
): void {
  if (callee.kind === 'attribute') {
    const root = rootName(callee.object);
    if (root !== null && changing.has(callee.name)) change(walk, root);
    const object = root === null ? undefined : lookUp(root, walk.scope);
    if (object?.kind === 'symbol' && `${object.path}.${callee.name}` === 'setuptools.setup')
      walk.run.isHidden = true;
  }
  const target = callee.kind === 'name' ? lookUp(callee.name, walk.scope) : undefined;
  const isHarmless =
    callee.kind === 'name' &&
    (target === undefined || (target.kind === 'symbol' && /\bsetup$/.test(target.path)));
  if (!isHarmless) for (const { value } of given) share(walk, value);
}

function rootName(expression: Expression): string | null {
  let current = expression;
  while (current.kind === 'attribute' || current.kind === 'index') current = current.object;
  return current.kind === 'name' ? current.name : null;
}

function rebind(walk: Walk, target: Expression): void {
  if (target.kind === 'name') {
    rebindName(walk, target.name);
  } else if (target.kind === 'sequence') for (const item of target.items) rebind(walk, item);
  else if (target.kind === 'index' || target.kind === 'attribute') {
    const root = rootName(target);
    if (root !== null) change(walk, root);
  } else if (target.kind === 'star') rebind(walk, target.operand);
}

function rebindName(walk: Walk, name: string): void {
  bind(name, unknown(walk.at), walk.scope);
}

// A list that gets a second name, in a variable or a call, may be changed by it.
function share(walk: Walk, value: Expression): void {
  const open: Expression[] = [value];
  for (let item = open.pop(); item !== undefined; item = open.pop()) {
    if (item.kind === 'name') change(walk, item.name);
    else if (item.kind === 'sequence') open.push(...item.items);
    else if (item.kind === 'dict') open.push(...item.entries.map((entry) => entry.value));
    else if (item.kind === 'choice') open.push(item.yes, item.no);
    else if (item.kind === 'logic') open.push(...item.operands);
    else if (item.kind === 'index' || item.kind === 'attribute') {
      const root = rootName(item);
      if (root !== null) change(walk, root);
    }
  }
}

function change(walk: Walk, name: string): void {
  const value = lookUp(name, walk.scope);
  if (value !== undefined) poison(value, walk.at);
}
