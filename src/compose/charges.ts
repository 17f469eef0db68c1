/** Which parts of a run somebody bills for, by which measures, and what is known of their prices. */
import { exactDollars } from '../base/dollars.ts';
import { UsageError } from '../base/errors.ts';
import type { Price, PriceUnit } from '../events/price.ts';
import { isPriceOf } from '../metrics/price-list.ts';
import { ELEVENLABS_STT_MODEL } from '../providers/elevenlabs/http-stt.ts';
import { CHAT_DEFAULTS } from '../providers/openai/open-chat.ts';
import { OPENAI_STT_MODEL } from '../providers/openai/open-stt.ts';
import type { PriceRow } from '../scenarios/price-file.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { evaluatorOf } from './evaluation/evaluator.ts';
import { agentHosts, earsHost } from './hosts.ts';
import { spareEars } from './open-ears.ts';
import { JUDGE_MODEL, JUDGE_PROVIDER } from './open-judge.ts';
import { ELEVENLABS_MODEL } from './open-voice.ts';
import { PRICES_FILE } from './prices.ts';
import type { StartedAgent } from './run-started.ts';
import type { Secrets } from './secrets.ts';

/** What somebody bills for. `model` is blank where there are no models, `host` is the server where there are several. */
export type Charge = {
  readonly who: string;
  readonly provider: string;
  readonly model: string;
  readonly host?: string | undefined;
  readonly units: readonly PriceUnit[];
};

/** What is known already: of agents that are open or recorded, in the order of the scenario, and at which server somebody listens. */
export type Asked = {
  readonly agents: readonly (Pick<StartedAgent, 'llmModel' | 'llmHost' | 'ttsModel' | 'ttsHost' | 'judge'> | undefined)[];
  readonly ears: string | undefined;
};

const TOKENS: readonly PriceUnit[] = ['million_prompt_tokens', 'million_completion_tokens'];

/** What a run of the scenario will be billed for; nothing offline. */
export function chargesOf(scenario: Scenario, secrets: Secrets, asked?: Asked): readonly Charge[] {
  const charges: Charge[] = [];
  for (const [i, agent] of scenario.agents.entries()) {
    const { name, llm, tts, turn } = agent;
    const known = asked?.agents[i];
    const hosts = known ? { llm: known.llmHost, judge: known.judge?.host, tts: known.ttsHost } : agentHosts(agent, secrets);
    if (llm.provider === 'openai') {
      const model = known?.llmModel ?? llm.model ?? CHAT_DEFAULTS.model;
      charges.push({ who: `${name}'s brain`, provider: llm.provider, model, host: hosts.llm, units: TOKENS });
    }
    if (turn.strategy === 'llm') {
      const model = turn.model ?? JUDGE_MODEL;
      charges.push({ who: `${name}'s end of turn`, provider: JUDGE_PROVIDER, model, host: hosts.judge, units: TOKENS });
    }
    if (tts.provider === 'elevenlabs') {
      const model = known?.ttsModel ?? tts.model ?? secrets.ELEVENLABS_MODEL ?? ELEVENLABS_MODEL;
      charges.push({ who: `${name}'s voice`, provider: tts.provider, model, host: hosts.tts, units: ['thousand_characters'] });
    }
  }
  const evaluator = evaluatorOf(scenario, secrets);
  if (evaluator) charges.push({ who: 'the judge', provider: evaluator.provider, model: evaluator.model, host: evaluator.host, units: TOKENS });
  const { room } = scenario;
  if (room.kind !== 'embedded') charges.push({ who: 'the room', provider: room.kind, model: '', units: ['participant_minute'] });
  return [...charges, ...listening(scenario, asked ? asked.ears : earsHost(scenario, secrets))];
}

function listening({ room, transcription }: Scenario, host: string | undefined): readonly Charge[] {
  const { provider, model } = transcription;
  const common: Pick<Charge, 'who' | 'units'> = { who: 'the transcription', units: ['audio_minute'] };
  if (provider === 'openai') return [{ ...common, provider, model: model ?? OPENAI_STT_MODEL, host }];
  if (provider === 'elevenlabs') return [{ ...common, provider, model: model ?? ELEVENLABS_STT_MODEL, host }];
  return room.kind === 'embedded' ? [] : [{ ...common, provider: room.kind, model: '' }];
}

/** Who would listen if the room turned out to be deaf: of them a price is of use, and no budget asks for it. */
export function spareCharges(scenario: Scenario, secrets: Secrets): readonly Charge[] {
  const spare = scenario.room.kind === 'embedded' ? undefined : spareEars(scenario, secrets);
  return spare ? listening(spare, earsHost(spare, secrets)) : [];
}

/** What is known of the prices, each once. */
export function pricesFor(charges: readonly Charge[], rows: readonly PriceRow[]): readonly Price[] {
  const prices = new Map<string, Price>();
  for (const charge of charges) {
    // Cached tokens cost what others do until a row says less.
    for (const per of charge.units === TOKENS ? [...TOKENS, 'million_cached_prompt_tokens' as const] : charge.units) {
      const row = rows.find((candidate) => fits(candidate, charge, per));
      if (!row) continue;
      const { provider, model, host } = charge;
      const { usd, source, date } = row;
      prices.set(JSON.stringify([provider, model, host, per]), { provider, model, ...(host !== undefined && { host }), per, usd, source, date });
    }
  }
  return [...prices.values()];
}

/** Throws a UsageError that names everything without a price: a budget cannot be kept by guessing. */
export function checkBudget(budgetUsd: number, charges: readonly Charge[], prices: readonly Price[]): void {
  const isKnown = (charge: Charge, unit: PriceUnit): boolean => prices.some((price) => price.per === unit && isPriceOf(price, charge));
  const missing = charges.filter((charge) => charge.units.some((unit) => !isKnown(charge, unit)));
  if (missing.length === 0) return;
  const alike = Map.groupBy(missing, ({ provider, model, host }) => [provider, model, host && `at ${host}`].filter(Boolean).join(' '));
  throw new UsageError(
    [...alike].map(([what, same]) => {
      const { provider, model } = same[0] as Charge;
      const units = new Set(same.flatMap((charge) => charge.units.filter((unit) => !isKnown(charge, unit))));
      return {
        message: `a budget of ${exactDollars(budgetUsd)} cannot be kept: nobody knows the price of ${what}, for ${same.map(({ who }) => who).join(' and ')}`,
        hint: `write into ${PRICES_FILE} provider: ${provider}${model === '' ? '' : `, model: ${model}`}, ${[...units].map((unit) => `per: ${unit}`).join(' and ')}, with usd, source and date`,
      };
    }),
  );
}

function fits(row: PriceRow, { provider, model, host }: Charge, per: PriceUnit): boolean {
  return row.provider === provider && row.per === per && (row.host === undefined || row.host === host) && matches(row.model, model);
}

/** A row without a model fits all of the provider's. */
function matches(pattern: string, model: string): boolean {
  if (pattern === '') return true;
  const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${pattern.split('*').map(literal).join('.*')}$`).test(model);
}
