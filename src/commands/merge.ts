/** `bottalk merge`: the results of several machines as the results of one. */
import type { Command } from 'commander';
import { UsageError } from '../base/errors.ts';
import { examples } from './examples.ts';
import { print } from './print.ts';

export function registerMerge(program: Command): void {
  const merge = program
    .command('merge')
    .summary('merge the results of several machines')
    .description('Merges the results of `bottalk test --shard` into one results.json, as if one machine had run them all.')
    .argument('<results...>', 'results.json files, or folders that hold one')
    .requiredOption('--out <folder>', 'where the merged results.json is written');
  merge.addHelpText('after', examples('bottalk merge results/1 results/2 results/3 --out results/all', 'bottalk merge shard-*/results.json --out results'));
  merge.action(async (paths: readonly string[], { out }: { readonly out: string }, command: Command) => {
    const [{ mergeResults }, { readResults, writeResults }] = await Promise.all([import('../metrics/merge-results.ts'), import('./results-file.ts')]);
    const { merged, twice, missing } = mergeResults(paths.map(readResults));
    if (twice.length > 0) throw new UsageError(`${twice[0]} was run in more than one of them`, 'merge the shards of one test run');
    // What nobody ran would look as if it had never been asked for.
    const [lost] = missing;
    if (lost) throw new UsageError(`shard ${lost.index}/${lost.of} is missing`, `bottalk test --shard ${lost.index}/${lost.of}`);
    const file = writeResults(out, merged);
    print(command, `${merged.cases.length} cases in ${file}\n`);
  });
}
