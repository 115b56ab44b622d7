/** The syntax of a setup script as a tree: types only. What is not read becomes `opaque`, with the names that it mentions. */

/** 0-based offset into the text. */
interface Placed {
  readonly at: number;
}

/** A part of a string: text, or an expression inside the braces of an f-string (null: one that is not read). */
export type StringPart =
  | { readonly text: string; readonly contentAt: number | null }
  | { readonly field: Expression | null };

/** An argument of a call. */
export interface Argument {
  /** Keyword, `*` or `**`; null for a positional one. */
  readonly keyword: string | null;
  readonly value: Expression;
}

/** `for target in source if conditions`. */
export interface Clause {
  readonly target: Expression;
  readonly source: Expression;
  readonly conditions: readonly Expression[];
}

/** A parameter of a function. */
export interface Parameter {
  readonly name: string;
  readonly kind: 'plain' | 'rest' | 'keywords';
  readonly initial: Expression | null;
}

/** An expression, with the offset at which it starts. */
export type Expression = Placed &
  (
    | { readonly kind: 'string'; readonly parts: readonly StringPart[] }
    | { readonly kind: 'number'; readonly value: number }
    | { readonly kind: 'name'; readonly name: string }
    | {
        readonly kind: 'sequence';
        readonly form: 'list' | 'tuple' | 'set';
        readonly items: readonly Expression[];
      }
    /** A key of null is `**value`. */
    | {
        readonly kind: 'dict';
        readonly entries: readonly {
          readonly key: Expression | null;
          readonly value: Expression;
        }[];
      }
    | {
        readonly kind: 'call';
        readonly callee: Expression;
        readonly arguments: readonly Argument[];
      }
    | { readonly kind: 'attribute'; readonly object: Expression; readonly name: string }
    | { readonly kind: 'index'; readonly object: Expression; readonly key: Expression }
    | {
        readonly kind: 'slice';
        readonly object: Expression;
        readonly from: Expression | null;
        readonly to: Expression | null;
      }
    | { readonly kind: 'not' | 'minus' | 'star'; readonly operand: Expression }
    | {
        readonly kind: 'binary';
        readonly operator: string;
        readonly left: Expression;
        readonly right: Expression;
      }
    | {
        readonly kind: 'compare';
        readonly first: Expression;
        readonly rest: readonly { readonly operator: string; readonly right: Expression }[];
      }
    | {
        readonly kind: 'logic';
        readonly operator: 'and' | 'or';
        readonly operands: readonly Expression[];
      }
    | {
        readonly kind: 'choice';
        readonly condition: Expression;
        readonly yes: Expression;
        readonly no: Expression;
      }
    | {
        readonly kind: 'comprehension';
        readonly form: 'list' | 'set' | 'dict';
        readonly key: Expression | null;
        readonly item: Expression;
        readonly clauses: readonly Clause[];
      }
    | {
        readonly kind: 'lambda';
        readonly parameters: readonly Parameter[];
        readonly body: Expression;
      }
    | { readonly kind: 'opaque'; readonly names: readonly string[] }
  );

/** An expression of one kind. */
export type ExpressionOf<Kind extends Expression['kind']> = Extract<
  Expression,
  { readonly kind: Kind }
>;

/** `import a.b as c`, or one name of `from a import b as c`. */
export interface ImportedName {
  readonly module: string;
  /** null for `import module`. */
  readonly name: string | null;
  /** null for a star import. */
  readonly bound: string | null;
  readonly isRelative: boolean;
}

/** An `except` clause. */
export interface Handler {
  /** Last parts of the exceptions' names; none: every exception. */
  readonly exceptions: readonly string[];
  readonly bound: string | null;
  readonly body: readonly Statement[];
}

/** A statement, with the offset at which it starts. */
export type Statement = Placed &
  (
    | { readonly kind: 'expression'; readonly value: Expression }
    | {
        readonly kind: 'assign';
        readonly targets: readonly Expression[];
        readonly value: Expression;
      }
    | {
        readonly kind: 'augment';
        readonly target: Expression;
        readonly operator: string;
        readonly value: Expression;
      }
    | {
        readonly kind: 'if';
        readonly branches: readonly {
          readonly condition: Expression;
          readonly body: readonly Statement[];
        }[];
        readonly otherwise: readonly Statement[];
      }
    | {
        readonly kind: 'for';
        readonly target: Expression;
        readonly source: Expression;
        readonly body: readonly Statement[];
        readonly otherwise: readonly Statement[];
      }
    | { readonly kind: 'while'; readonly body: readonly Statement[] }
    | {
        readonly kind: 'try';
        readonly body: readonly Statement[];
        readonly handlers: readonly Handler[];
        readonly otherwise: readonly Statement[];
        readonly finally: readonly Statement[];
      }
    | {
        readonly kind: 'with';
        readonly items: readonly {
          readonly value: Expression;
          readonly target: Expression | null;
        }[];
        readonly body: readonly Statement[];
      }
    | {
        readonly kind: 'function';
        readonly name: string;
        readonly parameters: readonly Parameter[];
        readonly body: readonly Statement[];
        readonly isDecorated: boolean;
        readonly isGenerator: boolean;
        readonly globals: readonly string[];
      }
    | { readonly kind: 'class'; readonly name: string }
    | { readonly kind: 'import'; readonly names: readonly ImportedName[] }
    | { readonly kind: 'return' | 'yield' | 'raise'; readonly value: Expression | null }
    | { readonly kind: 'delete'; readonly targets: readonly Expression[] }
    | { readonly kind: 'pass' | 'break' | 'continue' }
    /** Not read: `names` may be bound or changed by it, `body` holds the statements inside. */
    | {
        readonly kind: 'opaque';
        readonly names: readonly string[];
        readonly body: readonly Statement[];
      }
  );

/** A statement of one kind. */
export type StatementOf<Kind extends Statement['kind']> = Extract<
  Statement,
  { readonly kind: Kind }
>;
/** A function that the script defines. */
export type FunctionStatement = StatementOf<'function'>;
