/**
 * Stands in for the script that daily-js loads from Daily and talks to by window messages: the part of their protocol
 * that a call needs, with real WebRTC between the participants. daily-js evaluates it as a classic script, so it
 * imports types only and shares no names. It says what Daily is believed to do; nobody here has seen Daily do it.
 */
import type { FromServer, Person, ToServer } from '../signals.ts';

{
  type Message = Readonly<Record<string, unknown>> & { readonly action: string; readonly callbackStamp?: unknown };
  type Scope = typeof globalThis & {
    /** Prefixed to this script by whoever serves it. */
    readonly fakeDailySocket: string;
    readonly _daily: { readonly pendings: string[]; readonly instances: Record<string, { tracks: { audioTrack?: MediaStreamTrack }; callMachine?: unknown }> };
  };
  const scope = globalThis as Scope;
  const OFF = { subscribed: true, state: 'off', off: { byUser: true } };
  const PLAYABLE = { subscribed: true, state: 'playable' };

  class CallMachine {
    readonly #id: string;
    readonly #people = new Map<string, Person>();
    readonly #connections = new Map<string, RTCPeerConnection>();
    /** What daily-js reads tracks from. */
    readonly #state = {
      local: { public: { subscribedTracks: { ALL: true }, customTracks: {} }, streams: {} as Record<string, unknown> },
      participants: {},
      streams: {} as Record<string, { participantId: string; type: 'cam'; pendingTrack: MediaStreamTrack; starttime: number }>,
    };
    #socket: WebSocket | undefined;
    #self: Person | undefined;
    #microphoneOn = true;

    constructor(id: string) {
      this.#id = id;
      const instance = scope._daily.instances[id];
      if (instance) instance.callMachine = { store: { getState: () => this.#state, subscribe: () => () => undefined }, reset: () => this.#reset() };
      window.addEventListener('message', ({ data }: MessageEvent<Message | undefined>) => {
        if (data?.['what'] === 'iframe-call-message' && data['from'] === 'module' && data['callClientId'] === id) this.#obey(data);
      });
      this.#announceItself();
    }

    /** daily-js calls this instead of loading the script again. */
    #reset(): void {
      this.#hangUp();
      void Promise.resolve().then(() => this.#announceItself());
    }

    #announceItself(): void {
      this.#post({ action: 'call-machine-initialized' });
      this.#post({ action: 'loaded' });
    }

    #obey(message: Message): void {
      switch (message.action) {
        case 'join-meeting':
          return this.#join(message['properties'] as { url: string; token?: string; userName?: string; startAudioOff?: boolean });
        case 'leave-meeting':
          return void this.#leave();
        case 'app-msg':
          return this.#send({ kind: 'app_message', to: String(message['to']), data: message['data'] });
        case 'daily-method-start-transcription': {
          const { action: _, ...options } = message;
          return this.#send({ kind: 'start_transcription', options });
        }
        case 'local-audio':
          this.#microphoneOn = message['state'] !== false;
          return this.#microphoneChanged();
        default:
          return this.#answer(message);
      }
    }

    #join({ url, token, userName, startAudioOff }: { url: string; token?: string; userName?: string; startAudioOff?: boolean }): void {
      this.#microphoneOn = startAudioOff !== true;
      const socket = new WebSocket(scope.fakeDailySocket);
      this.#socket = socket;
      socket.onopen = () => this.#send({ kind: 'join', url, token: token ?? null, userName: userName ?? null, audible: this.#isAudible });
      socket.onmessage = ({ data }: MessageEvent<string>) => void this.#hear(JSON.parse(data) as FromServer);
      socket.onclose = () => {
        if (this.#socket === socket) this.#post({ action: 'network-connection', type: 'signaling', event: 'interrupted' });
      };
    }

    async #hear(signal: FromServer): Promise<void> {
      switch (signal.kind) {
        case 'refused':
        case 'thrown_out':
          return this.#fail(signal.fault);
        case 'welcome':
          return this.#welcome(signal.self, signal.others);
        case 'joined':
          this.#people.set(signal.person.session_id, signal.person);
          this.#post({ action: 'participant-joined', participant: this.#described(signal.person) });
          // Nobody else can call one of whom nobody knows.
          if (this.#self?.hidden) void this.#call(signal.person.session_id);
          return;
        case 'changed':
          this.#people.set(signal.person.session_id, signal.person);
          return this.#post({ action: 'participant-updated', participant: this.#described(signal.person) });
        case 'left':
          return this.#left(signal.id);
        case 'app_message':
          return this.#post({ action: 'app-message', data: signal.data, fromId: signal.from });
        case 'transcription': {
          const { timestamp } = signal.event;
          return this.#post({ ...signal.event, ...(typeof timestamp === 'string' ? { timestamp: new Date(timestamp) } : {}) });
        }
        case 'received_wanted':
          return this.#send({ kind: 'received', sound: await this.#received() });
        case 'description': {
          const connection = this.#connectionTo(signal.from);
          await connection.setRemoteDescription(signal.description);
          if (signal.description.type !== 'offer') return;
          const [transceiver] = connection.getTransceivers();
          if (transceiver) transceiver.direction = 'sendrecv';
          await transceiver?.sender.replaceTrack(this.#microphone ?? null);
          await connection.setLocalDescription();
          return this.#sendDescription(signal.from, connection);
        }
        case 'candidate':
          // One that comes before its description is repeated in it.
          return this.#connectionTo(signal.from).addIceCandidate(signal.candidate).catch(() => undefined);
      }
    }

    async #received(): Promise<{ samples: number; concealed: number }> {
      const sum = { samples: 0, concealed: 0 };
      for (const connection of this.#connections.values()) {
        for (const [, report] of (await connection.getStats()) as unknown as Iterable<[string, Readonly<Record<string, unknown>>]>) {
          if (report['type'] !== 'inbound-rtp') continue;
          sum.samples += Number(report['totalSamplesReceived'] ?? 0);
          sum.concealed += Number(report['concealedSamples'] ?? 0);
        }
      }
      return sum;
    }

    /** joined-meeting names only ourselves; the others follow one by one. */
    #welcome(self: Person, others: readonly Person[]): void {
      this.#self = self;
      if (this.#microphone) this.#state.local.streams['cam'] = { stream: new MediaStream([this.#microphone]) };
      this.#post({ action: 'joined-meeting', participants: { local: this.#described(self) }, internal: { _maxAppMessageSize: 4096 } });
      for (const person of others) {
        this.#people.set(person.session_id, person);
        this.#post({ action: 'participant-joined', participant: this.#described(person) });
      }
      for (const { session_id } of others) void this.#call(session_id);
    }

    /** Whoever comes later calls those who are there. */
    async #call(id: string): Promise<void> {
      const connection = this.#connectionTo(id);
      connection.addTransceiver(this.#microphone ?? 'audio', { direction: 'sendrecv' });
      await connection.setLocalDescription();
      this.#sendDescription(id, connection);
    }

    #connectionTo(id: string): RTCPeerConnection {
      const present = this.#connections.get(id);
      if (present) return present;
      const connection = new RTCPeerConnection({ iceServers: [] });
      this.#connections.set(id, connection);
      connection.onicecandidate = ({ candidate }) => {
        if (candidate) this.#send({ kind: 'candidate', to: id, candidate: candidate.toJSON() as Record<string, unknown> });
      };
      connection.ontrack = ({ track }) => {
        this.#state.streams[id] = { participantId: id, type: 'cam', pendingTrack: track, starttime: 0 };
        // Playable is a track from which something has come.
        const playable = (): void => {
          const person = this.#people.get(id);
          if (person) this.#post({ action: 'participant-updated', participant: this.#described(person) });
        };
        if (track.muted) track.onunmute = playable;
        else playable();
      };
      return connection;
    }

    #left(id: string): void {
      const person = this.#people.get(id);
      this.#people.delete(id);
      this.#disconnect(id);
      if (person) this.#post({ action: 'participant-left', participant: this.#described(person) });
    }

    /** Whoever has left may close the page, and what was said last must have reached the server by then. */
    async #leave(): Promise<void> {
      const socket = this.#socket;
      this.#send({ kind: 'leave' });
      this.#hangUp();
      if (socket && socket.readyState !== WebSocket.CLOSED) await new Promise((resolve) => (socket.onclose = resolve));
      this.#post({ action: 'left-meeting' });
    }

    #microphoneChanged(): void {
      if (!this.#self) return;
      if (this.#microphone) this.#microphone.enabled = this.#isAudible;
      this.#send({ kind: 'audible', on: this.#isAudible });
      this.#post({ action: 'participant-updated', participant: this.#described(this.#self) });
    }

    #described(person: Person): Record<string, unknown> {
      const { session_id, user_name, owner, joinedAtMs, audible } = person;
      const local = session_id === this.#self?.session_id;
      const isPlayable = local ? this.#isAudible : audible && this.#state.streams[session_id] !== undefined;
      return {
        session_id,
        user_id: session_id,
        user_name,
        local,
        owner,
        joined_at: new Date(joinedAtMs),
        audio: isPlayable,
        video: false,
        screen: false,
        record: false,
        permissions: { hasPresence: true, canSend: true, canReceive: { base: true }, canAdmin: owner },
        tracks: { audio: isPlayable ? PLAYABLE : OFF, video: OFF, screenAudio: OFF, screenVideo: OFF },
      };
    }

    /** A MediaStreamTrack given to daily-js as its audio source lands here. */
    get #microphone(): MediaStreamTrack | undefined {
      return scope._daily.instances[this.#id]?.tracks.audioTrack;
    }

    get #isAudible(): boolean {
      return this.#microphone !== undefined && this.#microphoneOn;
    }

    #fail({ type, msg }: { readonly type: string; readonly msg: string }): void {
      this.#hangUp();
      this.#post({ action: 'error', errorMsg: msg, error: { type, msg } });
      this.#post({ action: 'left-meeting' });
    }

    #hangUp(): void {
      for (const id of [...this.#connections.keys()]) this.#disconnect(id);
      this.#people.clear();
      this.#self = undefined;
      const socket = this.#socket;
      this.#socket = undefined;
      socket?.close();
    }

    #disconnect(id: string): void {
      this.#connections.get(id)?.close();
      this.#connections.delete(id);
      delete this.#state.streams[id];
    }

    #sendDescription(to: string, { localDescription }: RTCPeerConnection): void {
      if (localDescription) this.#send({ kind: 'description', to, description: { type: localDescription.type, sdp: localDescription.sdp } });
    }

    #send(signal: ToServer): void {
      if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(signal));
    }

    /** daily-js waits for an answer to some messages; what is in it does not matter to a call like ours. */
    #answer({ action, callbackStamp }: Message): void {
      if (callbackStamp !== undefined) this.#post({ action, callbackStamp, ...(action === 'daily-method-preauth' ? { access: { level: 'full' } } : {}) });
    }

    #post(message: Record<string, unknown>): void {
      window.postMessage({ ...message, what: 'iframe-call-message', from: 'embedded', callClientId: this.#id }, location.origin);
    }
  }

  for (const id of scope._daily.pendings.splice(0)) new CallMachine(id);
}
