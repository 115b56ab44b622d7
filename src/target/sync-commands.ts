/**
 * Commands that install the sets of a project by themselves: `uv sync`, `poetry install`, `pdm install`, `pipenv sync`, and
 * exports of the same.
 *
 * Traps: groups alone (`--only-group`, `--only`, `--no-default`) leave the project's own requirements out; what is for
 * development comes unasked with all of them but pipenv.
 */
import { emptyInstall, type InstallCommand } from './install-command.ts';

/** Which sets a command of a tool installs, by the words behind its verb. */
export function readSync(
  tool: 'uv' | 'poetry' | 'pdm' | 'pipenv',
  words: readonly string[],
  line: number,
): InstallCommand {
  const has = (...names: readonly string[]): boolean => words.some((word) => names.includes(word));
  const values = (...names: readonly string[]): readonly string[] =>
    words.flatMap((word, index) => {
      if (names.includes(word)) return (words[index + 1] ?? '').split(/[,\s]+/);
      const name = names.find((candidate) => word.startsWith(`${candidate}=`));
      return name === undefined ? [] : word.slice(name.length + 1).split(/[,\s]+/);
    });
  // `--no-dev` of uv and poetry is about the group of that name alone; that of pdm is an older word for `--prod`.
  const isAsked = tool === 'uv' && has('--dev');
  const withoutDev = has('--no-dev') && !isAsked ? ['dev'] : [];
  const excluded = [...values('--without', '--no-group'), ...withoutDev];
  const only = [...values('--only', '--only-group'), ...(has('--only-dev') ? ['dev'] : [])];
  const isRestricted = only.length > 0 || has('--only-root');
  // pipenv installs development packages only when asked, which is by name then; the others unless told not to.
  const refusing = ['--no-default-groups', '--prod', '--production'];
  const withDefaultGroups =
    tool === 'pipenv'
      ? false
      : !isRestricted && !has(...refusing, ...(tool === 'pdm' ? ['--no-dev'] : []));
  const isMain = (group: string): boolean => group === 'main' || group === 'default';
  // `uv run --with NAME` is no group.
  const asking = ['--group', ...(tool === 'uv' ? [] : ['--with', '-G'])];
  const named = isAsked || (tool === 'pipenv' && has('--dev', '-d')) ? ['dev'] : [];
  const groups = [...values(...asking), ...named, ...only].filter(
    (group) => group !== '' && !isMain(group) && group !== ':all',
  );
  const isAll = values('-G', '--group').includes(':all');
  return {
    ...emptyInstall(tool, line),
    sync: {
      withMain:
        (!isRestricted || only.some(isMain)) && !has('--no-default') && !excluded.some(isMain),
      withDefaultGroups,
      extras: values('--extra', '--extras', '-E').filter((extra) => extra !== ''),
      allExtras: has('--all-extras') || isAll,
      groups,
      allGroups: has('--all-groups') || isAll,
      excludedGroups: excluded,
      packages: tool === 'uv' ? values('--package') : [],
      isImplied: false,
    },
    options: words.filter((word) => word.startsWith('-')),
  };
}
