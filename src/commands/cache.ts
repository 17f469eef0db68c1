/** `bottalk cache`: what is kept of speech, VAD tracks and a judge's answers, and how to be rid of it. It can always be made again. */
import type { Command } from 'commander';
import { examples } from './examples.ts';

export function registerCache(program: Command): void {
  const cache = program.command('cache').summary('look at or clear what runs keep to be faster').description('Speech, VAD tracks and the answers of a judge are kept on disk, so that what was said or asked once costs nothing the next time.');
  cache.addHelpText('after', examples('bottalk cache info', 'bottalk cache clear'));
  cache
    .command('info')
    .description('Prints where the cache is and how much it holds.')
    .option('--json', 'as JSON')
    .action(async ({ json }: { json?: boolean }) => {
      const { cacheInfo } = await import('../base/content-cache-folder.ts');
      const infos = (await cacheFolders()).map(({ name, folder }) => ({ name, ...cacheInfo(folder) }));
      if (json) process.stdout.write(`${JSON.stringify(infos)}\n`);
      else for (const { name, folder, count, bytes } of infos) process.stdout.write(`${name.padEnd(8)}${String(count).padStart(7)} entries ${megabytes(bytes)}  ${folder}\n`);
    });
  cache
    .command('clear')
    .description('Empties the cache. Nothing is lost but time, and what a judge has to be asked again.')
    .action(async () => {
      const { clearCache } = await import('../base/content-cache-folder.ts');
      const cleared = (await cacheFolders()).map(({ folder }) => clearCache(folder));
      const bytes = cleared.reduce((sum, info) => sum + info.bytes, 0);
      process.stdout.write(`cleared ${cleared.reduce((sum, info) => sum + info.count, 0)} entries,${megabytes(bytes)}\n`);
    });
}

async function cacheFolders(): Promise<{ name: string; folder: string }[]> {
  const { cacheFolder } = await import('../base/cache-folder.ts');
  const { evaluationFolder, speechFolder, trackFolder } = await import('../compose/cache-folders.ts');
  const root = cacheFolder(process.env);
  return [
    { name: 'speech', folder: speechFolder(root) },
    { name: 'vad', folder: trackFolder(root) },
    { name: 'judge', folder: evaluationFolder(root) },
  ];
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1).padStart(8)} MB`;
}
