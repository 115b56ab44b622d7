import { listNames } from '../inputs/quote.ts';
import type { AdviceRule } from './advice.ts';
import { ciFinding, sayMachine } from './ci-finding.ts';

/** A job of CI that installs all that the product needs and runs programs that read the source alone. */
export const idleCiInstall: AdviceRule = {
  code: 'DW133',
  rule: 'idle-ci-install',
  title: 'jobs of CI that install the product to read its source alone',
  severity: 'info',
  evaluate: (context) =>
    context.ciJobs.flatMap((job) => {
      if (job.linters === null || job.weight === null) return [];
      const names = listNames(job.linters);
      return [
        ciFinding(idleCiInstall, [job], {
          confidence: 'likely',
          message: `the job ${job.name} installs all that the product needs, with every run, and runs ${names} alone, which ${job.linters.length === 1 ? 'reads' : 'read'} the source without it${sayMachine(job)}`,
          savedInstalledBytes: job.weight.installedBytes,
          savedDownloadBytes: job.weight.downloadBytes,
          remedy: {
            kind: 'remove',
            text: `install ${names} there and nothing else: pip install ${job.linters.join(' ')}`,
          },
        }),
      ];
    }),
};
