/**
 * Loads ahead of a call what an agent of the world needs in its first seconds. Half a core takes a second for it, and
 * whoever waits for an answer at that time would measure it late.
 */
import type { WallClock } from '../clock/wall-clock.ts';
import { loadSilero } from '../providers/silero/silero-model.ts';

/** Never rejects: what is missing here is missed by the call that needs it, which says so. */
export async function warmUp(wall: WallClock): Promise<void> {
  const steps = [
    async () => loadSilero(),
    () => import('./open-daily-room.ts'),
    () => import('../providers/openai/openai-chat.ts'),
    () => import('../providers/elevenlabs/socket-tts.ts'),
  ];
  for (const step of steps) {
    // Probes are answered in between.
    await wall.yieldToProcess();
    await step().catch(() => undefined);
  }
}
