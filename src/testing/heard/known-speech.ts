/**
 * Speech whose beginning and end are known without listening to it: the offline voices by their word labels, and sung
 * vowels by the sample. Labels tell where speech is; they are never shown to what is tested.
 */
import { SAMPLE_RATE_HZ } from '../../audio/format.ts';
import type { Random } from '../../base/random.ts';
import { spoken } from '../spoken.ts';

/** Samples in the scale of 16 bits; speech from `startSample` up to and without `endSample`. */
export type KnownSpeech = {
  readonly text: string;
  readonly samples: Float64Array;
  readonly startSample: number;
  readonly endSample: number;
  /** The two are exact to the sample. A label holds the silence in front of a stop consonant, too. */
  readonly exact: boolean;
};

/**
 * Every kind of first sound of English (stops with and without voice, breathy and hissing ones, vowels) and of last
 * sound. The detector's levels were chosen on these.
 */
export const SENTENCES: readonly string[] = [
  'Hello there.', 'Thanks for that.', 'So be it.', 'Yes, please.', 'No, not yet.', 'Good morning.', 'I see.', 'Honestly, no.',
  'Perfect.', 'To be fair, it is.', 'Can you hear me?', 'Fine by me.', 'She did.', 'We have tried it.', 'It is Ann.', 'Maybe later.',
  'Actually, it works.', 'But we cannot.', 'Do you know?', 'Well, that helps.', 'Right.', 'How much is it?', 'Please go on.', 'Very good.',
  'Just a second.', 'Let me think.', 'Okay then.', 'You said that.', 'This is great.', 'Sure, why not.', 'Excuse me.', 'Absolutely.',
  'What is the cost?', 'Zero risk.', 'Under budget.', 'Over there.', 'Next week works for us.', 'Give it back.',
  'Three of them, with a laugh.', 'Hold on to the fish.',
  'Our plans start at ten dollars.', 'Could you tell me more?', 'Sorry, I missed that.', 'Friday would be better.', 'Which one do you use?',
  'That sounds about right.', 'He left in March.', 'Book the meeting now.', 'People keep asking us.', 'Yesterday it broke.', 'Vans are cheaper.',
  'I think so.', 'Great, thank you.', 'Of course.', 'Charge it to my card.', 'Please hold the line.', 'Twelve at most.', 'Nobody told me.',
  'Look at the map.', 'Under what name?', 'Quite a lot.', 'Did it help?', 'She is off sick.', 'Keep the change.', 'When is lunch?',
  'Thirty of them.', 'Julia knows.', 'Eight or nine.', 'My desk.', 'Go ahead, ask.',
  'Fifty would be enough.', 'That is the whole list, as far as I know.', 'Pick one of these boxes.', 'Sheila wants both.', 'Kate has left.',
  'If you ever need anything else, ring the number on the back of the card.', 'Thursday is off.', 'Heat it up.', 'Violet moves house in June.',
  'We usually answer within two working days unless it is a holiday.', 'Tea or coffee?', 'Chess is a slow game.', 'Put it on the shelf.',
  'Everybody who comes to the workshop leaves with a plan and a list of prices.', 'Bring a cup.', 'Does that include the truth?', 'Zoe laughs.',
  'Half of what they sell us never arrives on the day that was promised.', 'Got that.', 'You may have heard of us.', 'Nice catch.',
  'The lease runs for another eighteen months and then renews itself.', 'Miss them much?', 'Shall we talk about costs?', 'Let us stop.',
  'I would rather wait until the accounts are closed before we sign.', 'This month?', 'Jazz, mostly.', 'Urgent tasks first.', 'Paths cross.',
  'Although it looks expensive, most offices earn it back within a year.', 'Who asked?', 'Reach the north gate.', 'Few of us.', 'A single chair is left.',
  'Please send whatever you have to the address at the bottom of the page.', 'Cash.', 'Both of you were right.', 'Dogs bark.', 'Thin ice.',
  'Forty desks, I guess.', 'They open at eight.', 'Pay by card if you like.', 'Shut the window, please.', 'Keys are with the porter.',
  'We had the same trouble with the heating all through last winter.', 'Test it first.', 'Hugh is my boss.', 'Value for money.', 'Young people love this.',
  'The second floor is empty because the tenants moved out in the spring.', 'Church Street, number six.', 'Pens and paper.', 'Beth asked twice.', 'Tom sings.',
  'What I need is somebody who picks up the phone when something breaks.', 'Could be worse.', 'Ghosts, apparently.', 'Nine months.', 'Lots of luck.',
  'My colleague will call you back as soon as she is out of her meeting.', 'Rather not.', 'Zinc or steel?', 'Those are ours.', 'Join us at lunch.',
  'It depends on how many of them want to use it at the same time.', 'Ships leave daily.', 'Use both hands.', 'Owls hoot.', 'Fresh fruit helps.',
  'Fill in the second form.', 'Two of us.', 'Early in May.', 'Ask for Keith.', 'Change the date, please.', 'Hats off.', 'Some say so.', 'Watch this.',
  'I had hoped that somebody would tell us before the price went up.', 'Sixty pounds each.', 'Yes, at once.', 'Never heard of it.', 'Good grief.',
  'The people upstairs make so much noise that we have to shut the door.', 'Pack light.', 'That makes three.', 'Give me half.', 'Choose a month.',
  'Could somebody bring the spare keys down to the front desk by six?', 'Thick soup.', 'Up the stairs.', 'Less is fine.', 'Visit us often.', 'Do not touch.',
  'Once the paint is dry we can put the tables and the chairs back in.', 'Huge risks.', 'Wash it first.', 'Join the queue.', 'Zebras, perhaps.', 'Roughly a fifth.',
  'She thinks that most of the guests will want fish rather than meat.', 'Nothing left.', 'Tax is extra.', 'Our van is stuck.', 'Believe me.', 'Look both ways.',
  'Please let him know that the shop on the corner shuts at half past four.', 'Cheap flights.', 'Exactly.', 'Hush.',
];

/** Nothing was chosen on these, and nothing may be: they tell what the choice is worth elsewhere. One in four is long. */
export const UNSEEN_SENTENCES: readonly string[] = [
  'Half a loaf.', 'Catch the early bus.', 'Mind the gap.', 'Such a shame.', 'Open it now.', 'Kind of busy.', 'Very few did.', 'Sit down, please.',
  'The man who fixed our boiler left his ladder leaning on the fence.', 'Fetch a chair.', 'Then what?', 'Who else is coming?', 'Jack went home.',
  'If it snows again tonight we had better leave the car at the station.', 'Guess again.', 'Yes and no.', 'Help yourself.', 'Plenty of time.',
  'Somebody has parked across the gate and I cannot get the bikes out.', 'Third on the left.', 'Zip it up.', 'Ring the bell.', 'Not as such.', 'Better safe.',
  'All the rooms on this side of the house look out over the fields.', 'Shave a bit off.', 'Check the oil.', 'I doubt it.', 'Ducks swim.', 'Laugh it off.',
  'Her brother teaches physics at a school on the edge of the town.', 'Upstairs, I hope.', 'We both said yes.', 'Take the stairs.', 'Each to his own.', 'Use the bridge.',
  'You can fill up that bottle from the tap next to the back door.', 'Vague at best.', 'Most of it.', 'Hey, stop.',
];

/** An offline voice says it. */
export function saidBy(voice: string, text: string): KnownSpeech {
  const { samples, words } = spoken(voice, text);
  const endSample = words.at(-1)?.endSample ?? 0;
  return { text, samples: Float64Array.from(samples), startSample: words[0]?.startSample ?? 0, endSample, exact: false };
}

/** -21 dBFS, as the offline voices speak. */
const SUNG_LEVEL = 32768 * 10 ** (-21 / 20);
const SILENCE_SAMPLES = 2560;

/**
 * Sung vowels: harmonics of 100 to 220 Hz whose loudness rises and falls by the syllable, switched on and off within a
 * millisecond. A breathy one has 60 ms of breath before, 15 dB softer, and 60 ms after.
 */
export function sung(random: Random, { breathy }: { readonly breathy: boolean }): KnownSpeech {
  const pitchHz = 100 + random.int(120);
  const voiced = Math.round((0.5 + 1.2 * random.next()) * SAMPLE_RATE_HZ);
  const breath = breathy ? 960 : 0;
  const length = voiced + 2 * breath;
  const samples = new Float64Array(length + 2 * SILENCE_SAMPLES);
  for (let i = 0; i < length; i++) {
    const isBreath = i < breath || i >= breath + voiced;
    const fade = Math.min(1, (i + 1) / 16, (length - i) / 16);
    samples[SILENCE_SAMPLES + i] = fade * SUNG_LEVEL * (isBreath ? random.normal() * 10 ** (-15 / 20) : vowelAt(i, pitchHz));
  }
  return { text: breathy ? 'breathy' : 'voiced', samples, startSample: SILENCE_SAMPLES, endSample: SILENCE_SAMPLES + length, exact: true };
}

function vowelAt(i: number, pitchHz: number): number {
  const seconds = i / SAMPLE_RATE_HZ;
  let sum = 0;
  for (let harmonic = 1; harmonic <= 10; harmonic++) sum += Math.cos(2 * Math.PI * pitchHz * harmonic * seconds + harmonic * harmonic) / harmonic;
  // Four syllables a second, 8 dB between the loudest and the softest moment.
  return sum * (0.7 + 0.3 * Math.cos(2 * Math.PI * 4 * seconds));
}
