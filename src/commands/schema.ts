/** `bottalk schema`: the JSON Schema of scenario files, for editors. `bottalk schema > schema/scenario.schema.json` keeps it. */
import type { Command } from 'commander';
import { examples } from './examples.ts';
import { printJson } from './print.ts';

export function registerSchema(program: Command): void {
  const schema = program
    .command('schema')
    .summary('print the JSON Schema of scenario files')
    .description('Prints the JSON Schema of scenario files, from which editors complete and check them.');
  schema.addHelpText('after', examples('bottalk schema > schema/scenario.schema.json'));
  schema.action(async (_options: object, command: Command) => {
    const { scenarioJsonSchema } = await import('../scenarios/schema.ts');
    printJson(command, scenarioJsonSchema());
  });
}
