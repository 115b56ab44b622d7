/**
 * The machine of a job by the labels that a CI file has for it.
 *
 * Traps: a label says system, version and processor in no fixed order (`ubuntu-24.04-arm`, `saas-macos-medium-m1`,
 * `depot-windows-2022`); the plain label of a Mac is Intel up to macOS 13 and Apple after it; `darwin` holds `win`.
 */
import runners from '../../data/runners.json' with { type: 'json' };
import type { CiMachine } from './ci-system.ts';

/** What a file says of the machine of a job. */
export interface MachineWords {
  /** `windows-latest`; `self-hosted`, `linux`, `ARM64`. Empty where nothing is said. */
  readonly labels: readonly string[];
  /** The image in which the commands run, '' for none. */
  readonly container?: string;
  /** 1-based line that says it. */
  readonly line: number;
  /** Macs have Intel processors unless the label names another: those of Azure. */
  readonly hasIntelMacs?: boolean;
}

/** The machine that is meant. Labels that say nothing of the system are taken for Linux. */
export function readMachine(words: MachineWords): CiMachine {
  const { container = '', line } = words;
  const name = words.labels.join(', ');
  const text = words.labels.join(' ').toLowerCase();
  const isHosted = /^(?:ubuntu|windows|macos)-/.test(text) && words.hasIntelMacs !== true;
  const common = { name: container === '' ? name : container, line, isHosted };
  if (container === '' && /\bmac(?:os|-)|\bxcode\b|\bdarwin\b/.test(text))
    return { ...common, image: '', platform: null, system: macOf(text, words), preset: null };
  if (container === '' && /\bwin(?:dows)?(?:\b|-|\d)/.test(text))
    return { ...common, image: '', platform: null, system: windowsOf(text), preset: null };
  const version = /ubuntu-?(latest|slim|\d\d\.?\d\d)/.exec(text)?.[1];
  const release =
    version === undefined || /^[a-z]/.test(version)
      ? runners.latest.ubuntu
      : version.replace(/^(\d\d)\.?/, '$1.');
  return {
    ...common,
    image: container || (version === undefined ? '' : `ubuntu:${release}`),
    platform: isArm(text) ? 'linux/arm64' : null,
    system: null,
    preset: text.startsWith('ubuntu-') ? 'github-runner' : null,
  };
}

function isArm(text: string): boolean {
  return /\b(?:arm(?:64)?|aarch64|m\d(?:pro|max)?)\b/.test(text);
}

function windowsOf(text: string): string {
  return isArm(text) ? 'win_arm64' : 'windows';
}

function macOf(text: string, { hasIntelMacs = false }: MachineWords): string {
  const [, named = '', minor = '0'] =
    /mac(?:os)?-(?:vm-)?(latest|\d{2})(?:\.(\d+))?/.exec(text) ?? [];
  const major = named === 'latest' && !hasIntelMacs ? runners.latest.macos : named;
  const isApple = isArm(text) || /-xlarge\b/.test(text);
  const isOld = hasIntelMacs || (/^\d/.test(major) && Number(major) <= runners.intelUpTo);
  const isIntel = !isApple && (isOld || /\b(?:intel|x64|x86_64|amd64|large)\b/.test(text));
  const processor = isIntel ? 'x86_64' : 'arm64';
  return /^\d/.test(major) ? `macosx_${major}_${minor}_${processor}` : `macos-${processor}`;
}
