import type { AdviceRule } from './advice.ts';
import { listNames, locationsOf } from './wording.ts';

/** A command of the package imports at once what only an extra brings: installed without it, the command fails. */
export const misplacedExtra: AdviceRule = {
  code: 'DW106',
  rule: 'misplaced-extra',
  title: 'a command needs what only an extra installs',
  severity: 'warning',
  evaluate: ({ misplacedExtras, declared }) =>
    misplacedExtras.map(({ name, extras, command, commandAt, places, locations = [] }) => {
      const [first] = places;
      const what = extras.length === 1 ? 'the extra' : 'the extras';
      return {
        code: misplacedExtra.code,
        rule: misplacedExtra.rule,
        packages: [name],
        leaves: [],
        severity: misplacedExtra.severity,
        // It may be meant for those who installed the extra.
        confidence: 'likely',
        message: `${command} (${commandAt.path}:${commandAt.line}) fails without ${what} ${listNames(extras)}: it imports ${name} at once${first === undefined ? '' : ` (${first.path}:${first.line})`}`,
        locations: locations.length > 0 ? locations : locationsOf(declared, [name]),
        evidence: places,
        savedInstalledBytes: null,
        savedDownloadBytes: null,
        remedy: {
          kind: 'move',
          text: `move ${name} to the dependencies of the package, or import it where it is needed`,
        },
      };
    }),
};
