import { Command, Option } from 'commander';
import type { CommandName, Invocation } from '../options.ts';
import { TOOL } from '../tool.ts';

/** Takes what was called; commander itself runs nothing. */
type Take = (invocation: Invocation) => void;

const ISOLATED = 'ignore environment variables and user configuration';

/** What the commands are added to. */
interface Builder {
  readonly program: Command;
  readonly take: Take;
  /** Flags are added to the one command that is called: forty flags for each of ten commands would cost 10 ms. */
  readonly flags: Map<Command, (command: Command) => void>;
}

/** The whole command line: every command with its flags, its help and its examples. */
export function createProgram(take: Take): Command {
  const program = new Command('depweight')
    .description('What Python dependencies weigh, which of them nothing uses, and the way out.')
    .version(TOOL.version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .usage('COMMAND [OPTIONS]')
    .addHelpText(
      'after',
      examples(['depweight audit', 'depweight why torch', 'depweight split --write']),
    );
  const builder: Builder = { program, take, flags: new Map() };
  addAudit(builder);
  addTree(builder);
  addWhy(builder);
  addCost(builder);
  addCompare(builder);
  addDiff(builder);
  addSplit(builder);
  addCheck(builder);
  addScan(builder);
  addCache(builder);
  addPlanned(builder);
  program.hook('preSubcommand', (_program, command) => builder.flags.get(command)?.(command));
  return program;
}

function addAudit(builder: Builder): void {
  const command = addCommand(
    builder.program,
    'audit',
    'weigh the dependencies and find what can go',
    [
      'depweight audit',
      'depweight audit requirements.txt --python 3.12 --platform linux-aarch64',
      'depweight audit --json | jq .totals',
      'depweight audit --fail-on unused,dev-only',
      'depweight audit .github/workflows/ci.yml --env job:lint',
      'depweight audit docker-compose.yml --env service:worker',
    ],
  );
  builder.flags.set(command, addPricedFlags);
  command
    .argument('[path]', 'folder, dependency file, Dockerfile, compose file or file of a CI system')
    .action((path?: string) => {
      builder.take({ command: 'audit', path, flags: readFlags(command) });
    });
}

function addTree(builder: Builder): void {
  const command = addCommand(
    builder.program,
    'tree',
    'the resolved tree with weights; reads no source code',
    ['depweight tree', 'depweight tree requirements.txt --no-weights'],
  );
  command.option('--no-weights', 'resolve only');
  builder.flags.set(command, addSharedFlags);
  command.argument('[path]', 'folder or dependency file').action((path?: string) => {
    builder.take({ command: 'tree', path, flags: readFlags(command) });
  });
}

function addWhy(builder: Builder): void {
  const command = addCommand(
    builder.program,
    'why',
    'what brings a package in, and what leaves if it goes',
    ['depweight why torch', 'depweight why urllib3 services/api'],
  );
  builder.flags.set(command, addSharedFlags);
  command
    .argument('<package>', 'name of the package')
    .argument('[path]', 'folder or dependency file')
    .action((name: string, path?: string) => {
      builder.take({ command: 'why', package: name, path, flags: readFlags(command) });
    });
}

function addCost(builder: Builder): void {
  const command = addCommand(builder.program, 'cost', 'what adding one requirement would cost', [
    "depweight cost 'pandas>=2'",
    'depweight cost httpx services/api',
  ]);
  builder.flags.set(command, addPricedFlags);
  command
    .argument('<requirement>', "a requirement such as 'pandas>=2'")
    .argument('[path]', 'folder or dependency file')
    .action((requirement: string, path?: string) => {
      builder.take({ command: 'cost', package: requirement, path, flags: readFlags(command) });
    });
}

function addCompare(builder: Builder): void {
  const command = addCommand(
    builder.program,
    'compare',
    'the same project for several targets: weights, and what has no wheel there',
    [
      'depweight compare',
      'depweight compare --python 3.12,3.13,3.14',
      'depweight compare --platform linux/amd64,linux/arm64',
      'depweight compare requirements.txt --platform linux --platform linux-musl --python 3.13',
      'depweight compare requirements-gpu.txt requirements-cpu.txt',
    ],
  );
  builder.flags.set(command, addSharedFlags);
  command
    .argument('[path]', 'folder or dependency file')
    .argument('[other]', 'another one, to be compared with the first on one target')
    .action((path?: string, other?: string) => {
      builder.take({ command: 'compare', path, other, flags: readFlags(command) });
    });
}

function addDiff(builder: Builder): void {
  const command = addCommand(builder.program, 'diff', 'what changed in weight since a git ref', [
    'depweight diff main',
    'depweight diff origin/main... --format markdown',
    'depweight diff HEAD~1 services/api',
    'depweight diff v1.4 --fail-on unused,missing',
  ]);
  builder.flags.set(command, addSharedFlags);
  command.addHelpText(
    'after',
    '\nIt is compared with the files of the work tree. --fail-on looks at the findings that are new.',
  );
  command
    .argument('<ref>', 'branch, tag or commit; `main...`: where this branch left main')
    .argument('[path]', 'folder or dependency file')
    .action((ref: string, path?: string) => {
      builder.take({ command: 'diff', ref, path, flags: readFlags(command) });
    });
}

function addSplit(builder: Builder): void {
  const command = addCommand(
    builder.program,
    'split',
    'propose requirements-prod, -dev and -slim files',
    ['depweight split', 'depweight split --write'],
  );
  command
    .option('--write', 'write the files; without it they are only shown')
    .option('--force', 'overwrite files that depweight did not write')
    .option('--style <name>', 'requirements, extras, groups or poetry')
    .option('--compat <name>', 'leave a requirements.txt that points at dev or prod; none')
    .option('--keep-original', 'keep a copy of the original')
    .option('--per-entry-point', 'a requirements file for each program as well')
    .option(
      '--verify',
      'install the proposals with uv or pip into a temporary environment and import what the code imports: runs code of these packages',
    );
  builder.flags.set(command, addPricedFlags);
  command.argument('[path]', 'folder or dependency file').action((path?: string) => {
    builder.take({ command: 'split', path, flags: readFlags(command) });
  });
}

function addCheck(builder: Builder): void {
  const command = addCommand(builder.program, 'check', 'the CI gate: budgets and findings', [
    "depweight check --max-installed '500 MB' --max-packages 60",
    'depweight check --budget aws-lambda-zip --fail-on unused,error',
    'depweight check --max-growth 10MB --against origin/main...',
  ]);
  command
    .option('--max-installed <size>', 'limit of what is installed, such as 500MB or 250MiB')
    .option('--max-download <size>', 'limit of what is downloaded')
    .option('--max-packages <count>', 'limit of how many packages there are')
    .option('--max-unused <size>', 'limit of what nothing uses')
    .addOption(
      repeatable('--budget <preset>', 'limit of a place: aws-lambda-zip, heroku-slug, ...'),
    )
    .option('--max-growth <size>', 'limit of what is added since a git ref: 10MB or 5%')
    .option('--against <ref>', 'that ref; `main...` is where this branch left main');
  builder.flags.set(command, addSharedFlags);
  command.argument('[path]', 'folder or dependency file').action((path?: string) => {
    builder.take({ command: 'check', path, flags: readFlags(command) });
  });
}

function addScan(builder: Builder): void {
  const command = addCommand(builder.program, 'scan', 'the imports of the code; no network', [
    'depweight scan',
    'depweight scan src --json',
  ]);
  command.option('--isolated', ISOLATED);
  builder.flags.set(command, addReportFlags);
  command.argument('[path]', 'folder or Python file').action((path?: string) => {
    builder.take({ command: 'scan', path, flags: readFlags(command) });
  });
}

function addCache(builder: Builder): void {
  const command = addCommand(
    builder.program,
    'cache',
    'where the cache is, what it holds, and emptying it',
    ['depweight cache dir', 'depweight cache clear'],
  );
  command.option('--cache-dir <folder>', 'where the cache is');
  builder.flags.set(command, addReportFlags);
  command.argument('<action>', 'dir, info, prune or clear').action((cacheAction: string) => {
    builder.take({ command: 'cache', cacheAction, flags: readFlags(command) });
  });
}

/** Planned commands take anything, so that the answer is the one sentence and not a usage error. */
function addPlanned(builder: Builder): void {
  const planned: readonly (readonly [CommandName, string])[] = [
    ['report', 'any format again from a JSON document'],
  ];
  for (const [name, description] of planned) {
    const command = addCommand(builder.program, name, `${description} (not built yet)`, []);
    command.allowUnknownOption().argument('[arguments...]');
    command.action(() => builder.take({ command: name, flags: {} }));
  }
}

function addCommand(
  program: Command,
  name: CommandName,
  description: string,
  lines: readonly string[],
): Command {
  const command = program.command(name).description(description);
  return lines.length === 0 ? command : command.addHelpText('after', examples(lines));
}

function examples(lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}\n`).join('')}`;
}

function addSharedFlags(command: Command): void {
  addTargetFlags(command);
  addIndexFlags(command);
  addReportFlags(command);
}

function addPricedFlags(command: Command): void {
  addTargetFlags(command);
  addPriceFlags(command);
  addIndexFlags(command);
  addReportFlags(command);
}

function addTargetFlags(command: Command): void {
  command
    .optionsGroup('What is weighed:')
    .addOption(repeatable('--python <version>', 'Python of the target, such as 3.12'))
    .addOption(
      repeatable(
        '--platform <name>',
        'linux, linux-aarch64, macos, windows, manylinux_2_28_x86_64, ...',
      ),
    )
    .addOption(repeatable('--extra <name>', 'with this extra'))
    .option('--all-extras', 'with all extras')
    .addOption(repeatable('--group <name>', 'with this dependency group'))
    .option(
      '--env <id>',
      'this environment: prod, dev, extra:NAME, group:NAME; of a CI file job:NAME, of a compose file service:NAME',
    )
    .addOption(repeatable('-c, --constraint <file>', 'versions are held by this file'))
    .addOption(
      repeatable('--override <file>', 'requirements of this file replace those of packages'),
    )
    .option('--allow-outside', 'read files outside of the project');
}

function addPriceFlags(command: Command): void {
  command
    .optionsGroup('What it costs:')
    .option('--price-storage <money>', 'for a GB and month, such as 0.10 or $0.10')
    .option('--price-transfer <money>', 'for a GB')
    .option('--pulls <count>', 'how often it is pulled')
    .option('--versions-kept <count>', 'how many versions are stored')
    .option('--bandwidth <rate>', 'such as 100Mbit/s or 12.5MB/s: how long a pull takes');
}

function addIndexFlags(command: Command): void {
  command
    .optionsGroup('Index and cache:')
    .option('--index-url <url>', 'the package index; default PyPI')
    .addOption(
      repeatable(
        '--extra-index-url <url>',
        'asked before the index; the first that has a name wins',
      ),
    )
    .addOption(repeatable('--find-links <place>', 'folder or page with distribution files'))
    .option('--no-index', 'only what --find-links gives')
    .option('--source <name>', 'simple (default) or json: the interface of the index asked first')
    .option('--pre', 'pre-releases are as good as any')
    .addOption(repeatable('--no-binary <names>', 'no wheels of these, or of :all:'))
    .addOption(repeatable('--only-binary <names>', 'only wheels of these, or of :all:'))
    .option('--exclude-newer <date>', 'as if nothing was uploaded after this day')
    .option('--offline', 'only what the cache has')
    .option('--refresh', 'ask the index again for everything')
    .option('--no-cache', 'neither read nor write the cache')
    .option('--cache-dir <folder>', 'where the cache is')
    .option('--cert <file>', 'certificates to trust')
    .option('--isolated', ISOLATED);
}

function addReportFlags(command: Command): void {
  command
    .optionsGroup('Report:')
    .option('--format <name>', 'table (default), json; audit: patch')
    .option('--json', 'the same as --format json')
    .addOption(repeatable('--output <[format:]file>', 'write this format to a file as well'))
    .addOption(new Option('--html <file>', 'the same as --output html:FILE').hideHelp())
    .option('--all', 'list everything')
    .option('--units <name>', 'si (default: 1 MB = 1,000,000 B) or iec')
    .option('--bytecode', 'say what the .pyc files add')
    .option('--strict', 'exit 3 when anything is unknown')
    .addOption(
      repeatable('--fail-on <rules>', 'exit 1 on findings of these rules, or `error`, `warning`'),
    )
    .option('-q, --quiet', 'errors only on stderr')
    .option('-v, --verbose', 'say more on stderr')
    .option('--no-progress', 'no progress line')
    .option('--color <when>', 'auto, always or never')
    .addOption(new Option('--no-color').hideHelp())
    .option('--timings', 'say how long the run took and what it asked of the network');
}

function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser((value: string, previous: unknown) => [
    ...(Array.isArray(previous) ? previous : []),
    value,
  ]);
}

/** The flags that were given, by their long names: `--no-cache` is `no-cache`. */
function readFlags(command: Command): Readonly<Record<string, unknown>> {
  const flags: Record<string, unknown> = {};
  for (const option of command.options) {
    const key = option.attributeName();
    if (command.getOptionValueSource(key) !== 'cli') continue;
    const value: unknown = command.getOptionValue(key);
    // `--color WHEN` and `--no-color` share one key; false is what the negated one leaves there.
    const negated = value === false || (option.negate && option.required);
    if (option.negate !== negated) continue;
    flags[(option.long ?? '').slice(2)] = value === false ? true : value;
  }
  return flags;
}
