/** The page of one run, from the verdict down to the command that runs it again. */
import type { Call } from './call.ts';
import { Conduct } from './conduct.tsx';
import { Environment } from './environment.tsx';
import { Expectations } from './expectations.tsx';
import { Judged } from './judged.tsx';
import { Latency } from './latency.tsx';
import { Money } from './money.tsx';
import { PlayerBar } from './player-bar.tsx';
import { Transcript } from './transcript.tsx';
import { TurnDetail } from './turn-detail.tsx';
import { TurnTaking } from './turn-taking.tsx';
import { Verdict } from './verdict.tsx';

export function RunView({ call }: { readonly call: Call }) {
  return (
    <>
      <a class="skip-link visually-hidden" href="#transcript">
        To the transcript
      </a>
      <main class="report">
        <Verdict told={call.told} />
        <PlayerBar call={call} />
        <div class="beside">
          <Transcript call={call} />
          <div class="side">
            <Expectations call={call} />
            <TurnDetail call={call} />
            <Judged call={call} />
          </div>
        </div>
        <TurnTaking call={call} />
        <Latency call={call} />
        <Conduct told={call.told} />
        <Money told={call.told} />
        <Environment told={call.told} />
      </main>
    </>
  );
}
