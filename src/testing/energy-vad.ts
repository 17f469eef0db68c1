/** A VAD for tests: whatever is loud is speech, whatever is not is silence. It keeps no state and knows no words. */
import type { VadProvider } from '../pipeline/vad.ts';

/** Above the noise of any voice here, far below a tone. */
const LOUD_MEAN_SQUARE = 200 ** 2;

export const energyVad: VadProvider = {
  name: 'energy',
  open: () => ({
    confidence(window) {
      let sum = 0;
      for (const sample of window) sum += sample ** 2;
      return sum / window.length > LOUD_MEAN_SQUARE ? 1 : 0;
    },
    reset: () => undefined,
    close: () => undefined,
  }),
};
