/** What the findings on remedies have in common: the four rules differ in words. */
import type { Remedy } from '../remedies/remedy.ts';
import { formatRequirement } from '../pep/requirement.ts';
import type { DistributionName, Finding } from '../types.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { instruction, listNames, locationsOf } from './wording.ts';

/** What one rule says of a remedy. */
export interface RemedyWords {
  readonly message: string;
  readonly remedy: NonNullable<Finding['remedy']>;
  /** Declared names that it is about; those whose lines change where left out. */
  readonly packages?: readonly DistributionName[];
}

/** The remedies of a rule as findings, in the words of the rule. */
export function remedyFindings(
  { code, rule, severity }: AdviceRule,
  context: AdviceContext,
  wordsOf: (remedy: Remedy) => RemedyWords,
): readonly Finding[] {
  return context.remedies
    .filter((remedy) => remedy.rule === rule)
    .map((remedy) => {
      const { message, remedy: text, packages = changedNames(remedy) } = wordsOf(remedy);
      return {
        code,
        rule,
        packages,
        leaves: remedy.leaves.filter((name) => !packages.includes(name)),
        severity,
        confidence: remedy.confidence,
        message: message + despite(remedy),
        locations: locationsOf(context.declared, packages),
        evidence: remedy.against,
        savedInstalledBytes: remedy.savedInstalledBytes,
        savedDownloadBytes: remedy.savedDownloadBytes,
        remedy: text,
      };
    });
}

/** The names whose lines a remedy changes. */
export function changedNames({ replacements }: Remedy): readonly DistributionName[] {
  return replacements.map(({ name }) => name);
}

/** `replace opencv-python (requirements.txt:3) by opencv-python-headless==4.8.0`; `remove …` where the other is declared. */
export function replaceText(remedy: Remedy, { declared }: AdviceContext): string {
  const names = changedNames(remedy);
  const lines = newLines(remedy);
  if (lines.length > 0) return `${instruction('replace', names, declared)} by ${listNames(lines)}`;
  const verb = remedy.instead.length === 1 ? 'is' : 'are';
  return `${instruction('remove', names, declared)}: ${listNames(remedy.instead)} ${verb} declared already`;
}

/** The requirements that come, as text. */
export function newLines({ replacements, added }: Remedy): readonly string[] {
  const coming = replacements.flatMap(({ requirement }) => requirement ?? []);
  return [...coming, ...added].map(formatRequirement);
}

/** What in the code speaks against it, so that nobody has to look for that. */
function despite({ against }: Remedy): string {
  const [first] = against;
  if (first === undefined) return '';
  const more = against.length > 1 ? ` and ${against.length - 1} more` : '';
  return `; but see ${first.path}:${first.line}${more}`;
}
