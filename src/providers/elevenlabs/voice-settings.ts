/** How every voice speaks and in which format it is sent: the room's own, so that nothing is resampled. */

/** Stability and similarity are the vendor's own defaults; style 0 adds neither latency nor exaggeration. */
export const VOICE_SETTINGS = { stability: 0.5, similarityBoost: 0.75, style: 0 } as const;

/** 16-bit little-endian mono at SAMPLE_RATE_HZ. */
export const OUTPUT_FORMAT = 'pcm_16000';
