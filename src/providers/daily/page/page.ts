/**
 * The page: one participant of a Daily call, moved by bottalk's orders. It turns what daily-js reports into plain
 * messages and hands the sound of every remote microphone to the worker. It decides nothing about the call.
 */
import Daily, { type DailyCall, type DailyEventObjectTranscriptionMessage, type DailyParticipant } from '@daily-co/daily-js';
import { systemWallClock as wall } from '../../../clock/wall-clock.ts';
import { BEAT_MS, type FromPage, type PageFault, type PageOrder, type PagePerson, type PageTranscript } from '../page-messages.ts';
import { RemoteSound } from './remote-sound.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const worker = new Worker(new URL('./pcm-worker.ts', import.meta.url), { type: 'module' });
const microphone = new MediaStreamTrackGenerator({ kind: 'audio' });
const sound = new RemoteSound((message, handedOver) => worker.postMessage(message, handedOver));
/** Made by the first join and used by every later one: daily-js allows one in a page. */
let call: DailyCall | undefined;
/** A join that fails is answered, and a leave is no failure; daily-js reports both besides. */
let state: 'joining' | 'joined' | 'out' = 'out';

worker.onmessage = ({ data }: MessageEvent<FromWorker>): void => {
  switch (data.kind) {
    case 'told': {
      const { id, order } = data.message;
      follow(order).then(
        () => tell({ kind: 'done', id, fault: null }),
        (error: unknown) => tell({ kind: 'done', id, fault: faultIn(error) }),
      );
      return;
    }
    case 'silent': {
      const deaf = sound.revive(data.track, data.silentMs);
      if (deaf !== undefined) tell({ kind: 'deaf', participant: deaf });
      return;
    }
  }
};

const link = new URL('link', location.href.replace(/^http/, 'ws')).href;
toWorker({ kind: 'open', link, voice: microphone.writable }, [microphone.writable]);
wall.every(BEAT_MS, () => tell({ kind: 'beat' }));

async function follow(order: PageOrder): Promise<void> {
  switch (order.kind) {
    case 'join':
      return join(order);
    case 'leave':
      state = 'out';
      return call?.leave();
    case 'start_transcription':
      return call?.startTranscription(order.request);
    case 'send_app_message':
      call?.sendAppMessage(order.data, order.to);
      return;
  }
}

async function join({ url, token, userName, callMachineFolder }: Extract<PageOrder, { kind: 'join' }>): Promise<void> {
  call ??= newCall(callMachineFolder);
  state = 'out';
  // A call whose connection is lost for good does not always know it yet.
  if (call.meetingState() === 'joined-meeting') await call.leave();
  state = 'joining';
  try {
    await call.join({ url, userName, ...(token === null ? {} : { token }), startVideoOff: true, startAudioOff: false });
    state = 'joined';
  } catch (error) {
    state = 'out';
    throw error;
  }
}

function newCall(callMachineFolder: string | null): DailyCall {
  const made = Daily.createCallObject({
    // Real devices are never asked for: there are none.
    audioSource: microphone,
    videoSource: false,
    subscribeToTracksAutomatically: true,
    dailyConfig: callMachineFolder === null ? {} : { bundlePathOverride: callMachineFolder },
  });
  made.on('joined-meeting', ({ participants }) => tell({ kind: 'joined', self: personOf(participants.local) }));
  made.on('participant-joined', ({ participant }) => tell({ kind: 'peer_joined', peer: personOf(participant) }));
  made.on('participant-left', ({ participant, reason }) => {
    sound.forget(participant.session_id);
    tell({ kind: 'peer_left', peer: personOf(participant), reason: reason ?? null });
  });
  made.on('track-started', ({ participant, track, type }) => {
    if (participant && !participant.local && type === 'audio') sound.hear(participant.session_id, track);
  });
  made.on('track-stopped', ({ participant, track, type }) => {
    if (type === 'audio') sound.ignore(participant?.session_id, track);
  });
  made.on('app-message', ({ fromId, data }) => tell({ kind: 'app_message', from: fromId, data: data as unknown }));
  made.on('transcription-message', (event) => tell({ kind: 'transcribed', ...transcriptOf(event) }));
  made.on('transcription-started', () => tell({ kind: 'transcription', state: 'started', reason: null }));
  made.on('transcription-stopped', () => tell({ kind: 'transcription', state: 'stopped', reason: null }));
  made.on('transcription-error', ({ errorMsg }) => tell({ kind: 'transcription', state: 'failed', reason: errorMsg ?? null }));
  made.on('network-connection', ({ type, event }) => tell({ kind: 'connection', of: type, interrupted: event === 'interrupted' }));
  made.on('error', (event) => drop(faultIn(event)));
  made.on('left-meeting', () => drop({ type: 'ejected', message: 'the call was left' }));
  return made;
}

/** The call is over for this page, unless it was just told to leave or has said so already. */
function drop(fault: PageFault): void {
  sound.forgetAll();
  if (state === 'joined') tell({ kind: 'failed', fault });
  if (state === 'joined') state = 'out';
}

function personOf({ session_id, user_name }: DailyParticipant): PagePerson {
  return { id: session_id, name: user_name };
}

/** Only interim results make a raw response necessary; a text without one is all that will come, and so final. */
function transcriptOf({ participantId, text, rawResponse }: DailyEventObjectTranscriptionMessage): PageTranscript {
  const { is_final, start, duration } = (rawResponse ?? {}) as Readonly<Record<string, unknown>>;
  const span = typeof start === 'number' && typeof duration === 'number' ? { startSecs: start, durationSecs: duration } : null;
  return { participant: participantId, text, final: is_final !== false, span };
}

/** A failed join rejects with an event of daily-js, or with a text where the call machine could not be loaded. */
function faultIn(reason: unknown): PageFault {
  if (typeof reason !== 'object' || reason === null) return { type: 'connection-error', message: String(reason) };
  if (reason instanceof Error) return { type: 'page', message: reason.message };
  const { errorMsg, error } = reason as { readonly errorMsg?: string; readonly error?: { readonly type?: string; readonly msg?: string } };
  return { type: error?.type ?? 'unknown', message: error?.msg ?? errorMsg ?? 'no reason given' };
}

function tell(message: FromPage): void {
  toWorker({ kind: 'tell', message });
}

function toWorker(message: ToWorker, handedOver: Transferable[] = []): void {
  worker.postMessage(message, handedOver);
}
