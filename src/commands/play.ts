/** `bottalk play`: a saved run in the player that `bottalk run` ends with. Reads the folder and changes nothing in it. */
import type { Command } from 'commander';
import { examples } from './examples.ts';

export function registerPlay(program: Command): void {
  program
    .command('play')
    .summary('look at and listen to a saved run')
    .description('Opens a saved run in the terminal: its turns, how each came about, and its sound, at real speed.')
    .argument('<run>', 'a run folder, or an events.jsonl')
    .addHelpText('after', examples('bottalk play runs/<run>'))
    .addHelpText('after', "\nKeys: up and down (or k and j) move by turn, Enter opens a turn's decision trace, r plays from there, ? shows all.")
    .action(async (run: string) => {
      const { playSavedRun } = await import('./play-saved-run.ts');
      await playSavedRun(run, { stdin: process.stdin, stdout: process.stdout, env: process.env });
    });
}
