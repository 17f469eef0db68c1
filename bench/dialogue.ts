/** A dialogue of about two minutes that nobody has said before: the same talk about other things for each number. */
import { VOICES } from '../src/providers/voice/voices.ts';
import { parseScenario } from '../src/scenarios/load.ts';
import type { Case } from '../src/scenarios/scenario.ts';

const THINGS = ['printers', 'bicycles', 'lamps', 'carpets', 'windows', 'kettles', 'ladders', 'blankets', 'tractors', 'pianos'];
const CITIES = ['Boston', 'Denver', 'Lisbon', 'Bristol', 'Oslo', 'Dublin', 'Madrid', 'Leeds', 'Turin', 'Austin'];
const TENS = ['twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

export function newDialogue(number: number): Case {
  const names = VOICES.map(({ name }) => name);
  return parseScenario(dialogueSource(number), `dialogue-${number}.yaml`, { voices: names, defaultVoices: [names[0] as string, names[1] as string], seed: number });
}

/** The same as a scenario file. */
export function dialogueSource(number: number): string {
  const thing = THINGS[number % 10];
  const city = CITIES[Math.floor(number / 10) % 10];
  const price = `${TENS[number % 8]} ${TENS[Math.floor(number / 8) % 8]}`;
  return `
title: Dialogue ${number}
turn: { profile: responsive }
agents:
  - name: Ada
    prompt: You sell ${thing}.
    script:
      lines:
        - Hello, this is Ada from ${city} ${thing}. You asked us about new ${thing} for your office, and I wanted to hear a little more about it.
        - I see. And how many ${thing} would you need in ${city}, if you think of the whole building?
        - That's no problem at all. We deliver ${thing} all over ${city}, usually within three days, and somebody helps you to carry them in.
        - For that many we'd ask ${price} a month. The ${thing} stay ours, so if one breaks you get another one the same day.
        - I can send you the offer for the ${thing} tonight, and then you have two weeks to think about it. Would that be all right with you?
        - { say: "Good, then you'll have the offer for the ${thing} tonight. Thank you for your time, and goodbye.", end: true }
  - name: Ben
    prompt: You need ${thing}.
    script:
      lines:
        - Yes, that was me. Our ${thing} are about ten years old now, and one after the other falls to pieces.
        - Well, we're ${TENS[(number + 3) % 8]} people in ${city}, so I'd say one for every two of us, and a few more for the guests.
        - That sounds good. The last ones took six weeks, and nobody in ${city} knew where they were. So what do the ${thing} cost?
        - ${price}, that's a bit more than I thought, to be honest. But I like it that you bring new ${thing} the same day.
        - Yes, please do that. I have to talk about the ${thing} with my boss in ${city} anyway, and she's back on Friday.
`;
}
