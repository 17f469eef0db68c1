/** A shipped scenario as plain data, as it travels to a session. */
import type { Scenario } from '../../src/scenarios/scenario.ts';
import { shipped } from '../../src/testing/whole-run.ts';

export async function shippedCase(name: Parameters<typeof shipped>[0]): Promise<Scenario> {
  const { scenario } = await shipped(name, 1);
  return JSON.parse(JSON.stringify(scenario)) as Scenario;
}
