/** Versions, specifiers, markers and requirements, in the words of PEP 440 and 508. */
import type { DistributionName } from './foundations.ts';

/** A parsed version (PEP 440). `release` has no trailing zeros removed. */
export interface Version {
  /** Normalised text, e.g. `1.0rc1.post2.dev3+cpu`. */
  readonly text: string;
  readonly epoch: number;
  readonly release: readonly number[];
  readonly pre: { readonly kind: 'a' | 'b' | 'rc'; readonly number: number } | null;
  readonly post: number | null;
  readonly dev: number | null;
  readonly local: readonly (string | number)[] | null;
}

export type SpecifierOperator = '==' | '!=' | '<=' | '>=' | '<' | '>' | '~=' | '===';

/** One clause of a version specifier (PEP 440). For `===` only `text` counts. */
export interface Specifier {
  readonly operator: SpecifierOperator;
  /** null for `===` whose text is no version. */
  readonly version: Version | null;
  /** True for `==1.2.*` and `!=1.2.*`. */
  readonly wildcard: boolean;
  /** As written after the operator, trimmed. */
  readonly text: string;
}

/** Environment marker (PEP 508) as a tree. `extra` comparisons are normalised names. */
export type Marker =
  | {
      readonly kind: 'and' | 'or';
      readonly operands: readonly Marker[];
      /** Written in parentheses, which then stay when it is formatted. */
      readonly grouped?: true;
    }
  | {
      readonly kind: 'compare';
      readonly left: MarkerValue;
      readonly operator: MarkerOperator;
      readonly right: MarkerValue;
    };

export type MarkerOperator = '<' | '<=' | '!=' | '==' | '>=' | '>' | '~=' | '===' | 'in' | 'not in';

export type MarkerValue =
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'literal'; readonly value: string };

/** The values of the marker variables (PEP 508), `extra` excluded. */
export interface MarkerEnvironment {
  readonly implementation_name: string;
  readonly implementation_version: string;
  readonly os_name: string;
  readonly platform_machine: string;
  readonly platform_python_implementation: string;
  readonly platform_release: string;
  readonly platform_system: string;
  readonly platform_version: string;
  readonly python_full_version: string;
  readonly python_version: string;
  readonly sys_platform: string;
}

/** A requirement as PEP 508 writes it. */
export interface Requirement {
  readonly name: DistributionName;
  /** As written. */
  readonly displayName: string;
  /** Normalised, sorted, without doubles. */
  readonly extras: readonly string[];
  /** Empty: any version. */
  readonly specifiers: readonly Specifier[];
  /** Direct reference (`name @ url`), else null. */
  readonly url: string | null;
  readonly marker: Marker | null;
  /** The marker as text, normalised, else null. */
  readonly markerText: string | null;
}
