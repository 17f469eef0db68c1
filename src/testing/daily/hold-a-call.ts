/**
 * A process that takes a seat in a Daily call, says so, and stays until it is killed. Run by tests of what is left
 * behind then; its argument is the options of a DailyCall as JSON.
 */
import { DailyCall, type DailyCallOptions } from './daily-call.ts';

const call = await DailyCall.open(JSON.parse(process.argv[2] ?? '{}') as DailyCallOptions);
await call.guest('Nora');
console.log(call.profilesFolder);
