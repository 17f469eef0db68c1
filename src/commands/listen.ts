/** What `--listen` needs before a run: real speed, and a program on this machine that plays sound as it comes. */
import { UsageError } from '../base/errors.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { Loudspeaker } from '../tui/loudspeaker.ts';
import { findSoundCommand } from '../tui/sound-player.ts';
import type { RunFlags } from './run-flags.ts';

export type ListenOptions = {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly onWarning: (text: string) => void;
};

/** Undefined unless --listen was given. Throws the UsageError of a machine that cannot play, or of another pace. */
export function openLoudspeaker({ agents }: Scenario, { listen, pace }: Pick<RunFlags, 'listen' | 'pace'>, options: ListenOptions): Loudspeaker | undefined {
  const { env, platform, onWarning } = options;
  if (!listen) return undefined;
  if (pace !== undefined && pace !== 1) throw new UsageError('a call is listened to at real speed', 'leave out --pace, or leave out --listen');
  const player = findSoundCommand(env['PATH'] ?? '', ['pipe']);
  if (!player) throw new UsageError('--listen finds no program that plays sound as it comes', whatToInstall(platform));
  const nameOf = (goesFirst: boolean): string => agents.find((agent) => agent.goes_first === goesFirst)?.name ?? '';
  return new Loudspeaker({
    player,
    wall,
    left: nameOf(true),
    right: nameOf(false),
    onFailed: (message) => onWarning(`${message}; the call went on unheard`),
  });
}

/** The pace of the run: in the embedded room a call that is listened to keeps to real time, as one of the world does by itself. */
export function paceOf({ room }: Scenario, { listen, pace }: Pick<RunFlags, 'listen' | 'pace'>): number | undefined {
  return listen && room.kind === 'embedded' ? 1 : pace;
}

function whatToInstall(platform: NodeJS.Platform): string {
  if (platform === 'darwin') return '`brew install ffmpeg` brings ffplay; afplay plays files only, as `bottalk play` does after the run';
  return '`apt install alsa-utils` brings aplay, `apt install ffmpeg` brings ffplay';
}
